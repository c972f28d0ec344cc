"""The files of a recording: the frames, and the depth snapshots.

``binance.simulator.market.replay`` describes the format. A compressed file is one gzip member whose
compressor is flushed at each write (zlib's sync flush), so that everything written so far can be
read, however the recorder ends: by this project to the last frame, and by ``zcat`` with an error
message about the end.
"""

from __future__ import annotations

import os
import queue
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from binance.cli.errors import safe_line
from binance.cli.streams import Stream
from binance.client import Client
from binance.exceptions import BinanceError
from binance.sansio.names import forms

_LEVEL = 6
_GZIP = 31
"""zlib's window of 15 bits, with gzip's header and trailer (16)."""
#: Levels a side of a snapshot. Request weight: 50.
_SNAPSHOT_LEVELS = 1000


def check_name(path: Path) -> None:
    """:raises ValueError: the name does not say what the file is."""
    if not path.name.endswith((".frames.gz", ".frames")):
        raise ValueError(
            f"{str(path)!r}: the name must end in .frames.gz, or in .frames for a file that is "
            "not compressed"
        )


class FrameFile:
    """A file of frames that grows.

    :param path: ends in ``.frames.gz``, or ``.frames`` for no compression.
    :param overwrite: replace an existing file, when the first line is written.
    :raises OSError: the file cannot be made, or exists.
    """

    def __init__(self, path: Path, overwrite: bool = False) -> None:
        check_name(path)
        self.path = path
        self.frames = 0
        self.size = 0
        """Bytes of the lines written, before compression."""
        self.written = 0
        """Bytes of the file."""
        self.left_out = 0
        """Frames that do not fit a line, because they have a line feed within."""
        self._lines: list[bytes] = []
        self._packer = zlib.compressobj(_LEVEL, wbits=_GZIP) if path.suffix == ".gz" else None
        self.is_new = not path.exists()
        self._file = path.open("ab" if overwrite else "xb", buffering=0)

    # from the reactor's thread

    def add_connect(self, url: str, when: float) -> None:
        """Add that a connection was opened, at UNIX seconds."""
        self._lines.append(f"{url} <-> {when:.6f}\n".encode())

    def add(self, frame: bytes, when: float) -> None:
        """Add a frame, received at UNIX seconds."""
        if b"\n" in frame:
            self.left_out += 1
            return
        self._lines.append(b"%.6f: %b\n" % (when, frame))
        self.frames += 1

    # from the writer's thread

    def flush(self) -> None:
        """Write what was added since the last time to the disk; OSError if that fails."""
        count = len(self._lines)
        if count:
            if not self.size:
                self._file.truncate(0)
            data = b"".join(self._lines[:count])
            del self._lines[:count]  # the reactor's thread may have added more meanwhile
            self.size += len(data)
            if self._packer is not None:
                data = self._packer.compress(data) + self._packer.flush(zlib.Z_SYNC_FLUSH)
            self._write(data)

    def close(self) -> None:
        """Flush, then end the file."""
        try:
            self.flush()
            if self._packer is not None and self.size:
                self._write(self._packer.flush(zlib.Z_FINISH))
        finally:
            self._file.close()

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        self.written += len(data)
        os.fsync(self._file.fileno())


def book_symbols(recorded: Sequence[Stream]) -> list[str]:
    """The spot symbols whose book changes are recorded, as REST calls name them."""
    parsed = [forms.parse(each.name) for each in recorded if each.market == "spot"]
    return list(dict.fromkeys(each.symbol.upper() for each in parsed if each.kind == "depth"))


def snapshots_path(frames: Path) -> Path:
    """The file of the snapshots that belong to a file of frames: NAME.rest in the same folder."""
    return frames.with_name(frames.name.removesuffix(".gz").removesuffix(".frames") + ".rest")


class DepthSnapshots:
    """Fetches snapshots of some books in a thread of its own, so that a replay can rebuild them.

    :param path: the file, with a line ``URL -> receive time: body`` for each snapshot. It is made
        when the first one arrives.
    :param on_failure: called with a text if a snapshot cannot be fetched.
    """

    def __init__(
        self, path: Path, symbols: Sequence[str], on_failure: Callable[[str], object]
    ) -> None:
        self.path = path
        self.count = 0
        self._symbols = symbols
        self._on_failure = on_failure
        self._orders: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="snapshots", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def fetch(self) -> None:
        """Order a snapshot of each symbol. Any thread."""
        self._orders.put(True)

    def stop(self, seconds: float) -> None:
        """Stop when the snapshot under way has arrived, or after this many seconds."""
        self._stopped.set()
        self._orders.put(False)
        self._thread.join(seconds)

    def _run(self) -> None:
        with Client(timeout=5) as client:
            while self._orders.get():
                for symbol in self._symbols:
                    if self._stopped.is_set():
                        return
                    self._fetch(client, symbol)

    def _fetch(self, client: Client, symbol: str) -> None:
        try:
            client.get_order_book(symbol=symbol, limit=_SNAPSHOT_LEVELS)
            response = client.response
            assert response is not None  # the call has returned
            head = f"{response.url} -> {time.time():.6f}: ".encode()
            with self.path.open("ab") as file:
                file.write(head + response.content.strip() + b"\n")
            self.count += 1
        except (BinanceError, OSError, ValueError) as error:
            self._on_failure(f"no snapshot of {symbol}: {safe_line(error)}")
