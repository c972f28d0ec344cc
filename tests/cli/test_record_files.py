"""The recorder's file: what is flushed can be read, wherever the file ends."""

from __future__ import annotations

import gzip
import zlib
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.cli import record
from binance.cli.record_files import FrameFile
from binance.cli.streams import Stream
from binance.events import Connected, Disconnected
from binance.relay.frames import Frame
from binance.simulator.market.replay import load, read

URL = "wss://localhost:1/stream?streams=btcusdt@trade/!miniTicker@arr"


def frame(number: int) -> bytes:
    return b'{"stream":"btcusdt@trade","data":{"e":"trade","t":%d,"x":"\xe5\xb8\x81"}}' % number


def recorded(path: Path, flushes: list[int], close: bool = True) -> list[int]:
    """Write frames with a flush after so many; the file's sizes after each flush."""
    file = FrameFile(path)
    file.add_connect(URL, 1000.0)
    sizes, number = [], 0
    for count in flushes:
        for _ in range(count):
            number += 1
            file.add(frame(number), 1000 + number / 8)
        file.flush()
        sizes.append(path.stat().st_size)
    if close:
        file.close()
    return sizes


@pytest.mark.parametrize("name", ["x.frames.gz", "x.frames"])
def test_what_is_written_is_read_byte_for_byte(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    recorded(path, [2, 0, 3])
    recording = load(path)
    assert [each.combined for each in recording.frames] == [frame(n) for n in range(1, 6)]
    assert [each.at for each in recording.frames] == [n / 8 for n in range(1, 6)]
    assert recording.streams == {"btcusdt@trade", "!miniTicker@arr"}
    assert (recording.begun, recording.connects, recording.whole) == (1000.0, 1, True)


def test_a_finished_file_is_plain_gzip(tmp_path: Path) -> None:
    recorded(tmp_path / "x.frames.gz", [3, 1])
    text = gzip.decompress((tmp_path / "x.frames.gz").read_bytes())
    assert text.count(b"\n") == 5
    assert text.startswith(URL.encode() + b" <-> 1000.000000\n1000.125000: {")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["x.frames.gz", "x.frames"])
@pytest.mark.parametrize("close", [True, False])
def test_wherever_the_file_ends_what_was_flushed_by_then_is_read(
    tmp_path: Path, name: str, close: bool
) -> None:
    path, cut = tmp_path / name, tmp_path / f"cut-{name}"
    flushes = [4, 1, 7]
    sizes = recorded(path, flushes, close)
    data = path.read_bytes()
    for end in range(sizes[0], len(data) + 1):
        cut.write_bytes(data[:end])
        recording = load(cut)
        flushed = sum(count for count, size in zip(flushes, sizes, strict=True) if size <= end)
        numbers = [each.combined for each in recording.frames]
        assert numbers[:flushed] == [frame(n) for n in range(1, flushed + 1)]
        assert numbers == [frame(n) for n in range(1, len(numbers) + 1)]  # and never half a frame
        if name.endswith(".gz"):
            assert recording.whole == (close and end == len(data))


@pytest.mark.parametrize("damage", [b"\0" * 5000, b"\xff" * 10, bytes(range(256)) * 300])
def test_what_stands_before_a_damage_is_read(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "x.frames.gz"
    recorded(path, [50], close=False)
    path.write_bytes(path.read_bytes() + damage)
    recording = load(path)
    assert len(recording.frames) >= 50
    assert [each.combined for each in recording.frames[:50]] == [frame(n) for n in range(1, 51)]
    assert not recording.whole


def test_members_one_after_another_are_read_as_one(tmp_path: Path) -> None:
    parts = [f"{URL} <-> 1000\n".encode(), b"1001: %b\n" % frame(1), b"1002: %b\n" % frame(2)]
    path = tmp_path / "x.frames.gz"
    path.write_bytes(b"".join(map(gzip.compress, parts)) + b"\0\0")
    assert len(load(path).frames) == 2
    assert load(path).whole
    path.write_bytes(b"".join(map(gzip.compress, parts))[:-9])
    assert not load(path).whole
    assert len(load(path).frames) == 2


def test_a_torn_line_is_left_out_but_a_last_line_without_its_line_feed_is_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.frames"
    whole = f"{URL} <-> 1000\n".encode() + b"1001: " + frame(1)
    path.write_bytes(whole)
    assert len(load(path).frames) == 1
    path.write_bytes(whole[:-1])
    assert load(path).frames == ()
    assert not load(path).whole


def test_a_reconnect_is_marked_and_keeps_the_time(tmp_path: Path) -> None:
    path = tmp_path / "x.frames.gz"
    with closing(FrameFile(path)) as file:
        file.add_connect(URL, 1000.0)
        file.add(frame(1), 1001.0)
        file.add_connect(URL, 1005.0)
        file.add(frame(2), 1006.0)
    recording = load(path)
    assert recording.connects == 2
    assert [each.at for each in recording.frames] == [1.0, 6.0]


@pytest.mark.thread
@pytest.mark.parametrize(
    ("came", "lines"),
    [
        ("frame", "mark frame"),
        ("frame open", "mark frame"),
        ("frame open open", "mark frame mark"),
        ("frame lost frame open", "mark frame mark frame"),
        ("frame lost lost open frame", "mark frame mark frame"),
        ("frame open lost lost open frame", "mark frame mark frame"),
    ],
)
def test_a_frame_from_before_the_last_stream_was_subscribed_follows_its_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, came: str, lines: str
) -> None:
    """The streams in the URL send from the handshake on, before all are subscribed."""

    class Sockets(SimpleNamespace):
        def __init__(self, streams: Any, on_frame: Any, on_event: Any, **options: Any) -> None:
            super().__init__(close=lambda: None)
            self.start = lambda: [
                on_frame(streams[0], early) if each == "frame" else on_event(events[each])
                for each in came.split()
            ]

    early = Frame(stream="btcusdt@trade", data={"t": 1})
    early.payload, early.received = frame(1), 1000.0
    at: dict[str, Any] = {"key": "k", "when": 1001.0}
    events: dict[str, Any] = {"open": Connected(**at), "lost": Disconnected(**at)}
    monkeypatch.setattr(record, "Sockets", Sockets)
    path, old = tmp_path / "x.frames", tmp_path / "x.rest"
    old.write_text("of another recording")
    streams, exchange = [Stream("spot", "btcusdt@trade")], cast(Any, SimpleNamespace())
    record.Recorder(streams, FrameFile(path), URL, 1.0, False).run(exchange, 0.0)
    recording = load(path)
    kinds = ["mark" if b" <-> " in line else "frame" for line in path.read_bytes().splitlines()]
    assert (recording.begun, " ".join(kinds)) == (1000.0, lines)
    assert not old.exists()


def test_a_frame_that_no_line_can_hold_is_left_out_and_counted(tmp_path: Path) -> None:
    with closing(FrameFile(tmp_path / "x.frames")) as file:
        file.add_connect(URL, 1000.0)
        file.add(b'{"stream":\n"a"}', 1001.0)
        file.add(frame(1), 1001.0)
    assert (file.frames, file.left_out) == (1, 1)
    assert len(load(tmp_path / "x.frames").frames) == 1


def test_the_counts_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.frames.gz"
    with closing(FrameFile(path)) as file:
        file.add_connect(URL, 1000.0)
        for number in range(200):
            file.add(frame(number), 1001.0)
    text, whole = read(path)
    assert whole
    assert (file.frames, file.size, file.written) == (200, len(text), path.stat().st_size)
    assert file.written * 5 < file.size


def test_a_file_that_is_there_is_not_replaced_unless_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.frames"
    path.write_text("precious")
    with pytest.raises(FileExistsError):
        FrameFile(path)
    assert path.read_text() == "precious"
    FrameFile(path, overwrite=True).close()
    assert path.read_text() == "precious"  # nothing has come in its place
    with closing(FrameFile(path, overwrite=True)) as file:
        for when in (1000.0, 1001.0):
            file.add_connect(URL, when)
            file.flush()
    assert path.read_text() == f"{URL} <-> 1000.000000\n{URL} <-> 1001.000000\n"


@pytest.mark.parametrize("name", ["x", "x.gz", "x.frames.bz2", "x.json"])
def test_the_name_must_say_what_the_file_is(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"must end in \.frames\.gz, or in \.frames"):
        FrameFile(tmp_path / name)
    assert not (tmp_path / name).exists()


@given(st.binary(max_size=200))
def test_whatever_a_file_holds_reading_ends(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    path = tmp_path_factory.getbasetemp() / "any.frames.gz"
    packed = zlib.compressobj(wbits=31)
    path.write_bytes(packed.compress(b"x" * 50) + packed.flush(zlib.Z_SYNC_FLUSH) + data)
    text, _ = read(path)
    assert text.rstrip(b"x" * 50) == text.rstrip(b"x")
