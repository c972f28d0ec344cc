"""What every client measures, in the same way: the callback that gets the parsed messages.

A client is a script that takes its orders as one JSON argument and prints its result as one JSON
line. The clock runs from the first message to the last; all messages must have come by then.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

ORDER: dict[str, Any] = json.loads(sys.argv[1])
#: `ws://127.0.0.1:PORT/` or `wss://..`, with the slash.
URL: str = ORDER["url"]
#: The CA to trust, a PEM file; "" without TLS.
CA_FILE: str = ORDER["ca_file"]
CONNECTIONS: int = ORDER["connections"]
KIND: str = ORDER["kind"]

if ORDER["core"] >= 0 and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {ORDER["core"]})


def memory(name: str = "VmRSS") -> int:
    """Memory of this process in kB: what it has now, or VmHWM for the most that it had (Linux)."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))


def finish(**result: Any) -> None:
    """Print the result and leave at once: how a library ends is not measured."""
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()
    os._exit(0)


def callback() -> Callable[[Any], None]:
    """The user's callback: count the messages, and note the times of the first and the last."""
    total: int = ORDER["messages"]
    count = 0
    wall = cpu = 0.0

    def mark(message: Any) -> None:
        nonlocal wall, cpu
        if count == 1:
            wall, cpu = time.perf_counter(), time.process_time()
            return
        ended, spent = time.perf_counter() - wall, time.process_time() - cpu
        first = message[0] if isinstance(message, list) else message
        finish(
            messages=count,
            last=first["t"],
            seconds=ended,
            rate=(count - 1) / ended,
            cpu=spent / (count - 1) * 1e6,
            **percentiles(latencies),
        )

    latencies: list[int] = []
    if ORDER["rate"]:
        note, clock = latencies.append, time.monotonic_ns

        def message(value: Any) -> None:
            nonlocal count
            note(clock() - value["E"])
            count += 1
            if count == total or count == 1:
                mark(value)
    else:

        def message(value: Any) -> None:
            nonlocal count
            count += 1
            if count == total or count == 1:
                mark(value)

    return message


def percentiles(latencies: list[int]) -> dict[str, float]:
    """Of latencies in ns: median and 99th percentile in µs.

    The first quarter is left out: some libraries begin to read long after the handshake.
    """
    warm = sorted(latencies[len(latencies) // 4 :])
    if not warm:
        return {}
    return {"p50": warm[len(warm) // 2] / 1e3, "p99": warm[len(warm) * 99 // 100] / 1e3}


def idle(opened: list[object]) -> None:
    """Wait until all connections are open, then tell the memory that the process takes."""

    def watch() -> None:
        end = time.monotonic() + 30
        while len(opened) < CONNECTIONS:
            if time.monotonic() > end:
                finish(error=f"{len(opened)} of {CONNECTIONS} connections open")
            time.sleep(0.05)
        time.sleep(0.5)
        finish(resident=memory(), connections=len(opened))

    threading.Thread(target=watch, daemon=True).start()
