"""What a live table tells of a stream, reckoned from its messages. Pure: times come in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["Figures", "Places"]

#: Seconds over which messages per second are counted.
RATE_SECONDS = 5.0
#: How much a new latency counts against those before it.
_WEIGHT = 0.2


def _number(text: object) -> float | None:
    try:
        return float(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


class Places:
    """Writes the numbers of one column with as many decimals as any of them has needed."""

    def __init__(self) -> None:
        self._most = 0

    def write(self, number: object) -> str:
        """A number as the exchange writes it, but for zeros at its end that none needs."""
        text = str(number)
        whole, point, decimals = text.partition(".")
        if not point or not decimals.isdecimal():
            return text
        self._most = max(self._most, len(decimals.rstrip("0")))
        decimals = decimals[: self._most].ljust(self._most, "0")
        return f"{whole}.{decimals}" if decimals else whole


def _change(price: object, before: object, period: str) -> str:
    last, first = _number(price), _number(before)
    if last is None or not first:
        return ""
    return f"{(last / first - 1) * 100:+.2f}% {period}".rstrip()


# What each kind of event says: its price, and its change over a period of its own, if it has one.


def _at(field: str) -> Callable[[Mapping[str, Any]], tuple[object, str]]:
    return lambda event: (event[field], "")


def _kline(event: Mapping[str, Any]) -> tuple[object, str]:
    candle = event["k"]
    return candle["c"], _change(candle["c"], candle["o"], candle["i"])


def _mini_ticker(event: Mapping[str, Any]) -> tuple[object, str]:
    return event["c"], _change(event["c"], event["o"], "24h")


def _ticker(event: Mapping[str, Any]) -> tuple[object, str]:
    period = str(event["e"]).removesuffix("Ticker").removesuffix("hr")
    period = period if period.endswith(("h", "d")) else f"{period}h"
    return event["c"], f"{float(event['P']):+.2f}% {period}"


_READINGS: dict[str, Callable[[Mapping[str, Any]], tuple[object, str]]] = {
    "trade": _at("p"),
    "aggTrade": _at("p"),
    "blockTrade": _at("p"),
    "kline": _kline,
    "continuous_kline": _kline,
    "24hrMiniTicker": _mini_ticker,
    "24hrTicker": _ticker,
    "1hTicker": _ticker,
    "4hTicker": _ticker,
    "1dTicker": _ticker,
    "avgPrice": _at("w"),
    "referencePrice": _at("r"),
    "markPriceUpdate": _at("p"),
    "indexPriceUpdate": _at("p"),
}


class Figures:
    """The figures of one stream."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.price = ""
        self.change = ""
        self.direction = 0
        """1: the last price was above the one before it, -1: below."""
        self.messages = 0
        self.last: float | None = None
        """When the last message came: UNIX seconds."""
        self.latency: float | None = None
        """Milliseconds from the event's own time to its arrival, smoothed."""
        self._places = Places()
        self._first: float | None = None
        self._before: float | None = None
        self._counts: deque[tuple[float, int]] = deque()

    # from the stream

    def heard(self, data: Any, when: float, offset: float = 0.0) -> None:
        """A message came at ``when`` (UNIX seconds).

        :param offset: by how many ms the exchange's clock is ahead of the one that tells ``when``.
        """
        self.messages += 1
        self.last = when
        event = data
        if isinstance(data, list):
            self.price = f"{len(data)} symbol{'s' * (len(data) != 1)}"
            event = data[0] if data else None
        if not isinstance(event, dict):
            return
        said = event.get("E")
        if isinstance(said, int) and said:
            passed = when * 1000 + offset - said / (1000 if said > 10**14 else 1)  # µs
            before = self.latency
            self.latency = passed if before is None else before + _WEIGHT * (passed - before)
        if event is data:
            self._show(event)

    # for the table

    def rate(self, now: float) -> float:
        """Messages per second of late, by a clock that never goes back; to be asked regularly."""
        counts = self._counts
        counts.append((now, self.messages))
        while len(counts) > 2 and counts[1][0] <= now - RATE_SECONDS:
            counts.popleft()
        began, count = counts[0]
        return (self.messages - count) / (now - began) if now > began else 0.0

    # inside

    def _show(self, event: dict[str, Any]) -> None:
        reading = _READINGS.get(event.get("e", ""))
        if reading is not None:
            try:
                self._priced(*reading(event))
            except (KeyError, ValueError):  # the exchange has changed this event
                self.price = "?"
        elif event.get("e") == "depthUpdate":
            self.price = f"{len(event.get('b', ()))} bids {len(event.get('a', ()))} asks"
        elif "b" in event and "a" in event:
            self._quoted(event["b"], event["a"])
        elif event.get("bids") and event.get("asks"):
            self._quoted(event["bids"][0][0], event["asks"][0][0])

    def _priced(self, price: object, change: str) -> None:
        value = _number(price)
        self.price = "-" if price is None else self._places.write(price)
        if value is None:
            return
        self._move(value)
        self.change = change or _change(value, self._first, "")

    def _quoted(self, bid: object, ask: object) -> None:
        self._places.write(ask)  # the bid shall have as many decimals
        self.price = f"{self._places.write(bid)} / {self._places.write(ask)}"
        bid_price, ask_price = _number(bid), _number(ask)
        if bid_price is not None and ask_price is not None:
            middle = (bid_price + ask_price) / 2
            self._move(middle)
            self.change = _change(middle, self._first, "")

    def _move(self, value: float) -> None:
        if self._first is None:
            self._first = value
        elif self._before is not None and value != self._before:
            self.direction = 1 if value > self._before else -1
        self._before = value
