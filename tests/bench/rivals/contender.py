"""The loops that contenders in Python run."""

import http.client
import json
import os
import sys
import time

RUNTIME_API = os.environ.get("AWS_LAMBDA_RUNTIME_API")


def serve(handler):
    """Responds to the events of the Runtime API, one after the other, as Lambda's runtime for Python does."""
    connection = http.client.HTTPConnection(RUNTIME_API)
    path = "/2018-06-01/runtime/invocation"
    while True:
        connection.request("GET", f"{path}/next")
        event = connection.getresponse()
        response = json.dumps(handler(json.load(event)))
        connection.request("POST", f"{path}/{event.headers['Lambda-Runtime-Aws-Request-Id']}/response", response)
        connection.getresponse().read()


def compete(verify, prepare=lambda line: line):
    """Runs the loop of the side-by-side comparison, whose output tests/bench/compare/rivals.rs reads. Before it, the contender
    must have printed its credentials as a JSON object in one line. Each input line is a credential or an event. For each line,
    the loop prints whether `verify` allows it and how many nanoseconds `verify` took. `prepare` turns the line into the input of
    `verify`, and is not measured."""
    for line in sys.stdin:
        value = prepare(line.rstrip("\n"))
        start = time.perf_counter_ns()
        allowed = verify(value)
        took = time.perf_counter_ns() - start
        print("true" if allowed else "false", took, flush=True)
