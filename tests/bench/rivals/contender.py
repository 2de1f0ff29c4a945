"""The loop of every contender: for each input line, a credential, it prints `true` or `false` and the nanoseconds."""

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
