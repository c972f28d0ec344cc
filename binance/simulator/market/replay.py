"""Captured frames, served again byte for byte. Pure.

Format. ``*.frames``: the first line is ``URL <-> connect time``, each further one ``receive time:
frame`` (times in UNIX seconds, a line feed after each); a further ``URL <-> connect time`` stands
where the recorder lost its link and connected again. ``*.frames.gz``: the same as one or several
gzip members; the last one may end in the middle, as it does when the recorder was killed. A file
of the same name with the ending ``.rest`` has the depth snapshots of that time: ``URL -> receive
time: body``. This is the format of cryptofeed's sample data, and of this project's recorder.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

BATCH = 500
"""Frames that are played at once when a replay runs as fast as it can."""

_STREAM = b'{"stream":"'
_DATA = b'","data":'


@dataclass(frozen=True, slots=True)
class Frame:
    """One captured frame: seconds after the connect, its stream, the frame of a combined connection
    and of a raw one.
    """

    at: float
    stream: str
    combined: bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One captured depth snapshot: seconds after the connect, its body."""

    at: float
    body: bytes


@dataclass(frozen=True, slots=True)
class Recording:
    """The contents of one pair of files. ``snapshots`` by path and symbol, in order of time."""

    frames: tuple[Frame, ...]
    streams: frozenset[str]
    snapshots: dict[tuple[str, str], list[Snapshot]] = field(default_factory=dict)
    begun: float = 0.0
    """When it was connected: UNIX seconds."""
    connects: int = 1
    whole: bool = True
    """False when the file is cut off in the middle."""


_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 16


def read(path: Path) -> tuple[bytes, bool]:
    """The contents of a file, unpacked if it is gzip; and whether the file is complete.

    Of a file that ends in the middle this is what can be read, up to its last whole line.
    """
    data = path.read_bytes()
    if data.startswith(_GZIP):
        text, whole = _unpacked(data)
    else:
        text, whole = data, _is_whole(data.rpartition(b"\n")[2])
    return (text, True) if whole else (text[: text.rfind(b"\n") + 1], False)


def _is_whole(last: bytes) -> bool:
    """Is the text behind the last line feed empty, or a whole line?"""
    if not last:
        return True
    try:
        json.loads(last.partition(b": ")[2])
    except ValueError:
        return False
    return True


def _unpacked(data: bytes) -> tuple[bytes, bool]:
    out = []
    while data.startswith(_GZIP):
        member = zlib.decompressobj(wbits=31)
        for begin in range(0, len(data), _CHUNK):
            before, chunk = member.copy(), data[begin : begin + _CHUNK]
            try:
                out.append(member.decompress(chunk))
            except zlib.error:
                out.append(_readable_part(before, chunk))
                return b"".join(out), False
            if member.eof:
                data = member.unused_data + data[begin + _CHUNK :]
                break
        else:
            return b"".join(out), False
    return b"".join(out), not data.strip(b"\0")


def _readable_part(member: Any, chunk: bytes) -> bytes:
    """What can be decompressed of a damaged chunk."""
    out = b""
    try:
        for place in range(len(chunk)):
            out += member.decompress(chunk[place : place + 1])
    except zlib.error:
        return out
    return out


def _lines(path: Path) -> tuple[list[bytes], bool]:
    text, whole = read(path)
    return [line for line in text.split(b"\n") if line], whole


def load(path: str | Path) -> Recording:
    """Read a ``*.frames`` file and the ``*.rest`` file of the same name, if there is one.

    :raises ValueError: when a line is not of the format; :raises OSError: when it cannot be read.
    """
    path = Path(path)
    lines, whole = _lines(path)
    head, separator, connected = (lines[0] if lines else b"").rpartition(b" <-> ")
    if not separator:
        raise ValueError(f"{path}: the first line is not 'URL <-> connect time'")
    begun = float(connected)
    url = urlsplit(head.decode())
    raw_stream = ""
    if not url.path.endswith("/stream"):
        raw_stream = unquote(url.path.rsplit("/ws/", 1)[-1])
    frames, connects = [], 1
    for number, line in enumerate(lines[1:], 2):
        time, separator, body = line.partition(b": ")
        if not separator and b" <-> " in line:
            connects += 1
            continue
        if not separator:
            raise ValueError(f"{path}: line {number} is not 'receive time: frame'")
        stream, combined, raw = _split_frame(body, raw_stream)
        if stream:
            frames.append(Frame(max(0.0, float(time) - begun), stream, combined, raw))
    asked = parse_qs(url.query.replace("+", "%2B")).get("streams", [raw_stream])[0].split("/")
    streams = frozenset(name for name in asked if name) | {frame.stream for frame in frames}
    name = path.name.removesuffix(".gz")
    snapshots_file = path.with_name(name.removesuffix(".frames") + ".rest")
    has_snapshots = snapshots_file.exists() and snapshots_file != path
    snapshots = _snapshots(snapshots_file, begun) if has_snapshots else {}
    return Recording(tuple(frames), streams, snapshots, begun, connects, whole)


def _split_frame(body: bytes, raw_stream: str) -> tuple[str, bytes, bytes]:
    """Stream, combined frame and raw frame; no stream for replies to requests."""
    if body.startswith(_STREAM):
        name, separator, rest = body[len(_STREAM) :].partition(_DATA)
        if separator and body.endswith(b"}"):
            return name.decode(), body, rest[:-1]
    if raw_stream:
        return raw_stream, _STREAM + raw_stream.encode() + _DATA + body + b"}", body
    return "", body, body


def _snapshots(path: Path, begun: float) -> dict[tuple[str, str], list[Snapshot]]:
    found: dict[tuple[str, str], list[Snapshot]] = {}
    for line in _lines(path)[0]:
        head, separator, body = line.partition(b": ")
        address, arrow, time = head.partition(b" -> ")
        if not separator or not arrow:
            raise ValueError(f"{path}: {line[:60]!r} is not 'URL -> receive time: body'")
        url = urlsplit(address.decode())
        symbol = parse_qs(url.query).get("symbol", [""])[0]
        found.setdefault((url.path, symbol), []).append(Snapshot(float(time) - begun, body))
    for each in found.values():
        each.sort(key=lambda snapshot: snapshot.at)
    return found


class Player:
    """Plays a recording to its listeners.

    It starts with its first listener and plays the recording once. It starts again with the first
    listener that comes after its end, when all others have left.

    :param speed: so many times the recording's own speed; 0: as fast as possible.
    :raises ValueError: for a speed that is negative, infinite or no number.
    """

    def __init__(self, recording: Recording, speed: float = 1.0) -> None:
        if not 0 <= speed < inf:  # nor is it nan
            raise ValueError(f"speed must be 0 or more, not {speed}")
        self.recording = recording
        self.speed = speed
        self._begun: float | None = None
        self._next = 0
        self._listeners = 0

    @property
    def finished(self) -> bool:
        return self._next >= len(self.recording.frames)

    @property
    def playing(self) -> bool:
        return self._begun is not None and not self.finished

    def arrive(self, now: float) -> None:
        """Add a listener at ``now`` (ms)."""
        if self._begun is None or (self.finished and not self._listeners):
            self._begun, self._next = now, 0
        self._listeners += 1

    def leave(self) -> None:
        """Remove a listener."""
        self._listeners -= 1

    def due(self, now: float) -> list[Frame]:
        """The frames whose time has come; at speed 0 the next :data:`BATCH`."""
        if self._begun is None:
            return []
        frames = self.recording.frames
        begin = self._next
        if not self.speed:
            self._next = min(len(frames), begin + BATCH)
        else:
            elapsed = self._elapsed(now)
            while self._next < len(frames) and frames[self._next].at <= elapsed:
                self._next += 1
        return list(frames[begin : self._next])

    def snapshot(self, path: str, symbol: str, now: float) -> bytes | None:
        """The captured snapshot for a depth request: the newest at ``now``, else the first."""
        captured = self.recording.snapshots.get((path, symbol))
        if not captured:
            return None
        elapsed = self._elapsed(now)
        return [captured[0], *(each for each in captured if each.at <= elapsed)][-1].body

    def _elapsed(self, now: float) -> float:
        """Seconds of the recording that are played."""
        if self._begun is None:
            return 0.0
        return (now - self._begun) / 1000.0 * self.speed if self.speed else inf
