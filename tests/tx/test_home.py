"""A manager's side of the reactor, where a signal's handler closes the manager."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from binance.tx import reactor
from binance.tx.home import Life, ManagerHome
from tests.steps import strike


@pytest.mark.parametrize("action", ["enter", "leave"])
def test_a_handler_may_close_the_manager_at_any_step(
    action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted: list[Callable[[], None]] = []
    monkeypatch.setattr(reactor, "get", lambda: SimpleNamespace(callFromThread=posted.append))
    manager: Any = None

    for at in itertools.count(1):
        home = ManagerHome(manager, None)
        life = home.enter()
        is_struck = strike(getattr(home, action), home.leave, at)
        assert home.enter() is life
        home.leave()
        while posted:
            posted.pop(0)()
        assert life.ended.is_set()
        if not is_struck:
            break
    assert at > 10


def test_a_handler_may_end_a_life_while_another_begins() -> None:
    manager: Any = None
    home = ManagerHome(manager, None)
    for at in itertools.count(1):
        one, other = Life(home, manager), Life(home, manager)
        reactor.begin(one)
        is_struck = strike(partial(reactor.begin, other), partial(reactor.end, one), at)
        lives = reactor._current_lives()
        for each in (one, other):
            reactor.end(each)
        assert other in lives
        assert (one in lives) != is_struck
        if not is_struck:
            break
    assert at > 10
