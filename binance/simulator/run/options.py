"""The simulator's options: one table for the command line and for Python. Pure."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
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


def _rule(name: str) -> tuple[Callable[[str], Any], Any, str]:
    default = getattr(Settings(), name)
    return type(default), default, f"{RULES[name]} (default: {default})"


_KINDS = f"start with a fault (may be repeated): {', '.join(fault_kinds.KINDS)}"
_OPTIONS: Mapping[str, Mapping[str, tuple[Callable[[str], Any], Any, str]]] = {
    "": {
        "port": (int, 0, "TCP port (default: any free one)"),
        "fault KIND[:NAME=VALUE,..]": (_fault_spec, [], _KINDS),
    },
    "market": {
        "seed": (int, 1, "the same seed gives the same market"),
        "symbols N|A,B": (_symbols, 40, f"how many symbols (to {MAX_SYMBOLS}), or which"),
        "rate": (float, 10.0, "trades a second of the busiest symbol"),
        "falloff": (float, 0.7, "the other symbols have rate / rank**falloff; 0: the same rate"),
        "rate-of SYMBOL=RATE": (_rate_of, [], "trades a second of one symbol (may be repeated)"),
        "levels": (int, None, "levels of each side of a book"),
        "start MS": (int, None, "the market's time at the start (default: now)"),
    },
    "replay": {
        "replay FILE": (str, None, "serve a captured *.frames file"),
        "speed": (float, 1.0, "replay so many times as fast; 0: as fast as possible"),
    },
    "rules": {name.replace("_", "-"): _rule(name) for name in RULES},
}
"""Group -> name, and what help calls the value -> type, default (a list: it may be repeated), help.
"""


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tls", action="store_true", default=True, help="with TLS (default)")
    plain = "without TLS: http:// and ws://"
    parser.add_argument("--plain", dest="tls", action="store_false", help=plain)
    for group, options in _OPTIONS.items():
        to = parser.add_argument_group(group) if group else parser
        for option, (read, default, text) in options.items():
            name, _, value = option.partition(" ")
            more: dict[str, Any] = {"metavar": value} if value else {}
            if default == []:
                more["action"] = "append"
            to.add_argument(f"--{name}", type=read, default=default, help=text, **more)


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
