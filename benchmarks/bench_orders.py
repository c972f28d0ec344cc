"""The round trip of an order: over the WebSocket API, and by REST on a connection that is kept.

    python benchmarks/bench_orders.py [--orders 2000]

Both use TLS on loopback, and one simulated exchange in a process of its own. The two ways take
turns, so that whatever else the machine does slows both down. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from binance.client import Client
from binance.simulator import ExchangeProcess
from binance.simulator.accounts import api_keys

WARM_UP = 50
TARGET = 0.25  # of the time by REST
ORDER = {"symbol": "BTCUSDT", "type": "MARKET", "quantity": "0.001", "newOrderRespType": "ACK"}


def seconds(send: Callable[..., object], number: int) -> float:
    side = "BUY" if number % 2 else "SELL"
    began = time.perf_counter()
    send(**ORDER, side=side)
    return time.perf_counter() - began


def share(times: list[float], part: float) -> float:
    """The time in ms within which that part of the calls returned."""
    return sorted(times)[int(part * (len(times) - 1))] * 1000


def measured(client: Client, orders: int) -> dict[str, list[float]]:
    """Name of the way -> the seconds of each order."""
    ways = {"WebSocket API": client.ws_create_order, "REST, kept alive": client.create_order}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(WARM_UP + orders):
        for name, send in ways.items():
            taken = seconds(send, number)
            if number >= WARM_UP:
                times[name].append(taken)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=2000)
    orders = parser.parse_args().orders
    with ExchangeProcess(symbols=["BTCUSDT"], rate=1, levels=50, limits="off") as exchange:
        os.environ.update(exchange.env)
        keys = {
            "HMAC": Client(api_keys.HMAC_KEY, api_keys.HMAC_SECRET),
            "Ed25519": Client(api_keys.ED25519_KEY, private_key=api_keys.ED25519_PRIVATE_KEY),
        }
        for kind, client in keys.items():
            with client:
                times = measured(client, orders)
            print(f"{kind} key, {orders} orders each   p50 ms   p99 ms")
            for name, taken in times.items():
                print(f"  {name:28} {share(taken, 0.5):7.2f}  {share(taken, 0.99):7.2f}")
            fast, slow = times.values()
            ratios = [share(fast, part) / share(slow, part) for part in (0.5, 0.99)]
            print("  the first is {:.2f} and {:.2f} of the second".format(*ratios))


if __name__ == "__main__":
    main()
