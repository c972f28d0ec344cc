"""The parameters of one request, read with the exchange's checks and error texts. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from binance.simulator.rules import errors

_INTEGER = re.compile(r"-?[0-9]{1,20}\Z")
_LEGAL_INTEGER = "^[0-9]{1,20}$"
_SYMBOL = re.compile(r"[\w.-]{1,20}\Z")
_LEGAL_SYMBOL = "^[A-Z0-9-_.]{1,20}$"


_T = TypeVar("_T")


def is_microseconds(unit: str) -> bool:
    """Does a request ask for its times in microseconds? Without a unit, they are in ms.

    :raises ApiError: -1194, it is neither unit.
    """
    if unit.upper() not in ("", "MILLISECOND", "MICROSECOND"):
        text = "Invalid value for time unit; expected either MICROSECOND or MILLISECOND."
        raise errors.ApiError(errors.BAD_TIME_UNIT, text)
    return unit.upper() == "MICROSECOND"


class Params:
    """Parameters by name, as text. Remembers which were read."""

    def __init__(self, raw: Mapping[str, str]) -> None:
        self.raw = dict(raw)
        self._read: set[str] = set()

    @classmethod
    def of_json(cls, raw: Mapping[str, Any]) -> Params:
        """The parameters of a WebSocket API request."""
        return cls({key: _text(value) for key, value in raw.items() if value is not None})

    def __contains__(self, name: str) -> bool:
        return name in self.raw

    def text(self, name: str, default: str | None = None) -> str:
        """A text; without ``default`` it is mandatory."""
        value = self.optional(name) or default
        if value is None:
            raise errors.missing(name)
        return value

    def optional(self, name: str) -> str | None:
        """A text that may be absent."""
        self._read.add(name)
        return self.raw.get(name) or None

    def integer(self, name: str, default: int | None = None) -> int:
        """A whole number; without ``default`` it is mandatory."""
        value = self.optional_integer(name)
        value = default if value is None else value
        if value is None:
            raise errors.missing(name)
        return value

    def optional_integer(self, name: str) -> int | None:
        """A whole number that may be absent."""
        value = self.optional(name)
        if value is None:
            return None
        if not _INTEGER.match(value):
            raise errors.illegal(name, _LEGAL_INTEGER)
        return int(value)

    def limit(self, default: int, most: int) -> int:
        """``limit``: at least 1; more than ``most`` counts as ``most``."""
        value = self.integer("limit", default)
        if value < 1:
            raise errors.invalid("limit")
        return min(value, most)

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """One of several words."""
        value = self.text(name, default)
        if value not in allowed:
            raise errors.invalid(name)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false, in capitals or not."""
        value = self.text(name, str(default)).lower()
        if value not in ("true", "false"):
            raise errors.invalid(name)
        return value == "true"

    def symbol(self, name: str = "symbol") -> str:
        """A symbol's name, which need not be listed."""
        value = self.text(name)
        if not _SYMBOL.match(value) or value != value.upper():
            raise errors.illegal(name, _LEGAL_SYMBOL)
        return value

    def listed(self, symbols: Mapping[str, _T]) -> _T:
        """What ``symbols`` have of the ``symbol``, which must be one of them."""
        name = self.symbol()
        if name not in symbols:
            raise errors.bad_symbol()
        return symbols[name]

    def names(self, name: str) -> list[str] | None:
        """A JSON array of texts that may be absent."""
        value = self.optional(name)
        if value is None:
            return None
        try:
            names = json.loads(value)
        except ValueError:
            names = None
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            raise errors.illegal(name, r"^\[(\"[A-Z0-9-_.]{1,20}\")*(,\"[A-Z0-9-_.]{1,20}\")*\]$")
        if not names:
            raise errors.missing(name)
        return names

    def reject_unread(self, *ignored: str) -> None:
        """Refuse parameters that were not read. Those that are ``ignored`` change nothing.

        :raises ApiError: -1104.
        """
        self._read.update(ignored)
        if self.raw.keys() - self._read:
            raise errors.ApiError(
                errors.UNREAD_PARAMETERS,
                f"Not all sent parameters were read; read '{len(self._read & self.raw.keys())}' "
                f"parameter(s) but was sent '{len(self.raw)}'.",
            )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
