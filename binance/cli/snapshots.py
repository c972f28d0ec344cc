"""Depth snapshots for the books whose changes are recorded, so that they can be rebuilt."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from binance.cli.names import Wanted
from binance.cli.trouble import in_one_line
from binance.client import Client
from binance.exceptions import BinanceError
from binance.sansio.names import streams

__all__ = ["Snapshots", "beside", "symbols_of"]

#: Levels a side. Request weight: 50.
LIMIT = 1000


def symbols_of(wanted: Sequence[Wanted]) -> list[str]:
    """The spot symbols whose changes are among these streams, as REST calls name them."""
    parsed = [streams.parse(each.name) for each in wanted if each.market == "spot"]
    return list(dict.fromkeys(each.symbol.upper() for each in parsed if each.kind == "depth"))


def beside(path: Path) -> Path:
    """Where the snapshots of a ``*.frames`` or ``*.frames.gz`` file are."""
    return path.with_name(path.name.removesuffix(".gz").removesuffix(".frames") + ".rest")


class Snapshots:
    """Fetches a snapshot of each symbol whenever it is told to, in a thread of its own.

    :param path: where they are written, as ``URL -> receive time: body``.
    :param tell: called with words where one could not be had.
    """

    def __init__(self, path: Path, symbols: Sequence[str], tell: Callable[[str], object]) -> None:
        self.path = path
        self.count = 0
        self._symbols = symbols
        self._tell = tell
        self._wanted: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="snapshots", daemon=True)
        self._file = path.open("wb", buffering=0)

    def start(self) -> None:
        self._thread.start()

    def take(self) -> None:
        """A link was opened: the books begin anew. Any thread."""
        if self._symbols:
            self._wanted.put(True)

    def stop(self, seconds: float) -> None:
        """End, when the snapshot that is under way has come, or after so many seconds."""
        self._ended.set()
        self._wanted.put(False)
        self._thread.join(seconds)
        if not self._thread.is_alive():
            self._file.close()
        if not self.count:
            self.path.unlink(missing_ok=True)

    def _run(self) -> None:
        with Client(timeout=5) as client:
            while self._wanted.get():
                for symbol in self._symbols:
                    if self._ended.is_set():
                        return
                    self._fetch(client, symbol)

    def _fetch(self, client: Client, symbol: str) -> None:
        try:
            client.get_order_book(symbol=symbol, limit=LIMIT)
            response = client.response
            assert response is not None  # the call has returned
            head = f"{response.url} -> {time.time():.6f}: ".encode()
            self._file.write(head + response.content.strip() + b"\n")
            self.count += 1
        except (BinanceError, OSError, ValueError) as error:
            self._tell(f"no snapshot of {symbol}: {in_one_line(error)}")
