"""Consumers of a relay: managers, each with its own connection to the engine, in one process."""

import itertools
import os
import threading
import time
from typing import Any

import meter

os.environ["BINANCE_STREAM_URL"] = meter.ORDER["nats"]

from binance.websockets import BinanceSocketManager

total, number = meter.ORDER["messages"], meter.ORDER["consumers"]
is_over = threading.Event()
counts = [0] * number
latencies: list[int] = []
begun: list[tuple[float, float]] = []


def callback(which: int) -> Any:
    """The callback of one consumer."""
    arrivals = itertools.count(1)

    def message(value: dict[str, Any]) -> None:
        count = next(arrivals)
        if meter.ORDER["rate"]:
            latencies.append(time.monotonic_ns() - value["E"])
        if count == 1 and not begun:
            begun.append((time.perf_counter(), time.process_time()))
        if count == total:
            counts[which] = value["t"]
            if all(counts):
                is_over.set()

    return message


managers = [BinanceSocketManager(None, max_retries=None) for _ in range(number)]
keys = [bm.start_trade_socket("BNBBTC", callback(which)) for which, bm in enumerate(managers)]
for bm in managers:
    bm.start()
for bm, key in zip(managers, keys, strict=True):
    if not bm.wait_open(key, meter.ORDER["patience"]):
        meter.finish(error="a consumer has no connection to the engine")
print("open", flush=True)
if not is_over.wait(meter.ORDER["patience"]):
    meter.finish(error="not all messages have arrived")
wall, cpu = begun[0]
seconds, spent = time.perf_counter() - wall, time.process_time() - cpu
meter.finish(
    messages=total,
    last=max(counts),
    rate=(total - 1) / seconds,
    cpu=spent / total / number * 1e6,
    peak=meter.memory("VmHWM"),
    **meter.percentiles(latencies),
)
