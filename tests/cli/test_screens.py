"""The live commands in a terminal: what they show, a cut, a resize, Ctrl-C."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from binance.client import Client
from binance.simulator.market.replay import load
from tests.cli.rig import eventually

pytestmark = [pytest.mark.process, pytest.mark.loopback]

CTRL_C = "\x03"
CAPTURE = Path(__file__).parent.parent / "data" / "captures" / "spot.frames"
Start = Callable[..., Any]


def fits(picture: list[str], columns: int, rows: int) -> bool:
    return len(picture) <= rows and max(map(len, picture)) <= columns


def test_watch_shows_figures_survives_a_cut_and_a_resize_and_ends_cleanly(
    terminal: Start, calm: Any
) -> None:
    shown = terminal(["watch", "BTCUSDT@trade", "btcusdt@depth5", "ethusdt@ticker"], calm)
    shown.wait_for(r"● connected  own addresses")
    shown.wait_for(r"stream +last +change +age +latency +reconnects +messages +msg/s")
    shown.wait_for(
        r"btcusdt@trade +[\d,]+\.\d+ +[+-]\d\.\d\d% +\d+\.\d s +-?\d+ ms +0 +\d+ +\d+\.\d"
    )
    shown.wait_for(r"btcusdt@depth5 +[\d,]+\.\d+ / [\d,]+\.\d+ ")
    shown.wait_for(r"ethusdt@ticker +[\d,]+\.\d+ +[+-]\d+\.\d\d% 24h ")

    calm.fault("drop")
    shown.wait_for(r"receiving again after \d\.\d s")
    shown.wait_for(r"btcusdt@trade .* 1 +[\d,]+ +\d+\.\d", len(shown.text))

    shown.resize(60, 10)
    picture = shown.wait_for_pictures(3)[-1]
    assert fits(picture, 60, 10)
    assert re.fullmatch(r"stream +last +change +msg/s *", picture[2])

    shown.press(CTRL_C)
    assert shown.ends() == 0
    assert shown.is_as_it_was()
    assert re.search(r"btcusdt@trade +[\d,]+ messages, last [\d,.]+\r\n", shown.text)
    assert re.search(r"\d+ s, 1 reconnects\r\n$", shown.text)


def test_watch_is_not_connected_while_one_of_its_markets_is_down(
    terminal: Start, calm: Any
) -> None:
    calm.fault("http_status", status=503, on="handshake", path="/usdm/*")
    shown = terminal(["watch", "btcusdt@trade", "usdm:btcusdt@aggTrade"], calm)
    shown.wait_for(r"btcusdt@trade +[\d,]+\.\d+ ")
    shown.wait_for(r"disconnected: ")
    assert all(lines[0].startswith("● not connected") for lines in shown.wait_for_pictures(2))
    calm.clear()
    shown.wait_for(r"● connected", len(shown.text))
    shown.press("q")
    assert shown.ends() == 0


def test_book_shows_the_ladder_survives_a_cut_and_a_resize_and_ends_cleanly(
    terminal: Start, calm: Any
) -> None:
    shown = terminal(["book", "btcusdt"], calm)
    shown.wait_for(r"● connected  own addresses .* BTCUSDT  [\d.]+ updates/s")
    shown.wait_for(r"● in sync")
    shown.wait_for(r"[█▏] \d+\.\d+ [\d,]+\.\d+ [\d,]+\.\d+ \d+\.\d+ [█▏]")
    shown.wait_for(r"spread [\d.]+ \([\d.]+ basis points\)   bids \d+ % of the quantity shown")

    calm.fault("drop")
    shown.wait_for(r"out of sync")
    shown.wait_for(r"in sync again")
    shown.wait_for("updates/s  1 reconnects")  # the first message of the new connection has come

    shown.resize(50, 9)
    picture = shown.wait_for_pictures(3)[-1]
    assert fits(picture, 50, 9)
    assert picture[1].strip() == "● in sync"
    assert any(line.startswith("spread ") for line in picture)

    shown.press(CTRL_C)
    assert shown.ends() == 0
    assert shown.is_as_it_was()
    assert re.search(r"BTCUSDT  [\d,]+ updates, 1 times out of sync, 1 reconnects", shown.text)


@pytest.mark.parametrize("name", ["usdm:BTCUSDT", "coinm:BTCUSD_PERP", "options:"])
def test_book_shows_the_books_of_other_markets_and_a_cut(
    terminal: Start, calm: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in calm.env.items():
        monkeypatch.setenv(variable, value)
    if name == "options:":
        with Client() as client:
            name += client.eapi_exchange_info()["optionSymbols"][0]["symbol"]
    shown = terminal(["book", name.lower() if "usdm" in name else name], calm)
    shown.wait_for("● in sync")
    shown.wait_for(r"[█▏] [\d.,]+ [\d,.]+ [\d,.]+ [\d.,]+ [█▏]")
    calm.fault("drop")
    shown.wait_for("out of sync")
    shown.wait_for("in sync again")
    shown.wait_for("updates/s  1 reconnects")  # the first message of the new connection has come
    shown.press("q")
    assert shown.ends() == 0
    assert re.search(rf"{name}  [\d,]+ updates, 1 times out of sync, 1 reconnects", shown.text)


def test_record_shows_how_it_goes_survives_a_cut_and_a_resize_and_tells_totals(
    terminal: Start, calm: Any, tmp_path: Path
) -> None:
    path = tmp_path / "x.frames.gz"
    streams = ["btcusdt@trade", "btcusdt@depth@100ms"]
    shown = terminal(["record", *streams, "-o", str(path), "--flush", "0.2"], calm)
    shown.wait_for(r"btcusdt@trade +[\d,]+\.\d+ ")
    shown.wait_for(r"[\d,]+ frames, [\d.]+ k?B in x.frames.gz")
    calm.fault("drop")
    shown.wait_for(r"receiving again after")
    shown.resize(40, 8)
    picture = shown.wait_for_pictures(3)[-1]
    assert fits(picture, 40, 8)
    assert any(re.match(r"[\d,]+ frames, ", line) for line in picture)
    shown.press(CTRL_C)
    assert shown.ends() == 0
    assert shown.is_as_it_was()
    totals = shown.text[shown.text.rindex("btcusdt@trade ") :]
    frames = re.search(
        r"([\d,]+) frames, ([\d.]+) kB in x.frames.gz, compressed [\d.]+ times", totals
    )
    assert frames is not None
    assert re.search(
        r"0:00:\d\d recorded, 1 reconnects, 2 gaps, [12] snapshots in x.rest\r\n$", totals
    )
    recording = load(path)
    assert recording.whole
    assert recording.connects == 2
    assert recording.streams == set(streams)
    assert f"{len(recording.frames):,}" == re.findall(r"([\d,]+) frames, ", totals)[-1]
    assert ("/api/v3/depth", "BTCUSDT") in recording.snapshots


def test_record_needs_no_screen(terminal: Start, calm: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.frames"
    command = ["record", "btcusdt@trade", "-o", str(path), "--flush", "0.1"]
    shown = terminal(command, calm, term="dumb")
    shown.wait_for(r"^\d\d:\d\d:\d\d connected")
    eventually("it has frames", lambda: path.read_bytes().count(b"\n") > 3)
    shown.press(CTRL_C)
    assert shown.ends() == 0
    assert re.search(r"[\d,]+ frames, [\d.]+ k?B in x.frames", shown.text)
    assert load(path).streams == {"btcusdt@trade"}


def test_replay_shows_the_recording_survives_a_resize_and_ends_by_itself(terminal: Start) -> None:
    shown = terminal(["replay", str(CAPTURE), "--speed", "3"], columns=110)
    shown.wait_for(r"● connected  spot.frames  0:00:\d\d  at 3 times its speed")
    shown.wait_for(r"nknusdt@bookTicker +0\.3\d+ / 0\.3\d+ ")
    shown.wait_for(r"2021-10-12 00:28:\d\d UTC, 0:00:\d\d of 0:00:\d\d")
    shown.resize(60, 12)
    picture = shown.wait_for_pictures(3)[-1]
    assert fits(picture, 60, 12)
    assert any(re.match(r"… and \d+ more", line) for line in picture)
    shown.press(CTRL_C)
    assert shown.ends() == 0
    assert shown.is_as_it_was()
    assert re.search(r"nknusdt@bookTicker +\d+ messages", shown.text)


def test_doctor_wraps_its_words_to_the_terminal(terminal: Start, calm: Any) -> None:
    shown = terminal(["doctor", "nosuch@trade", "--wait", "0.5"], calm, columns=60)
    assert shown.ends() == 1
    assert re.search(r"FAULT +stream +nosuch@trade: no message within 0.5 s", shown.text)
    assert "no symbol NOSUCH" in " ".join(shown.text.split())
    assert shown.text.rstrip().endswith("1 fault")
    assert max(map(len, shown.text.split("\r\n"))) <= 60


ENDED_BY_Q = [
    (["watch", "BTCUSDT"], r"btcusdt@ticker +[\d,]+\.\d+ ", r"btcusdt@ticker +[\d,]+ messages"),
    (["book", "btcusdt"], r"● in sync", r"BTCUSDT  [\d,]+ updates"),
    (["user"], r"BTC +\d+\.?\d* +0", r"0 orders, 0 reconnects, \d+ s"),
    (["record", "btcusdt@trade", "-o", "x.frames"], r"[1-9][\d,]* frames, ", r" recorded, 0 rec"),
    (["replay", str(CAPTURE)], r"nknusdt@bookTicker +0", r"nknusdt@bookTicker +\d+ messages"),
]


@pytest.mark.parametrize(
    ("command", "shows", "says"), ENDED_BY_Q, ids=[c[0][0] for c in ENDED_BY_Q]
)
def test_q_ends_each_screen_and_leaves_the_terminal_as_it_was(
    terminal: Start,
    calm: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    shows: str,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BINANCE_API_KEY", "K" * 64)
    monkeypatch.setenv("BINANCE_API_SECRET", "S" * 64)
    shown = terminal(command, calm)
    shown.wait_for(r"● connected .*  q ends")
    shown.wait_for(shows)
    shown.press("xyz")  # other keys do nothing, and are not echoed
    shown.wait_for_pictures(2)
    shown.press("q")
    assert shown.ends() == 0
    assert shown.is_as_it_was()
    assert "xyz" not in shown.text
    assert re.search(says, shown.text)


@pytest.mark.parametrize("command", [["book", "BTCUSDT"], ["watch", "btcusdt@trade"]])
def test_without_a_network_the_screen_opens_at_once_and_shows_the_cause_and_the_cure(
    terminal: Start, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("BINANCE_STREAM_URL", "wss://127.0.0.1:1")
    monkeypatch.setenv("BINANCE_API_URL", "https://127.0.0.1:1")
    shown = terminal(command)
    shown.wait_for(r"● not connected")
    shown.wait_for(r"disconnected: connecting to 127.0.0.1:1: .*refused")
    shown.wait_for(r"`binance-sockets doctor` finds out why")
    shown.wait_for(r"reconnects in")
    shown.press("q")
    assert shown.ends() == 1
    assert shown.is_as_it_was()
    last = shown.text.rstrip().splitlines()[-1]
    assert last.startswith("binance-sockets: no message has come: connecting to 127.0.0.1:1: ")
    assert last.endswith("; `binance-sockets doctor` finds out why")


def test_a_terminal_without_utf_8_gets_ascii(
    terminal: Start, calm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    shown = terminal(["book", "btcusdt"], calm, encoding="")
    shown.wait_for(r"\* in sync")
    shown.wait_for(r"# +\d+\.\d+ [\d,]+\.\d+ ")
    shown.press("q")
    assert shown.ends() == 0
    assert shown.printed.isascii()
