"""Arguments and options that several commands have."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from binance.cli.exchange import Exchange
from binance.cli.streams import Stream, parse_streams
from binance.sansio.names.endpoints import ENVIRONMENTS

_F = TypeVar("_F", bound=Callable[..., Any])
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def streams_argument(required: bool = True) -> Callable[[_F], _F]:
    """``STREAM...``: names of streams, each taken once."""
    return click.argument(
        "streams",
        nargs=-1,
        required=required,
        metavar="STREAM..." if required else "[STREAM]...",
        callback=_streams,
    )


def _streams(_: click.Context, __: click.Parameter, names: tuple[str, ...]) -> list[Stream]:
    try:
        return parse_streams(names)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def duration(text: str | float) -> float:
    """Seconds of a text such as ``90``, ``90s``, ``15m``, ``2h``, ``1d``: a type for click."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", str(text))
    seconds = float(match[1]) * _UNITS[match[2]] if match else 0.0
    if seconds <= 0:
        raise click.BadParameter(f"{text!r} is not a duration; give 90, 90s, 15m, 2h or 1d")
    return seconds


def for_option(command: _F) -> _F:
    """``--for TIME``."""
    return click.option(
        "--for", "seconds", type=duration, metavar="TIME", help="Stop after 90s, 15m, 2h .."
    )(command)


def exchange_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--env`` and ``--demo``; the command gets the :class:`Exchange` that they choose."""

    @wraps(command)
    def run(*args: Any, environment: str | None, demo: bool, **given: Any) -> Any:
        return command(*args, exchange=Exchange(environment, demo), **given)

    env = click.option(
        "--env",
        "environment",
        type=click.Choice(ENVIRONMENTS, case_sensitive=False),
        help="The exchange to use. Without it BINANCE_ENV and the BINANCE_.._URL variables "
        "decide; the default is production.",
    )
    demo = click.option(
        "--demo", is_flag=True, help="Start a simulated exchange on this machine and use it."
    )
    return env(demo(run))
