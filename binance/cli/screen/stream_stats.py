"""Price, change, latency and rate of one stream, computed from its messages. Pure."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from typing import Any

from binance.sansio.names.times import milliseconds

#: Seconds over which the rate of messages is measured.
RATE_SECONDS = 5.0
#: Weight of a new latency in the moving average.
_WEIGHT = 0.2


def _number(text: object) -> float | None:
    try:
        return float(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


class NumberColumn:
    """Formats the numbers of one column with as many decimals as any of them has needed so far."""

    def __init__(self) -> None:
        self._most = 0

    def format(self, number: object) -> str:
        """A number of the exchange with thousands separators, without zeros that none needs."""
        text = f"{number:.8f}" if isinstance(number, float) else str(number)
        match = re.fullmatch(r"(-?)([0-9]+)(?:\.([0-9]*))?", text)
        if match is None:
            return text
        sign, whole, decimals = match[1], f"{int(match[2]):,}", match[3] or ""
        self._most = max(self._most, len(decimals.rstrip("0")))
        decimals = decimals[: self._most].ljust(self._most, "0")
        found = f"{whole}.{decimals}" if decimals else whole
        return found if not found.strip("0.") else f"{sign}{found}"  # no negative zero


def _change(price: object, before: object, period: str) -> str:
    last, first = _number(price), _number(before)
    if last is None or not first:
        return ""
    return percent(last / first - 1) + (period and f" {period}")


def percent(share: float) -> str:
    """A change in percent, never a negative zero."""
    return f"{round(share * 100, 2) + 0.0:+,.2f}%"


_PRICES = {
    **dict.fromkeys(
        ("trade", "aggTrade", "blockTrade", "markPriceUpdate", "indexPriceUpdate"), "p"
    ),
    **dict.fromkeys(("kline", "continuous_kline", "24hrMiniTicker"), "c"),
    "avgPrice": "w",
    "referencePrice": "r",
}
"""Type of event -> the field with its price. Tickers have their change and its period, too."""
_TICKERS = {"24hrTicker": "24h", "1hTicker": "1h", "4hTicker": "4h", "1dTicker": "1d"}


def _reading(kind: str, event: Mapping[str, Any]) -> tuple[object, str]:
    """The price of an event, and its change over a period of its own, if it has one."""
    if kind in _TICKERS:
        return event["c"], f"{percent(float(event['P']) / 100)} {_TICKERS[kind]}"
    body = event.get("k", event)
    price = body[_PRICES[kind]]
    return price, _change(price, body["o"], body.get("i", "24h")) if "o" in body else ""


class StreamStats:
    """What a table shows about one stream."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.price = ""
        self.change = ""
        self.direction = 0
        """1: the price rose last time that it changed, -1: it fell."""
        self.messages = 0
        self.last: float | None = None
        """When the last message arrived: UNIX seconds."""
        self.latency: float | None = None
        """Milliseconds from the event's own time to its arrival: a moving average."""
        self._prices = NumberColumn()
        self._first: float | None = None
        self._before: float | None = None
        self._counts: deque[tuple[float, int]] = deque()

    def add(self, data: Any, when: float, offset: float = 0.0) -> None:
        """Add a message.

        :param when: when it arrived, in UNIX seconds by this computer's clock.
        :param offset: milliseconds that the exchange's clock is ahead of this computer's.
        """
        self.messages += 1
        self.last = when
        event = data
        if isinstance(data, list):
            self.price = f"{len(data)} symbol{'s' * (len(data) != 1)}"
            event = data[0] if data else None
        if not isinstance(event, dict):
            return
        sent = event.get("E")
        if isinstance(sent, int) and sent:
            passed = when * 1000 + offset - milliseconds(sent)
            before = self.latency
            self.latency = passed if before is None else before + _WEIGHT * (passed - before)
        if event is data:
            self._read(event)

    def rate(self, now: float) -> float:
        """Messages per second over the last seconds; call it regularly.

        :param now: seconds of a monotonic clock.
        """
        counts = self._counts
        counts.append((now, self.messages))
        while len(counts) > 2 and counts[1][0] <= now - RATE_SECONDS:
            counts.popleft()
        began, count = counts[0]
        return (self.messages - count) / (now - began) if now > began else 0.0

    def _read(self, event: dict[str, Any]) -> None:
        kind = event.get("e")
        if kind in _PRICES or kind in _TICKERS:
            try:
                self._set_price(*_reading(kind, event))
            except (KeyError, ValueError):  # the exchange has changed this event
                self.price = "?"
        elif kind == "depthUpdate":
            self.price = f"{len(event.get('b', ()))} bids {len(event.get('a', ()))} asks"
        elif "b" in event and "a" in event:
            self._set_quote(event["b"], event["a"])
        elif event.get("bids") and event.get("asks"):
            self._set_quote(event["bids"][0][0], event["asks"][0][0])

    def _set_price(self, price: object, change: str) -> None:
        value = _number(price)
        self.price = "-" if price is None else self._prices.format(price)
        if value is None:
            return
        self._move_to(value)
        self.change = change or _change(value, self._first, "")

    def _set_quote(self, bid: object, ask: object) -> None:
        self._prices.format(ask)  # so that the bid has as many decimals
        self.price = f"{self._prices.format(bid)} / {self._prices.format(ask)}"
        bid_price, ask_price = _number(bid), _number(ask)
        if bid_price is not None and ask_price is not None:
            middle = (bid_price + ask_price) / 2
            self._move_to(middle)
            self.change = _change(middle, self._first, "")

    def _move_to(self, value: float) -> None:
        if self._first is None:
            self._first = value
        elif self._before is not None and value != self._before:
            self.direction = 1 if value > self._before else -1
        self._before = value
