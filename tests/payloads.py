"""Holds a message against the table of fields."""

import re
from collections.abc import Iterator
from typing import Any

from binance.sansio.names.fields import PAYLOADS, Field, Payload
from binance.sansio.names.forms import Stream, parse

_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
#: In ms: the years 2017 to 2128; the exchange says 2100 of a contract that never ends.
_OLDEST, _NEWEST = 1_500_000_000_000, 5_000_000_000_000
#: The market of each item of a stream that merges both futures markets.
_MERGED = {1: "usdm", 2: "coinm"}

_BY_EVENT = {
    (event, payload.market): payload
    for payload in PAYLOADS.values()
    if not payload.streams
    for event in payload.events
}
_BY_STREAM = {
    (stream.strip("![]"), stream.startswith("!"), payload.market): (payload, stream.endswith("[]"))
    for payload in PAYLOADS.values()
    for stream in payload.streams
}


def of_event(event: str, market: str) -> Payload | None:
    """The payload of an account's or a connection's event, by its ``e``; None if unknown."""
    return _BY_EVENT.get((event, market))


def of_stream(stream: Stream, market: str) -> tuple[Payload, bool]:
    """The payload of a stream, and whether the stream sends lists of it.

    :raises KeyError: the market has no such stream.
    """
    # The pairs of COIN-M have no underscore; their stream has an item for each contract.
    of_pair = stream.kind == "markPrice" and market == "coinm" and "_" not in stream.symbol
    payload, many = _BY_STREAM[stream.kind, not stream.symbol, market]
    return payload, many or of_pair


def problems(message: Any, payload: Payload, where: str = "") -> list[str]:
    """What the table does not say of this message, and what it says and the message lacks."""
    if not isinstance(message, dict):
        return [f"{where or payload.name}: no object, but {message!r}"]
    fields = {field.key: field for field in payload.fields}
    found = [f"{where}{key}: not in the table" for key in message.keys() - fields.keys()]
    for key, field in fields.items():
        if key not in message:
            found += [] if field.optional else [f"{where}{key}: absent"]
        elif key == "e":
            if message[key] not in payload.events:
                found.append(f"{where}e: {message[key]!r} is none of {payload.events}")
        else:
            found += _wrong(message[key], field, payload.market, f"{where}{key}")
    return found


def _wrong(value: Any, field: Field, market: str, where: str) -> Iterator[str]:
    if (field.also == "null" and value is None) or (field.also == '""' and value == ""):
        return
    if field.record:
        inner = PAYLOADS[field.record, market]
        if field.many != isinstance(value, list):
            yield f"{where}: {value!r} is not {field.type}"
            return
        for number, each in enumerate(value if field.many else [value]):
            yield from problems(each, inner, f"{where}[{number}]." if field.many else f"{where}.")
    elif not _fits(value, field.type):
        yield f"{where}: {value!r} is not {field.type}"


def _fits(value: Any, kind: str) -> bool:
    match kind:
        case "s":
            return isinstance(value, str)
        case "d":
            return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None
        case "i":
            return isinstance(value, int) and not isinstance(value, bool)
        case "ms":
            return _fits(value, "i") and (value == 0 or _OLDEST < value < _NEWEST)
        case "b":
            return isinstance(value, bool)
        case "n":
            return _fits(value, "i") or isinstance(value, float)
        case "levels":
            return isinstance(value, list) and all(
                isinstance(level, list) and len(level) == 2 and all(_fits(d, "d") for d in level)
                for level in value
            )
    raise AssertionError(f"unknown type {kind!r}")


def problems_of_stream(message: Any, name: str | Stream, market: str) -> list[str]:
    """:func:`problems` of what a stream sent."""
    payload, many = of_stream(parse(name, market) if isinstance(name, str) else name, market)
    if many and not isinstance(message, list):
        return [f"no list, but {message!r}"]
    found = []
    for each in message if many else [message]:
        own = _MERGED.get(each.get("st"), market) if isinstance(each, dict) else market
        found += problems(each, PAYLOADS[payload.name, own])
    return found


def problems_of_event(message: dict[str, Any], market: str) -> list[str]:
    """:func:`problems` of an event of an account or a connection."""
    payload = of_event(message.get("e", ""), market)
    return [f"unknown event {message!r}"] if payload is None else problems(message, payload)
