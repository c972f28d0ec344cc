"""Orders from several threads, while links are cut and answers are lost, doubled and late.

    python -m tests.client.orders_under_faults [--orders 10000] [--by ws|rest] [--proxy]

Prints how the calls ended, and fails if an order exists twice, if a call did not end in the truth,
or if one hangs.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import requests

from binance.client import Client
from binance.exceptions import BinanceAPIException, BinanceConnectionError, OrderStatusUnknown
from binance.simulator.accounts import api_keys
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.pace import paced

ALLOWED = {"taken": {1}, "unknown": {0, 1}, "not sent": {0}, "refused": {0}}
SIMULATOR: dict[str, Any] = {
    "seed": 5,
    "symbols": ["BTCUSDT"],
    "rate": 5,
    "levels": 50,
    "limits": "off",
}


def start_faults(venue: ExchangeProcess, by: str, chance: float) -> None:
    """Each kind with a small probability for each order, and for each query too."""
    path = "order.*" if by == "ws" else "/api/v3/order"
    for kind in (
        {"kind": "drop_request"},
        {"kind": "drop_reply", "how": "cut"},
        {"kind": "drop_reply", "how": "silent"},
        {"kind": "slow_reply", "by": 0.2},
        {"kind": "slow_reply", "by": paced(1.5)},
        {"kind": "double_reply"},
    ):
        venue.fault(path=path, probability=chance, **kind)


def place(client: Client, by: str, number: int) -> str:
    """Place one order; how the call ended."""
    order = {
        "symbol": "BTCUSDT",
        "side": "BUY" if number % 2 else "SELL",
        "type": "MARKET",
        "quantity": "0.001",
        "newClientOrderId": f"order-{number}",
    }
    try:
        if by == "ws":
            answer = client.ws_create_order(**order, timeout=paced(1.0))
        else:
            answer = client.create_order(**order)
    except OrderStatusUnknown:
        return "unknown"
    except BinanceConnectionError as error:
        return "not sent" if "was not sent" in str(error) else f"wrong: {error}"
    except BinanceAPIException as error:
        return "refused" if error.status_code < 500 else f"wrong: {error}"
    except requests.RequestException:
        return "not sent"
    assert answer["clientOrderId"] == order["newClientOrderId"]
    return "taken"


def run(
    client: Client,
    by: str,
    orders: int,
    first: int = 0,
    threads: int = 8,
    patience: float = 60.0,
) -> dict[int, str]:
    """Place the orders; number, from `first` on -> how its call ended.

    :param patience: seconds without the end of a call, after which they count as hung.
    """
    ended: dict[int, str] = {}
    numbers = iter(range(first, first + orders))
    lock = threading.Lock()
    failed: list[BaseException] = []

    def work() -> None:
        while not failed:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            try:
                ended[number] = place(client, by, number)
            except BaseException as error:
                failed.append(error)
                raise

    workers = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
    for worker in workers:
        worker.start()
    quiet, seen = time.monotonic(), 0
    while any(worker.is_alive() for worker in workers):
        workers[0].join(0.2)
        for worker in workers[1:]:
            worker.join(0.05)
        if len(ended) > seen:
            quiet, seen = time.monotonic(), len(ended)
        assert time.monotonic() - quiet < patience, f"hangs after {seen} of {orders}"
    if failed:
        raise failed[0]
    return ended


def at_the_exchange(client: Client) -> Counter[str]:
    """Client order id -> how many orders have it."""
    found: Counter[str] = Counter()
    first = 1
    while page := client.get_all_orders(symbol="BTCUSDT", orderId=first, limit=1000):
        found.update(order["clientOrderId"] for order in page)
        first = page[-1]["orderId"] + 1
    return found


def judge(ended: dict[int, str], found: Counter[str]) -> Counter[str]:
    """How many calls ended in which way; fails if one did not end in the truth."""
    wrong = {
        number: (outcome, found[f"order-{number}"])
        for number, outcome in ended.items()
        if found[f"order-{number}"] not in ALLOWED.get(outcome, ())
    }
    assert wrong == {}
    assert {name for name in found if found[name]} <= {f"order-{number}" for number in ended}
    return Counter(ended.values())


def cut_at_random(venue: ExchangeProcess, over: threading.Event) -> None:
    """Drop all links now and then."""
    dice = Random(1)
    while not over.wait(dice.uniform(0.5, 3.0)):
        venue.fault(kind="drop", link="ws_api")


def tried(by: str, orders: int, chance: float, proxy: Callable[[], str] | None = None) -> str:
    """All of it, with a simulator of its own; what came of it, in one line."""
    with ExchangeProcess(**SIMULATOR) as venue:
        os.environ.update(venue.env)
        options = {} if proxy is None else {"proxy": proxy()}
        over = threading.Event()
        with Client(
            api_keys.HMAC_KEY, api_keys.HMAC_SECRET, timeout=paced(1.0), **options
        ) as client:
            place(client, by, -1)
            start_faults(venue, by, chance)
            threading.Thread(target=cut_at_random, args=(venue, over), daemon=True).start()
            began = time.monotonic()
            ended = run(client, by, orders)
            seconds = time.monotonic() - began
            over.set()
            venue.clear()
        with Client(api_keys.HMAC_KEY, api_keys.HMAC_SECRET) as client:
            counts = judge(ended | {-1: "taken"}, at_the_exchange(client))
        assert venue.errors() == ""
    shown = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    return f"{orders} orders by {by} in {seconds:.0f} s: {shown}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--by", choices=("ws", "rest"), default="ws")
    parser.add_argument("--chance", type=float, default=0.003)
    parser.add_argument("--proxy", action="store_true")
    given = parser.parse_args()
    from tests.client.test_fates import Proxy

    proxy = (lambda: f"http://127.0.0.1:{Proxy().server_address[1]}") if given.proxy else None
    print(tried(given.by, given.orders, given.chance, proxy))


if __name__ == "__main__":
    main()
