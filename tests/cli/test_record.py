"""Recording and replaying, as users do it: byte for byte, and whatever happens to the recorder."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from binance.cli import main
from binance.simulator.market.replay import load
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.cli.rig import DEADLINE, eventually, finished, running
from tests.pace import paced

pytestmark = [pytest.mark.process, pytest.mark.loopback]

STREAMS = ["btcusdt@trade", "ethusdt@aggTrade", "btcusdt@depth@100ms", "!miniTicker@arr"]


def frames(path: Path) -> list[bytes]:
    """What can be read of a recording now, which may still be growing."""
    if not path.exists() or not path.stat().st_size:
        return []
    return [each.combined for each in load(path).frames]


def recorded(streams: list[str], exchange: Any, path: Path, enough: Callable[[], bool]) -> str:
    """Record until it is enough; the totals."""
    arguments = ["record", *streams, "-o", str(path), "--flush", "0.1"]
    with running(arguments, exchange) as process:
        eventually("enough is recorded", enough)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=DEADLINE)
        assert process.returncode == 0, err
        return out.decode()


def test_a_recording_replays_into_byte_identical_frames(market: Any, tmp_path: Path) -> None:
    first, second = tmp_path / "first.frames.gz", tmp_path / "second.frames"

    def all_speak() -> bool:
        return len({json.loads(each)["stream"] for each in frames(first)}) == len(STREAMS)

    totals = recorded(STREAMS, market, first, all_speak)
    wanted = frames(first)
    assert f"{len(wanted):,} frames, " in totals

    shown = finished(["replay", str(first), "--speed", "0"])
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.encode().split(b"\n") == [*wanted, b""]

    with ExchangeProcess(replay=str(first), speed=4) as replayed:
        recorded(STREAMS, replayed, second, lambda: len(frames(second)) >= len(wanted))
    assert frames(second) == wanted


def test_a_recorder_that_is_killed_leaves_what_it_had_flushed(market: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.frames.gz"
    arguments = ["record", "btcusdt@trade", "-o", str(path), "--flush", "0.05"]
    with running(arguments, market) as process:
        eventually("a hundred frames are flushed", lambda: len(frames(path)) >= 100)
        flushed = frames(path)
        process.kill()
        process.communicate()
    left = frames(path)
    assert left[: len(flushed)] == flushed
    ids = [json.loads(each)["data"]["t"] for each in left]
    assert ids == list(range(ids[0], ids[0] + len(ids)))
    shown = finished(["replay", str(path), "--speed", "0"])
    assert shown.returncode == 0
    assert shown.stdout.count("\n") == len(left)
    assert "is cut off; the command replays what can be read of it" in shown.stderr


def test_what_a_recorder_misses_is_fetched_and_written_in_order(
    market: Any, tmp_path: Path
) -> None:
    path = tmp_path / "x.frames"
    arguments = ["record", "btcusdt@trade", "-o", str(path), "--flush", "0.05", "--gapless"]
    with running(arguments, market) as process:
        eventually("frames are recorded", lambda: len(frames(path)) >= 10)
        market.fault("drop")
        eventually("a hole is filled", lambda: b'"backfilled":true' in path.read_bytes())
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=DEADLINE)
    ids = [json.loads(each)["data"]["t"] for each in frames(path)]
    assert ids == list(range(ids[0], ids[0] + len(ids)))
    assert b"0 gaps, 1 filled" in out, err
    assert b" were fetched" in err


def test_snapshots_let_the_recorded_book_be_rebuilt(market: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.frames.gz"
    rest = tmp_path / "x.rest"
    recorded(
        ["btcusdt@depth@100ms"],
        market,
        path,
        lambda: len(frames(path)) >= 15 and rest.exists() and rest.stat().st_size > 0,
    )
    seconds = paced(1.5)
    with ExchangeProcess(replay=str(path), speed=1) as replayed:
        shown = finished(["book", "BTCUSDT", "--json", "--for", f"{seconds:.1f}s"], replayed)
    assert shown.returncode == 0, shown.stderr
    books = [json.loads(line) for line in shown.stdout.splitlines()]
    assert books
    assert all(book["synced"] for book in books)
    ids = {json.loads(each)["data"]["u"] for each in frames(path)}
    assert ids & {book["updateId"] for book in books}


def test_an_exchange_that_refuses_leaves_no_file_and_one_line(calm: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.frames.gz"
    calm.fault("http_status", status=451)
    done = finished(["record", "btcusdt@depth", "-o", str(path)], calm)
    assert done.returncode == 1
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("binance-sockets: the exchange cannot be reached: ")
    assert "451" in last
    assert list(tmp_path.iterdir()) == []


def test_a_recording_is_not_replaced_before_another_begins(calm: Any, tmp_path: Path) -> None:
    path, rest = tmp_path / "x.frames.gz", tmp_path / "x.rest"
    for each in (path, rest):
        each.write_text("precious")
    calm.fault("http_status", status=451)
    done = finished(["record", "btcusdt@depth", "-o", str(path), "--force"], calm)
    assert done.returncode == 1
    assert path.read_text() == rest.read_text() == "precious"


def test_a_file_that_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.frames"
    path.write_text("precious")
    assert main(["record", "btcusdt@trade", "-o", str(path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"binance-sockets: {path} exists already; --force replaces it\n"
    assert path.read_text() == "precious"


@pytest.mark.parametrize("stream", ["btcusdt@depth", "btcusdt@trade"])
def test_the_snapshots_of_another_recording_are_kept(
    stream: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rest = tmp_path / "x.rest"
    rest.write_text("precious")
    arguments = ["record", stream, "-o", str(tmp_path / "x.frames")]
    assert main(arguments) == 1
    printed = capsys.readouterr().err
    assert printed == f"binance-sockets: {rest} exists already; --force replaces it\n"
    assert rest.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [rest]


def test_snapshots_are_replaced_on_request(market: Any, tmp_path: Path) -> None:
    path, rest = tmp_path / "x.frames", tmp_path / "x.rest"
    rest.write_text("old")
    arguments = ["btcusdt@depth@100ms", "--force"]
    recorded(arguments, market, path, lambda: bool(frames(path)) and rest.exists())
    assert rest.read_bytes().startswith(b"https://")
    of_trades = lambda: b"@trade" in path.read_bytes() and bool(frames(path))  # noqa: E731
    recorded(["btcusdt@trade", "--force"], market, path, of_trades)
    assert not rest.exists()  # it is of other streams


def test_watch_in_a_pipe_prints_frames_and_ends_with_its_reader(market: Any) -> None:
    with running(["watch", "btcusdt@trade", "ethusdt@trade"], market) as process:
        assert process.stdout is not None
        streams = {json.loads(process.stdout.readline())["stream"] for _ in range(50)}
        assert streams == {"btcusdt@trade", "ethusdt@trade"}
        process.stdout.close()
        assert process.wait(DEADLINE) == 0
        assert process.stderr is not None
        printed = process.stderr.read().decode().splitlines()
        assert [line.split(" ", 1)[1] for line in printed] == ["connected"]
