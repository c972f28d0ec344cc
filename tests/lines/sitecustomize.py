"""Python imports this at its start, in the processes that `tests.programs` starts.

A line that one thread prints arrives whole. With `python -u` its end is written by itself, and
another thread may print in between.
"""

import sys

for stream in (sys.stdout, sys.stderr):
    stream.reconfigure(line_buffering=True, write_through=False)  # type: ignore[union-attr]
