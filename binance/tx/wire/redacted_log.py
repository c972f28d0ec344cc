"""Autobahn's own log, without the secrets in requests and URLs."""

from collections.abc import Callable
from typing import Any

from binance.exceptions import redact

_METHODS = ("trace", "debug", "info", "warn", "error", "critical")


class RedactedLog:
    """A logger of txaio whose lines contain no listen key and no signature."""

    def __init__(self, log: Any) -> None:
        self._log = log
        for name in _METHODS:
            setattr(self, name, _redacted(log, name))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)


def _redacted(log: Any, method: str) -> Callable[..., object]:
    def write(*args: Any, **values: Any) -> object:
        shown = {name: _shown(value) for name, value in values.items()}
        # Looked up each time: txaio replaces the methods when its level is set.
        return getattr(log, method)(*map(_shown, args), **shown)

    return write


def _shown(value: Any) -> Any:
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    return redact(value) if isinstance(value, str) else value
