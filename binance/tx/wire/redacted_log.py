"""Autobahn's own log, without the secrets in requests and URLs."""

from collections.abc import Callable
from typing import Any

from binance.exceptions import redact

_METHODS = ("trace", "debug", "info", "warn", "error", "critical")


class RedactedLog:
    """A logger of txaio whose lines contain no listen key and no signature."""

    def __init__(self, log: Any) -> None:
        self._log = log

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._log, name)
        return _redacted(found) if name in _METHODS else found


def _redacted(write: Callable[..., object]) -> Callable[..., object]:
    def written(*args: Any, **values: Any) -> object:
        shown = {name: _shown(value) for name, value in values.items()}
        return write(*map(_shown, args), **shown)

    return written


def _shown(value: Any) -> Any:
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    return redact(value) if isinstance(value, str) else value
