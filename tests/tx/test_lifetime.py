"""A manager's side of the reactor, where a signal's handler closes the manager."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import pytest

from binance.events import Connected, Event
from binance.rest import calls
from binance.tx.loop import reactor
from binance.tx.loop.lifetime import OpenSockets
from binance.tx.loop.reactor import Lifetime
from tests.logs import ours
from tests.steps import strike


@pytest.mark.thread
@pytest.mark.parametrize("action", ["enter", "leave"])
def test_a_handler_may_close_the_manager_at_any_step(
    action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted: list[Callable[[], None]] = []
    monkeypatch.setattr(reactor, "get", lambda: SimpleNamespace(callFromThread=posted.append))
    monkeypatch.setattr(reactor, "may_act", lambda: True)
    manager: Any = None

    for at in itertools.count(1):
        sockets = OpenSockets(manager, None)
        lifetime = sockets.enter()
        is_struck = strike(getattr(sockets, action), sockets.leave, at)
        assert sockets.enter() is lifetime
        sockets.leave()
        while posted:
            posted.pop(0)()
        assert lifetime.ended.is_set()
        if not is_struck:
            break
    assert at > 10


@pytest.mark.parametrize(
    ("timeout", "in_parts", "waits"),
    [
        (None, False, [None]),
        (None, True, [reactor.PART_SECONDS] * 3),
        (5.0, True, [5.0]),
        (5.0, False, [5.0]),
    ],
)
def test_a_wait_without_end_is_made_in_parts_where_ctrl_c_would_not_end_it(
    timeout: float | None, in_parts: bool, waits: list[float | None]
) -> None:
    attempts: list[float | None] = []

    def attempt(seconds: float | None) -> bool:
        attempts.append(seconds)
        return seconds is None or len(attempts) == 3

    assert reactor.wait(attempt, timeout, in_parts) is (timeout is None)
    assert attempts == waits


@pytest.mark.thread
def test_a_handler_may_end_a_life_while_another_begins() -> None:
    manager: Any = None
    sockets = OpenSockets(manager, None)
    for at in itertools.count(1):
        one, other = Lifetime(manager, sockets.stop_all), Lifetime(manager, sockets.stop_all)
        reactor.begin(one)
        is_struck = strike(partial(reactor.begin, other), partial(reactor.end, one), at)
        lifetimes = reactor._current_lifetimes()
        for each in (one, other):
            reactor.end(each)
        assert other in lifetimes
        assert (one in lifetimes) != is_struck
        if not is_struck:
            break
    assert at > 10


def test_what_on_event_raises_is_written_whole_once_and_then_counted(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("binance.tx.loop.lifetime.time.monotonic", lambda: now[0])

    def on_event(event: Event) -> None:
        raise KeyError("kind")

    sockets = OpenSockets(cast(Any, None), on_event)
    for second in range(25):
        now[0] = float(second)
        for key in ("a", "b"):
            sockets.report(Connected(key=key, when=1.0))
    records = [record for record in caplog.records if "on_event" in record.getMessage()]
    assert [record.exc_info is not None for record in records] == [True, True] + [False] * 4
    assert all("10 more times" in record.getMessage() for record in records[2:])


def test_an_exit_in_on_event_takes_one_line(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_event(event: Event) -> None:
        raise SystemExit

    sockets = OpenSockets(cast(Any, None), on_event)
    stopped: list[bool] = []
    monkeypatch.setattr(sockets, "stop_reactor", lambda: stopped.append(True))
    sockets.report(Connected(key="a", when=1.0))
    assert stopped == [True]
    (record,) = ours(caplog)
    assert record.exc_info is None
    assert "SystemExit" in record.getMessage()


def test_without_the_reactors_own_word_it_is_stopped_once_the_managers_were_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: Any = SimpleNamespace(running=False)
    monkeypatch.setitem(sys.modules, "twisted.internet.reactor", made)
    monkeypatch.setattr(reactor.compat, "has", lambda name: name != "stopped reactor")
    monkeypatch.setattr(reactor, "_process", reactor._Process())
    assert not reactor.is_stopped()
    reactor._process.is_over = True
    assert reactor.is_stopped()


def test_a_reactor_that_another_thread_imports_is_none_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Meanwhile its name is that of the module that replaces itself by it."""
    bare = ModuleType("twisted.internet.reactor")
    monkeypatch.setitem(sys.modules, bare.__name__, bare)
    monkeypatch.setattr("twisted.python.threadable.isInIOThread", lambda: False)
    assert not reactor.is_stopped()
    assert not reactor.is_inside()
    assert not calls._in_reactor_thread()


@pytest.mark.parametrize("end_all", ["_wait_for_lifetimes", "_interrupt_lifetimes"])
def test_what_close_raises_keeps_no_manager_alive(
    end_all: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As of an old subclass whose `close` stops a reactor whose asyncio loop was closed."""
    monkeypatch.setattr(reactor, "_process", reactor._Process())
    monkeypatch.setattr(reactor, "in_reactor_thread", lambda: True)
    monkeypatch.setattr(reactor, "INTERRUPT_SECONDS", 0)
    first, second = Mock(daemon=False), Mock(daemon=False)
    first.close.side_effect = RuntimeError("Event loop is closed")
    lifetimes = [Lifetime(manager, Mock()) for manager in (first, second)]
    for lifetime in lifetimes:
        reactor.begin(lifetime)
    getattr(reactor, end_all)()
    assert all(lifetime.ended.is_set() for lifetime in lifetimes)
    second.close.assert_called_once_with()
    assert "Event loop is closed" in caplog.text
