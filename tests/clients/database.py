"""Prepares what a client of the API cannot: unreadable records, grants of a later release, and a table that throttles writes.

Its arguments are the gateway's URL, the file with the super admin's token, the URL of the gateway's database, and the
database's access key id.
"""

import json
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GATEWAY, ADMIN_FILE, DATABASE, ACCESS_KEY_ID = sys.argv[1:]
LATER_GRANTS = [
    {"resource": "spaceships", "names": ["enterprise", "*"], "captain": "picard", "role": "fly"},
    {"resource": "routes", "methods": ["GET"], "paths": ["/orders/**"]},
]


def post(url, headers, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def generate(name):
    with open(ADMIN_FILE) as file:
        headers = {"Authorization": f"Bearer {file.read().strip()}", "Content-Type": "application/json"}
    permissions = {"type": "specific", "grants": LATER_GRANTS[1:]}
    return post(f"{GATEWAY}/v1/tokens", headers, {"name": name, "permissions": permissions})["id"]


def set_attribute(pk, sk, name, value):
    headers = {
        # The database checks only the access key id.
        "Authorization": f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY_ID}/any",
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": "DynamoDB_20120810.UpdateItem",
    }
    body = {
        "TableName": "tokenward",
        "Key": {"pk": {"S": pk}, "sk": {"S": sk}},
        "UpdateExpression": "SET #name = :value",
        "ConditionExpression": "attribute_exists(#name)",
        "ExpressionAttributeNames": {"#name": name},
        "ExpressionAttributeValues": {":value": value},
    }
    post(DATABASE, headers, body)


class Throttling(BaseHTTPRequestHandler):
    """Passes reads on to the database, and throttles every write."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["X-Amz-Target"].split(".")[1] in ("TransactWriteItems", "UpdateItem"):
            kind = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"
            self.respond(400, json.dumps({"__type": kind, "message": "throttled by the test"}).encode())
            return
        names = ("Authorization", "Content-Type", "X-Amz-Target")
        request = urllib.request.Request(DATABASE, body, {name: self.headers[name] for name in names})
        try:
            with urllib.request.urlopen(request) as response:
                self.respond(response.status, response.read())
        except urllib.error.HTTPError as error:
            self.respond(error.code, error.read())

    def respond(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    set_attribute(f"TOKEN#{generate('unreadable')}", "TOKEN", "version", {"BOOL": True})
    generate("unreadable-id")
    set_attribute("NAMES", "unreadable-id", "id", {"BOOL": True})
    later = json.dumps({"type": "specific", "grants": LATER_GRANTS})
    set_attribute(f"TOKEN#{generate('later-release')}", "TOKEN", "permissions", {"S": later})
    server = ThreadingHTTPServer(("127.0.0.1", 0), Throttling)
    print(f"throttling on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
