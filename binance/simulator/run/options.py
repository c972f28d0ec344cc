"""The simulator's options: one table for the command line and for Python. Pure."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from binance.simulator.market.symbols import MAX_SYMBOLS
from binance.simulator.rules import fault_kinds
from binance.simulator.rules.settings import RULES, Settings

_OTHERS = {
    "port", "tls", "seed", "symbols", "rate", "rates", "falloff", "levels", "start", "replay",
    "speed", "faults",
}  # fmt: skip


def _symbols(text: str) -> int | list[str]:
    return int(text) if text.isdigit() else text.split(",")


def _rate_of(text: str) -> tuple[str, float]:
    symbol, _, rate = text.partition("=")
    return symbol.upper(), float(rate)


def _fault_spec(text: str) -> dict[str, str]:
    try:
        return fault_kinds.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=0, help="TCP port (default: any free one)")
    parser.add_argument("--tls", action="store_true", default=True, help="with TLS (default)")
    parser.add_argument(
        "--plain", dest="tls", action="store_false", help="without TLS: http:// and ws://"
    )
    market = parser.add_argument_group("market")
    market.add_argument("--seed", type=int, default=1, help="the same seed gives the same market")
    market.add_argument(
        "--symbols",
        type=_symbols,
        default=40,
        metavar="N|A,B",
        help=f"how many symbols (to {MAX_SYMBOLS}), or which",
    )
    market.add_argument(
        "--rate", type=float, default=10.0, help="trades a second of the busiest symbol"
    )
    market.add_argument(
        "--falloff",
        type=float,
        default=0.7,
        help="the other symbols have rate / rank**falloff; 0: the same rate",
    )
    market.add_argument(
        "--rate-of",
        type=_rate_of,
        action="append",
        default=[],
        metavar="SYMBOL=RATE",
        help="trades a second of one symbol (may be repeated)",
    )
    market.add_argument("--levels", type=int, help="levels of each side of a book")
    market.add_argument(
        "--start", type=int, metavar="MS", help="the market's time at the start (default: now)"
    )
    replay = parser.add_argument_group("replay")
    replay.add_argument("--replay", metavar="FILE", help="serve a captured *.frames file")
    replay.add_argument(
        "--speed",
        type=float,
        default=1.0,
        help="replay so many times as fast; 0: as fast as possible",
    )
    rules = parser.add_argument_group("rules")
    defaults = Settings()
    for name, meaning in RULES.items():
        default = getattr(defaults, name)
        rules.add_argument(
            "--" + name.replace("_", "-"),
            type=type(default),
            default=default,
            help=f"{meaning} (default: {default})",
        )
    parser.add_argument(
        "--fault",
        type=_fault_spec,
        action="append",
        default=[],
        metavar="KIND[:NAME=VALUE,..]",
        help=f"start with a fault (may be repeated): {', '.join(fault_kinds.KINDS)}",
    )


def arguments(options: Mapping[str, Any]) -> list[str]:
    """The command line of options that are given by name, as Python gives them.

    ``tls=False`` is ``--plain``; ``symbols`` may be a list, ``rates`` a dict, ``faults`` a list of
    dicts or of texts.

    :raises TypeError: for an unknown option, naming those that there are.
    """
    allowed = _OTHERS | RULES.keys()
    if unknown := sorted(options.keys() - allowed):
        raise TypeError(
            f"unknown option {', '.join(unknown)}; allowed: {', '.join(sorted(allowed))}"
        )
    argv: list[str] = []
    for name, value in options.items():
        if name == "tls":
            argv.append("--tls" if value else "--plain")
        elif name == "rates":
            argv += [f"--rate-of={symbol}={rate}" for symbol, rate in value.items()]
        elif name == "faults":
            argv += [f"--fault={_fault(each)}" for each in value]
        elif name == "symbols" and not isinstance(value, int):
            argv.append(f"--symbols={','.join(value)}")
        elif value is not None:
            argv.append(f"--{name.replace('_', '-')}={value}")
    return argv


def _fault(given: Mapping[str, Any] | str) -> str:
    if isinstance(given, str):
        fault_kinds.parse(given)
        return given
    fault_kinds.check(given)
    rest = ",".join(f"{name}={value}" for name, value in given.items() if name != "kind")
    return f"{given['kind']}:{rest}" if rest else str(given["kind"])
