"""The recorder's file: captured frames, compressed, safe against a sudden end.

The format is that of ``binance.simulator.market.replay``. A compressed file is one gzip member
whose compressor is flushed with each write (zlib's sync flush): what has been flushed can be read,
whatever happens afterwards, by this project's reader to the last frame and by ``zcat`` with a
complaint about the end.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from types import TracebackType

__all__ = ["ENDINGS", "FrameFile", "check_name"]

ENDINGS = (".frames.gz", ".frames")
_LEVEL = 6
_GZIP = 31
"""zlib's window of 15 bits, with gzip's header and trailer (16)."""


def check_name(path: Path) -> None:
    """:raises ValueError: the name does not say what the file is."""
    if not path.name.endswith(ENDINGS):
        raise ValueError(
            f"{str(path)!r}: the name must end in .frames.gz, or in .frames for a file that is "
            "not compressed"
        )


class FrameFile:
    """A file of frames that grows. :meth:`add` from one thread, the rest from another.

    :param path: ends in ``.frames.gz``, or ``.frames`` for no compression.
    :param overwrite: replace a file that is there.
    :raises OSError: it cannot be made, or is there.
    """

    def __init__(self, path: Path, overwrite: bool = False) -> None:
        check_name(path)
        self.path = path
        self.frames = 0
        self.octets = 0
        """How many the lines have, before compression."""
        self.written = 0
        """How many the file has."""
        self.left_out = 0
        """Frames that no line can hold: they have a line feed within."""
        self._lines: list[bytes] = []
        self._packer = zlib.compressobj(_LEVEL, wbits=_GZIP) if path.suffix == ".gz" else None
        self._file = path.open("wb" if overwrite else "xb", buffering=0)

    # from the reactor's thread

    def connected(self, url: str, when: float) -> None:
        """A link was opened, at UNIX seconds."""
        self._lines.append(f"{url} <-> {when:.6f}\n".encode())

    def add(self, frame: bytes, when: float) -> None:
        """A frame came, at UNIX seconds."""
        if b"\n" in frame:
            self.left_out += 1
            return
        self._lines.append(b"%.6f: %b\n" % (when, frame))
        self.frames += 1

    # from the writer's thread

    def flush(self) -> None:
        """Write what came since the last time, down to the disk. OSError where that fails."""
        count = len(self._lines)
        if count:
            data = b"".join(self._lines[:count])
            del self._lines[:count]  # others may have been added meanwhile
            self.octets += len(data)
            if self._packer is not None:
                data = self._packer.compress(data) + self._packer.flush(zlib.Z_SYNC_FLUSH)
            self._write(data)

    def close(self) -> None:
        """Write what is left, and the end."""
        try:
            self.flush()
            if self._packer is not None:
                self._write(self._packer.flush(zlib.Z_FINISH))
        finally:
            self._file.close()

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        self.written += len(data)
        os.fsync(self._file.fileno())

    def __enter__(self) -> FrameFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
