"""The small parts: signals, durations, the clock, errors as one line."""

from __future__ import annotations

import itertools
import os
import pty
import signal
import threading
from functools import partial
from types import SimpleNamespace
from typing import Any

import click
import pytest

from binance.cli.errors import CommandError, command_errors
from binance.cli.exchange import measure_clock
from binance.cli.options import duration
from binance.cli.record_files import book_symbols
from binance.cli.screen.terminal import Stop, is_foreground, is_terminal, stop_on_signals
from binance.cli.streams import parse_streams
from binance.exceptions import BinanceConnectionError
from tests.pace import paced
from tests.steps import strike


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_sets_the_event_and_its_handler_is_put_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stop_on_signals() as stop:
        assert not stop.is_set()
        os.kill(os.getpid(), number)
        assert stop.wait(paced(5))
        assert signal.getsignal(number) is not before
    assert signal.getsignal(number) is before


@pytest.mark.thread
def test_a_signal_may_come_at_any_step_of_waiting() -> None:
    for at in itertools.count(1):
        stop = Stop()
        if not strike(partial(stop.wait, 0), stop.set, at):
            break
        assert stop.is_set()
        assert stop.wait(paced(60))
    assert at > 10


@pytest.mark.thread
def test_all_threads_that_wait_are_woken() -> None:
    stop = Stop()
    woken: list[bool] = []
    waiting = [
        threading.Thread(target=lambda: woken.append(stop.wait(paced(60)))) for _ in range(3)
    ]
    for thread in waiting:
        thread.start()
    stop.set()
    for thread in waiting:
        thread.join(paced(60))
    assert woken == [True] * 3


def test_a_command_stops_when_its_time_is_over() -> None:
    stop = Stop(0.05)
    assert not stop.wait(0)
    assert stop.wait(paced(60))
    assert stop.is_set()
    assert not stop.was_set


def test_the_second_ctrl_c_ends_at_once() -> None:
    def press_twice() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(paced(5))
        signal.raise_signal(signal.SIGINT)

    with stop_on_signals() as stop, pytest.raises(KeyboardInterrupt):
        press_twice()


@pytest.mark.parametrize(
    ("term", "can"), [("dumb", False), ("Unknown", False), ("xterm", True), (None, True)]
)
def test_a_terminal_that_cannot_be_drawn_on_is_none(
    monkeypatch: pytest.MonkeyPatch, term: str | None, can: bool
) -> None:
    monkeypatch.setattr("sys.stdout", SimpleNamespace(isatty=lambda: True))
    monkeypatch.delenv("TERM", raising=False)
    if term is not None:
        monkeypatch.setenv("TERM", term)
    assert is_terminal() == can


DURATIONS = [("90", 90.0), ("1.5s", 1.5), ("15m", 900.0), ("2h", 7200.0), ("1d", 86400.0)]


@pytest.mark.parametrize(("text", "seconds"), DURATIONS)
def test_durations(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "-1", "1w", "s", "1 m", "nan", "1e3"])
def test_a_text_that_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="give 90, 90s, 15m, 2h or 1d"):
        duration(text)


def test_the_clock_is_compared_with_the_middle_of_the_call(monkeypatch: Any) -> None:
    now = {"wall": 1000.0, "steady": 50.0}

    class Client:
        def ping(self) -> None:
            now["wall"] += 9  # the time that connecting takes does not count

        def get_server_time(self) -> dict[str, int]:
            now["wall"] += 0.2
            now["steady"] += 0.2
            return {"serverTime": 1_009_100 + 5000}

    monkeypatch.setattr("binance.cli.exchange.time.time", lambda: now["wall"])
    monkeypatch.setattr("binance.cli.exchange.time.perf_counter", lambda: now["steady"])
    ahead, took = measure_clock(Client())  # type: ignore[arg-type]
    assert (ahead, took) == (pytest.approx(5000.0), pytest.approx(200.0))


def test_snapshots_are_for_spot_books_whose_changes_are_recorded() -> None:
    names = ["btcusdt@depth", "BTCUSDT@depth@100ms", "ethusdt@depth5", "usdm:bnbusdt@depth"]
    assert book_symbols(parse_streams([*names, "币安人生usdt@depth"])) == [
        "BTCUSDT",
        "币安人生USDT",
    ]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("x\ny"), "doing: x y"),
        (BinanceConnectionError("gone, token=abc"), "doing: gone, token=***"),
        (OSError(28, "No space left on device", "/x"), "doing: No space left on device"),
        (TimeoutError(), "doing: TimeoutError"),
    ],
)
def test_what_is_refused_is_explained_in_one_line(error: Exception, words: str) -> None:
    with pytest.raises(CommandError) as raised, command_errors("doing"):
        raise error
    assert raised.value.message == words


def test_a_fault_of_the_program_stays_one() -> None:
    with pytest.raises(KeyError), command_errors("doing"):
        raise KeyError("x")


def test_the_keys_of_a_terminal_of_another_session_are_not_read() -> None:
    master, slave = pty.openpty()
    try:
        assert not is_foreground(slave)
    finally:
        os.close(master)
        os.close(slave)
