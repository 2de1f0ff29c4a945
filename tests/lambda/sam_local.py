"""Runs the server of `sam local start-lambda`, with functions in this process instead of in containers, because the tests have
no Docker. Usage: sam_local.py TEMPLATE PORT"""

import json
import sys

from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider
from samcli.local.lambda_service.local_lambda_http_service import LocalLambdaHttpService
from samcli.local.lambdafn.exceptions import FunctionNotFound


class Functions:
    """The functions that SAM finds in the template. Each returns its name, the invoice and the caller, or fails for invoice 0."""

    def __init__(self, template):
        stacks, _ = SamLocalStackProvider.get_stacks(template)
        self.provider = SamFunctionProvider(stacks)

    def is_debugging(self):
        return False

    def get_function(self, name, _tenant):
        function = self.provider.get(name)
        if function is None:
            raise FunctionNotFound(name)
        return function

    def invoke(self, name, event, stdout, **_options):
        event = json.loads(event)
        invoice = event["pathParameters"]["invoice"]
        caller = event["requestContext"]["authorizer"]["lambda"]["tokenName"]
        response = {"statusCode": 200, "body": json.dumps({"function": name, "invoice": invoice, "caller": caller})}
        if invoice == "0":
            response = {"errorType": "ValueError", "errorMessage": "no invoice", "stackTrace": []}
        stdout.write_str(json.dumps(response))


template, port = sys.argv[1:]
service = LocalLambdaHttpService(Functions(template), int(port), "127.0.0.1")
service.create()
service.run()
