"""One symbol: its ids, its book, and what is published of it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

#: Kinds of streams that the model serves for each symbol of spot, and of USD-M futures.
KINDS = ("trade", "aggTrade", "depth", "bookTicker", "kline_1m", "depth5")
FUTURES_KINDS = ("aggTrade", "depth", "bookTicker", "kline_1m", "markPrice@1s")
#: Those of futures that are served on `/public`; the others are on `/market`, and silent elsewhere.
PUBLIC = ("depth", "bookTicker", "depth@500ms")
#: Those of an option: its book.
OPTION_KINDS = ("depth@500ms",)
#: Those that speak each second whatever the market does.
STEADY = ("depth5", "markPrice@1s")
#: Those whose events carry contiguous ids, so that a hole can be named.
CONTIGUOUS = ("trade", "aggTrade", "depth", "depth@500ms")
#: Those with contiguous ids whose past REST serves, and the field of the id.
PAST = {"trade": "t", "aggTrade": "a"}
MINUTE = 60_000

Publish = Callable[[str, dict[str, Any]], None]
Side = tuple[tuple[float, float], ...]


class Market:
    """A symbol of spot: trades, aggregate trades, a book with its diffs and tickers, and klines.

    :param publish: called with a stream's name and a payload
    :param now: the exchange's clock in ms
    :param pace: seconds from one act of the market to the next, on average; one of less than half
        a second does nothing but change its book
    """

    kinds = KINDS
    #: How many ids the changes of other symbols take between two events.
    ids_of_others = 0

    @staticmethod
    def address(kind: str) -> tuple[str, str]:
        """The market and the path of the links that have a kind of stream."""
        return "spot", ""

    def __init__(
        self, symbol: str, dice: Random, publish: Publish, now: Callable[[], int], pace: float
    ) -> None:
        self.symbol, self.dice, self.pace = symbol, dice, pace
        self._publish, self._now = publish, now
        self.trade_id = self.agg_id = 100_000  # ids that restart often are still above zero
        self.update_id = 500_000
        self.bids = {100.0 - i: 1.0 for i in range(8)}
        self.asks = {101.0 + i: 1.0 for i in range(8)}
        #: kind -> id -> the event with that id, since the ids began anew
        self.past: dict[str, dict[int, dict[str, Any]]] = {kind: {} for kind in PAST}
        #: (how often ids began anew, update id) -> the book at that id
        self.books: dict[tuple[int, int], tuple[Side, Side]] = {}
        self.epoch = 0
        self._candle_at, self._candle = 0, now() // MINUTE * MINUTE
        self._keep_book()

    def act(self) -> None:
        """Some events, mostly one."""
        if self.pace < 0.5:
            self.change_book()
            return
        for _ in range(1 if self.dice.random() < 0.9 else 6):
            self._event()

    def each_second(self) -> None:
        """What is published each second."""
        if self.pace < 0.5:
            return
        self.close_candle()
        self.change_book()  # two equal snapshots could not be told apart
        bids, asks = self._levels(5)
        self._publish(
            f"{self.symbol}@depth5", {"lastUpdateId": self.update_id, "bids": bids, "asks": asks}
        )

    def close_candle(self) -> None:
        """Publish the last state of a candle once its minute is over."""
        now = self._now()
        if now >= self._candle + MINUTE:
            self._publish_candle(now, is_closed=True)
            self._candle = now // MINUTE * MINUTE

    def renew_ids(self, up: bool) -> None:
        """Begin the ids anew, as a restarted exchange does: lower, or much higher."""
        self.epoch += 1
        step = 50_000 if up else -700
        self.trade_id += step
        self.agg_id += step
        self.update_id += 3 * step
        for kept in self.past.values():
            kept.clear()
        self._keep_book()

    def events(self, kind: str, first: int, limit: int) -> list[dict[str, Any]]:
        """The past events of a kind from an id on."""
        kept = self.past[kind]
        return [kept[number] for number in sorted(kept) if number >= first][:limit]

    def candles(self, since: int, until: int, limit: int, newest: bool) -> list[list[Any]]:
        """The candles of a minute, from a time on up to another or the present one.

        :param newest: the last rows of the window, as COIN-M has it, instead of the first ones.
        """
        begins = range(-(-since // MINUTE) * MINUTE, min(until, self._now()) + 1, MINUTE)
        begins = begins[-limit:] if newest else begins[:limit]
        rest = ["0", 0, "0", "0", "0"]
        return [[t, *["100.5"] * 4, "1", t + MINUTE - 1, *rest] for t in begins]

    def snapshot(self) -> dict[str, Any]:
        """The answer to ``GET /api/v3/depth`` and ``GET /fapi/v1/depth``."""
        bids, asks = self._levels(100)
        return {"lastUpdateId": self.update_id, "bids": bids, "asks": asks}

    def _event(self) -> None:
        kind, symbol, now = self.dice.random(), self.symbol, self._now()
        common = {"E": now, "s": symbol.upper()}
        if kind < 0.3:
            self.trade_id += 1
            trade = {"t": self.trade_id, "p": "100.5", "q": "1", "T": now, "m": True}
            event = {"e": "trade", **common, **trade}
            self.past["trade"][self.trade_id] = event
            self._publish(f"{symbol}@trade", event)
        elif kind < 0.45:
            self.agg_id += 1
            trade = {"a": self.agg_id, "p": "100.5", "q": "1", "T": now, "m": True}
            event = {"e": "aggTrade", **common, **trade}
            self.past["aggTrade"][self.agg_id] = event
            self._publish(f"{symbol}@aggTrade", event)
        elif kind < 0.75:
            self.change_book()
        else:
            self.close_candle()
            if now != self._candle_at:  # a candle's updates are never at the same moment
                self._publish_candle(now)

    def change_book(self) -> None:
        """Change one to three levels; publish the diff and the best bid and ask."""
        before, self.update_id = self.update_id, self.update_id + self.ids_of_others
        first = self.update_id + 1
        changed: tuple[list[list[str]], list[list[str]]] = ([], [])
        for _ in range(self.dice.randrange(1, 4)):
            self.update_id += 1
            is_bid = self.dice.random() < 0.5
            side = self.bids if is_bid else self.asks
            away = self.dice.randrange(8)
            price = 100.0 - away if is_bid else 101.0 + away
            quantity = float(self.dice.randrange(5)) or (1.0 if len(side) < 3 else 0.0)
            if quantity:
                side[price] = quantity
            else:
                side.pop(price, None)
            changed[0 if is_bid else 1].append([f"{price:.1f}", f"{quantity:.1f}"])
        self._keep_book()
        best = {"b": f"{max(self.bids):.1f}", "B": "1", "a": f"{min(self.asks):.1f}", "A": "1"}
        self._publish_book(before, first, changed, best)

    # inside

    def _publish_candle(self, now: int, is_closed: bool = False) -> None:
        self._candle_at = now
        times = {"t": self._candle, "T": self._candle + MINUTE - 1}
        candle = {**times, "i": "1m", "x": is_closed, "c": "100.5"}
        event = {"e": "kline", "E": now, "s": self.symbol.upper(), "k": candle}
        self._publish(f"{self.symbol}@kline_1m", event)

    def _publish_book(self, before: int, first: int, changed: Any, best: dict[str, str]) -> None:
        symbol, last = self.symbol, self.update_id
        diff = {"U": first, "u": last, "b": changed[0], "a": changed[1]}
        common = {"E": self._now(), "s": symbol.upper()}
        self._publish(f"{symbol}@depth", {"e": "depthUpdate", **common, **diff})
        self._publish(f"{symbol}@bookTicker", {"u": last, "s": symbol.upper(), **best})

    def _levels(self, count: int) -> tuple[list[list[str]], list[list[str]]]:
        bids = sorted(self.bids.items(), reverse=True)[:count]
        asks = sorted(self.asks.items())[:count]
        texts = [[[f"{p:.1f}", f"{q:.1f}"] for p, q in side] for side in (bids, asks)]
        return texts[0], texts[1]

    def _keep_book(self) -> None:
        self.books[self.epoch, self.update_id] = (
            tuple(sorted(self.bids.items())),
            tuple(sorted(self.asks.items())),
        )


class FuturesMarket(Market):
    """A USD-M contract: payloads as USD-M has them, and no trades."""

    kinds = FUTURES_KINDS
    kinds_of_book: tuple[str, ...] = ("depth", "bookTicker")
    ids_of_others = 4

    @staticmethod
    def address(kind: str) -> tuple[str, str]:
        return "usdm", "public" if kind in PUBLIC else "market"

    def each_second(self) -> None:
        self.close_candle()
        now = self._now()
        price = {"p": "100.5", "i": "100.5", "P": "100.5", "r": "0.0001", "T": now + 3_600_000}
        event = {"e": "markPriceUpdate", "E": now, "s": self.symbol.upper(), **price}
        self._publish(f"{self.symbol}@markPrice@1s", event)

    def _publish_book(self, before: int, first: int, changed: Any, best: dict[str, str]) -> None:
        symbol, last, now = self.symbol, self.update_id, self._now()
        diff = {"U": first, "u": last, "pu": before, "b": changed[0], "a": changed[1]}
        common = {"E": now, "T": now, "s": symbol.upper()}
        self._publish(f"{symbol}@{self.kinds_of_book[0]}", {"e": "depthUpdate", **common, **diff})
        for kind in self.kinds_of_book[1:]:
            self._publish(f"{symbol}@{kind}", {"e": kind, "u": last, **common, **best})


class CoinMarket(FuturesMarket):
    """A COIN-M contract: the same, on a host of its own, without paths."""

    @staticmethod
    def address(kind: str) -> tuple[str, str]:
        return "coinm", ""


class OptionMarket(FuturesMarket):
    """An option: its book alone, on the host of USD-M."""

    kinds = kinds_of_book = OPTION_KINDS

    def act(self) -> None:
        self.change_book()

    def each_second(self) -> None:
        """Nothing is published each second."""
