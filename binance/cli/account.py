"""Account events in plain words. Pure.

Source: https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["in_words"]


def _short(number: object) -> str:
    """A number without the zeros at its end."""
    text = str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _order(event: Mapping[str, Any]) -> str:
    kind = str(event["o"]).replace("_", " ").lower()
    price = f" at {_short(event['p'])}" if float(event["p"]) else ""
    told = (
        f"order {event['i']}: {str(event['S']).lower()} {_short(event['q'])} {event['s']}, "
        f"{kind}{price}: {event['X']}"
    )
    if event["x"] == "TRADE":
        told += f", {_short(event['l'])} at {_short(event['L'])}"
        if float(event["z"]) != float(event["l"]):
            told += f", {_short(event['z'])} by now"
        if float(event.get("n") or 0):
            told += f", fee {_short(event['n'])} {event['N']}"
    elif event.get("r", "NONE") != "NONE":
        told += f" ({event['r']})"
    return told


def _position(event: Mapping[str, Any]) -> str:
    return "balance " + ", ".join(
        f"{each['a']} {_short(each['f'])}"
        + (f" and {_short(each['l'])} locked" if float(each["l"]) else "")
        for each in event["B"]
    )


def _change(event: Mapping[str, Any]) -> str:
    return f"balance {event['a']} {float(event['d']):+g} by a transfer"


def _list(event: Mapping[str, Any]) -> str:
    return f"order list {event['g']} of {event['s']}: {event['l']}, {event['L']}"


def _lock(event: Mapping[str, Any]) -> str:
    return f"balance {event['a']} {float(event['d']):+g} locked from without"


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "executionReport": _order,
    "outboundAccountPosition": _position,
    "balanceUpdate": _change,
    "listStatus": _list,
    "externalLockUpdate": _lock,
    "eventStreamTerminated": lambda event: "the exchange has ended the stream of events",
}


def in_words(event: Mapping[str, Any]) -> str:
    """One event in one line; what is not known is named."""
    kind = str(event.get("e", "?"))
    try:
        return _WORDS[kind](event)
    except (KeyError, ValueError, TypeError):  # a new event, or one that the exchange has changed
        return kind
