"""What every contender does: a line with what is presented comes in, `true` or `false` and nanoseconds go out."""

import sys
import time


def compete(verify, prepare=lambda line: line):
    """`prepare` makes of the line what is verified, and is not counted."""
    for line in sys.stdin:
        presented = prepare(line.rstrip("\n"))
        start = time.perf_counter_ns()
        allowed = verify(presented)
        took = time.perf_counter_ns() - start
        print("true" if allowed else "false", took, flush=True)
