"""By how much the exchange's clock differs from this computer's."""

from __future__ import annotations

import threading
import time

from binance.client import Client
from binance.exceptions import BinanceError

__all__ = ["ClockOffset", "measured"]

#: How often it is measured: clocks of computers drift by some ms in that time.
AGAIN_SECONDS = 300.0


def measured(client: Client) -> tuple[float, float]:
    """By how many ms the exchange's clock is ahead, and the ms that asking it took.

    The exchange is taken to have looked at its clock midway, so that the first number is off by
    half of the second at most.
    """
    client.ping()  # so that the next call finds its connection open
    began, steady = time.time(), time.perf_counter()
    answer = client.get_server_time()
    took = (time.perf_counter() - steady) * 1000
    return answer["serverTime"] - (began * 1000 + took / 2), took


class ClockOffset:
    """The offset, measured now and then in a thread of its own; 0 until it is known."""

    def __init__(self) -> None:
        self.milliseconds = 0.0
        self.known = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock-offset", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()

    def _run(self) -> None:
        while True:
            try:
                with Client(timeout=5) as client:
                    self.milliseconds, _ = measured(client)
                    self.known = True
            except (BinanceError, OSError, ValueError):
                self.known = False  # latencies are then told by this computer's clock alone
            if self._ended.wait(AGAIN_SECONDS):
                return
