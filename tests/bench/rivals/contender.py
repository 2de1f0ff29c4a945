"""The loop that every contender in Python runs after its first line of output, which is a JSON object with its credentials.
Each input line is a credential or an event. For each one it prints whether it is allowed, and after how many nanoseconds."""

import sys
import time


def compete(verify, prepare=lambda line: line):
    """Verifies each line. `prepare` turns a line into the input of `verify`, and is not measured."""
    for line in sys.stdin:
        value = prepare(line.rstrip("\n"))
        start = time.perf_counter_ns()
        allowed = verify(value)
        took = time.perf_counter_ns() - start
        print("true" if allowed else "false", took, flush=True)
