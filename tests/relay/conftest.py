"""An engine and an exchange for each test, and relays that end with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.relay.rig import SERVER, Child, NatsServer, RelayProcess


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[NatsServer]:
    if SERVER is None:
        pytest.skip("nats-server is not installed: its package has no wheel for this platform")
    running = NatsServer(tmp_path)
    yield running
    running.kill()


@pytest.fixture
def ended() -> Iterator[Callable[[Any], Any]]:
    """Has a process end with the test."""
    children: list[Child] = []

    def note(child: Any) -> Any:
        children.append(child)
        return child

    yield note
    for child in children:
        if child.is_running:
            child.thaw()
        child.kill()


@pytest.fixture
def relay(exchange: Any, engine: NatsServer, ended: Any) -> Callable[..., RelayProcess]:
    """Starts relays."""
    return lambda *arguments: ended(RelayProcess(exchange, engine, *arguments))
