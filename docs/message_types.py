"""Write ``binance/messages.py`` and its stub from the table of fields.

    python docs/message_types.py            write both files
    python docs/message_types.py --check    change nothing; exit code 1 if they are out of date

The module has one line for each type. The stub, which editors and type checkers read, says what
each field means.
"""

from __future__ import annotations

import argparse
import json
import keyword
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "binance"
sys.path.insert(0, str(PACKAGE.parent))

from binance.sansio.names.fields import PAYLOADS, TYPES, Field, Payload  # noqa: E402
from binance.sansio.names.forms import DEPTH_LEVELS, KLINE_INTERVALS  # noqa: E402

PREFIXES = {
    "spot": "",
    "usdm": "Usdm",
    "coinm": "Coinm",
    "options": "Options",
    "margin": "Margin",
    "pm": "PortfolioMargin",
    "pm-pro": "PortfolioMarginPro",
}
"""Market -> what the names of its types begin with, if another market has a type of that name."""

HEAD = '''\
"""The type of each message: TypedDicts for type checkers and editors.

A name without a prefix is the type of the first market that has such a message, in the order spot,
USD-M, COIN-M, options. Another market has a type with a prefix if its fields differ: `UsdmTrade`. A
plural is what a stream of lists sends: `MiniTickers`. `Combined[Trade]` is a multiplex message.

Made by docs/message_types.py from binance/sansio/names/fields.py; do not edit.
"""

from collections.abc import Callable
from typing import Any, Generic, Literal, NotRequired, TypedDict, TypeVar

Data = TypeVar("Data")


class Combined(TypedDict, Generic[Data]):
    """A message of a multiplex socket or a futures socket."""

    stream: str
    data: Data
    _received: NotRequired[int]


class ErrorMessage(TypedDict):
    """The last message of every socket whose retries have failed."""

    e: Literal["error"]
    """always this text"""
    m: str
    """always `Max reconnect retries reached`"""


#: Arguments of the methods that start sockets: intervals, the same outside spot, and depths.
KlineInterval = Literal[KLINE_INTERVALS]
FuturesKlineInterval = Literal[FUTURES_INTERVALS]
DepthLevels = Literal[DEPTH_LEVELS]

#: A callback of such messages, which may also call them plain dicts.
Callback = Callable[[Data], object] | Callable[[dict[str, Any]], object]
#: The same for lists of such messages.
ListCallback = Callable[[list[Data]], object] | Callable[[list[dict[str, Any]]], object]


'''
_LEVELS = (1, *DEPTH_LEVELS)
for name, values in (
    ("FUTURES_INTERVALS", KLINE_INTERVALS[1:]),
    ("KLINE_INTERVALS", KLINE_INTERVALS),
    ("DEPTH_LEVELS", (*_LEVELS, *map(str, _LEVELS))),
):
    HEAD = HEAD.replace(name, json.dumps(values)[1:-1])


def shape(payload: Payload) -> tuple[object, ...]:
    """What makes a type: its fields, with those of its records."""
    return (
        payload.events,
        *(
            (field, shape(PAYLOADS[field.record, payload.market]) if field.record else ())
            for field in payload.fields
        ),
    )


@cache
def names() -> dict[tuple[str, str], str]:
    """(name, market) -> the name of its type; markets with the same fields share a type."""
    found: dict[tuple[str, str], str] = {}
    by_shape: dict[tuple[str, tuple[object, ...]], str] = {}
    plain: set[str] = set()
    for key, payload in PAYLOADS.items():
        name, market = key
        alike = (name, shape(payload))
        if alike not in by_shape:
            by_shape[alike] = PREFIXES[market] + name if name in plain else name
            plain.add(name)
        found[key] = by_shape[alike]
    return found


def ordered() -> Iterator[tuple[str, Payload, list[str]]]:
    """Each type once, records before the messages that hold them, with the markets that have it."""
    called = names()
    done: set[str] = set()

    def with_records(payload: Payload) -> Iterator[tuple[str, Payload, list[str]]]:
        name = called[payload.name, payload.market]
        if name not in done:
            done.add(name)
            for field in payload.fields:
                if field.record:
                    yield from with_records(PAYLOADS[field.record, payload.market])
            yield name, payload, [market for (_, market), other in called.items() if other == name]

    for payload in PAYLOADS.values():
        yield from with_records(payload)


def annotation(field: Field, payload: Payload, called: dict[tuple[str, str], str]) -> str:
    """The type of a field in Python."""
    if field.key == "e":
        found = 'Literal["' + '", "'.join(payload.events) + '"]'
    elif field.record:
        found = called[field.record, payload.market]
        found = f"list[{found}]" if field.many else found
    else:
        found = TYPES[field.type][0]
    found += " | None" if field.also == "null" else ""
    return f"NotRequired[{found}]" if field.optional else found


def functional(name: str, payload: Payload, called: dict[tuple[str, str], str]) -> str:
    """The type as one expression."""
    items = (f'"{each.key}": {annotation(each, payload, called)}' for each in payload.fields)
    return f'{name} = TypedDict("{name}", {{{", ".join(items)}}})\n'


def plurals() -> Iterator[str]:
    """The types of the streams that send lists."""
    called = names()
    found = {
        called[payload.name, payload.market]
        for payload in PAYLOADS.values()
        if any(stream.endswith("[]") for stream in payload.streams)
    }
    for name in dict.fromkeys(name for name in called.values() if name in found):
        yield f"{name}{'es' if name.endswith('x') else 's'} = list[{name}]\n"


def accounts() -> Iterator[str]:
    """The events of each account, as a union."""
    called = names()
    found: dict[str, list[str]] = {}
    for key, payload in PAYLOADS.items():
        if payload.events and not payload.streams and payload.name != "ServerShutdown":
            found.setdefault(PREFIXES[payload.market], []).append(called[key])
    for prefix, events in found.items():
        yield f"{prefix}AccountEvent = {' | '.join(events)}\n"


def module() -> str:
    """The text of the module."""
    called = names()
    lines = [functional(name, payload, called) for name, payload, _ in ordered()]
    return "".join((HEAD, *lines, *plurals(), *accounts()))


def stub() -> str:
    """The text of the stub."""
    called = names()
    parts = [HEAD]
    for name, payload, markets in ordered():
        about = f'"""{payload.text} ({", ".join(markets)}).'
        meanings = [
            (each, f"{each.meaning}{', in ms' * (each.type == 'ms')}") for each in payload.fields
        ]
        if any(keyword.iskeyword(each.key) for each in payload.fields):
            said = [f"{each.key}: {meaning}\n" for each, meaning in meanings]
            parts += [functional(name, payload, called), about, "\n\n", *said, '"""\n\n\n']
            continue
        parts += [f"class {name}(TypedDict):\n", f'    {about}"""\n\n']
        for each, meaning in meanings:
            parts.append(f"    {each.key}: {annotation(each, payload, called)}\n")
            parts.append(f'    """{meaning}"""\n')
        parts.append("\n\n")
    return "".join((*parts, *plurals(), *accounts()))


FILES = {PACKAGE / "messages.py": module, PACKAGE / "messages.pyi": stub}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    check = parser.parse_args().check
    old = [path for path, made in FILES.items() if path.read_text("utf-8") != made()]
    for path in old:
        if not check:
            path.write_text(FILES[path](), encoding="utf-8")
        print(f"{path.name}: {'is out of date' if check else 'written'}")  # noqa: T201
    return 1 if check and old else 0


if __name__ == "__main__":
    sys.exit(main())
