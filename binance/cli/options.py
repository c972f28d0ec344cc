"""Arguments that several commands have."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from binance.cli.names import Wanted, wanted

__all__ = ["Seconds", "Streams", "for_option"]

_F = TypeVar("_F", bound=Callable[..., Any])
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


class Streams(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.2
    """The name of a stream."""

    name = "stream"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, Wanted):
            return value
        try:
            return wanted([value])[0]
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Seconds(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.2
    """A length of time: ``90``, ``90s``, ``15m``, ``2h``, ``1d``."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", str(value))
        seconds = float(match[1]) * _UNITS[match[2]] if match else 0.0
        if seconds <= 0:
            self.fail(f"{value!r} is no length of time; give 90, 90s, 15m, 2h or 1d", param, ctx)
        return seconds


def for_option(command: _F) -> _F:
    """``--for TIME``: end by itself."""
    return click.option(
        "--for", "seconds", type=Seconds(), metavar="TIME", help="End after 90s, 15m, 2h .."
    )(command)
