"""The state of one simulator, without its connections: exchanges, rules, faults, counts. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from binance.simulator.market.exchange import Exchange
from binance.simulator.market.order_book import Level
from binance.simulator.market.replay import Player
from binance.simulator.rules.errors import simulated, too_many, too_many_orders
from binance.simulator.rules.faults import Fault, Faults
from binance.simulator.rules.limits import ORDER_COUNT, RollingLimit, WeightLimit
from binance.simulator.rules.settings import FUTURES_ORDERS, INTERVALS, Settings


class SimulatorState:
    """The state that REST, the streams and the WebSocket API of one simulator share.

    :param clock: returns ms since 1970.
    :param futures: the USD-M futures exchange, if there is one.
    :param others: the exchanges of further markets, by name.
    """

    def __init__(
        self,
        exchange: Exchange,
        clock: Callable[[], int],
        *,
        futures: Exchange | None = None,
        others: Mapping[str, Exchange] | None = None,
        settings: Settings | None = None,
        player: Player | None = None,
        seed: int = 1,
    ) -> None:
        self.exchange = exchange
        self.others = ({"usdm": futures} if futures else {}) | dict(others or {})
        self.clock = clock
        self.settings = settings or Settings()
        self.player = player
        self.faults = Faults(seed)
        self.violations: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.handshakes: Counter[str] = Counter()
        self._weights: dict[str, WeightLimit] = {}
        self._connects: dict[str, RollingLimit] = {}
        self._orders: dict[tuple[int, str, str], RollingLimit] = {}

    def now(self) -> int:
        """The market's time, ms."""
        return self.clock()

    def exchange_time(self) -> int:
        """The time of the exchange's clock, ms: the market's, shifted by ``clock_drift``."""
        now = self.clock()
        return now + self.faults.drift(now)

    def market(self, name: str) -> Exchange | None:
        """The exchange of a market: ``spot``, ``usdm``, ``coinm`` or ``options``."""
        return self.exchange if name == "spot" else self.others.get(name)

    def markets(self) -> list[tuple[str, Exchange]]:
        """All exchanges with their markets' names; spot, whose prices the others use, first."""
        return [("spot", self.exchange), *self.others.items()]

    def keep_depth(self, fault: Fault) -> None:
        """Keep the books that a ``stale_snapshot`` covers, as they are now."""
        for name, exchange in self.markets():
            for symbol in exchange.symbols:
                if fault.covers(streams=(f"{symbol.lower()}@depth",)):
                    book = exchange.market(symbol, self.clock()).book
                    fault.books[name, symbol] = (book.update_id, *book.top(5000))

    def stale_depth(self, name: str, symbol: str) -> tuple[int, list[Level], list[Level]] | None:
        """The kept book of a symbol while a ``stale_snapshot`` covers it, else None."""
        streams = (f"{symbol.lower()}@depth",)
        fault = self.faults.find("stale_snapshot", self.clock(), streams=streams)
        kept = fault.books.get((name, symbol)) if fault else None
        if fault and kept:
            fault.count_use()
        return kept

    def apply_fault(self, kind: str, **scope: Any) -> Fault | None:
        """The first active fault of a kind that covers ``scope``, counted as applied."""
        return self.faults.apply(kind, self.clock(), **scope)

    def http_error(self, on: str, path: str) -> Fault | None:
        """The ``http_status`` fault that applies: ``on`` handshake, rest or ws_api."""
        return self.apply_fault("http_status", on=on, path=path)

    def check_http_error(self, on: str, path: str, code: int) -> None:
        """:raises ApiError: an ``http_status`` fault applies, which has ``code`` as a rule."""
        if (fault := self.http_error(on, path)) is not None:
            raise simulated(fault["status"], fault["retry_after"], self.exchange_time(), code)

    def reply_fault(self, path: str, *more: str) -> Fault | None:
        """The fault that applies to the answer to a call; ``more``: kinds that only it can have."""
        kinds = ("drop_reply", "slow_reply", *more)
        return next(filter(None, (self.apply_fault(kind, path=path) for kind in kinds)), None)

    def order_limits(self, market: str) -> list[tuple[str, str, int, int]]:
        """The limits of the orders of an account: type, interval, number of intervals, orders."""
        spot = (("SECOND", 10, self.settings.orders),)
        return [("ORDERS", *each) for each in (spot if market == "spot" else FUTURES_ORDERS)]

    def counted_orders(
        self, market: str, headers: Mapping[str, str]
    ) -> list[tuple[str | int, ...]]:
        """Those limits with the numbers that the headers of an answer have."""
        rows = [(f"{ORDER_COUNT}{row[2]}{row[1][0]}", row) for row in self.order_limits(market)]
        return [(*row, int(headers[name])) for name, row in rows if name in headers]

    def count_orders(
        self, uid: int, headers: dict[str, str], count: int = 1, market: str = "spot"
    ) -> None:
        """Count new orders of an account; puts the numbers into the headers of the answer.

        :raises ApiError: 429, when there were too many and limits are enforced.
        """
        now, refusal = self.clock(), None
        pool = "usdm" if market == "coinm" else market
        for _, interval, number, most in self.order_limits(market):
            unused = RollingLimit(most, number * INTERVALS[interval])
            limit = self._orders.setdefault((uid, pool, interval), unused)
            if [limit.count(now) for _ in range(count)][-1:] == [False]:
                wait = limit.wait(now)
                refusal = too_many_orders(most, f"{number} {interval}", wait, self.exchange_time())
            headers[f"{ORDER_COUNT}{number}{interval[0]}"] = str(limit.used(now))
        if refusal and self.settings.counting:
            self.violations["orders"] += 1
            if self.settings.enforcing:
                raise refusal

    def weight_of(self, address: str, market: str = "spot") -> WeightLimit:
        """The request weight of one address; USD-M and COIN-M share it."""
        name = {"spot": address, "coinm": f"{address} usdm"}.get(market, f"{address} {market}")
        unused = WeightLimit(self.most_weight(market), self.settings.ban)
        return self._weights.setdefault(name, unused)

    def most_weight(self, market: str) -> int:
        """The request weight of a minute."""
        return self.settings.weight if market == "spot" else self.settings.futures_weight

    def weights(self) -> dict[str, int]:
        """Weight used this minute, by address, and by address and market beyond spot."""
        now = self.clock()
        return {name: weight.used_in_minute(now) for name, weight in self._weights.items()}

    def charge(self, address: str, weight: int, market: str = "spot") -> None:
        """Charge an address for a request.

        :raises ApiError: 429 or 418, when it is used up and limits are enforced.
        """
        if not self.settings.counting:
            return
        now = self.clock()
        status, wait = self.weight_of(address, market).spend(weight, now)
        if status == 200:
            return
        self.violations["weight" if status == 429 else "banned"] += 1
        if self.settings.enforcing:
            raise too_many(status, wait, self.most_weight(market), self.exchange_time())

    def count_connect(self, address: str) -> int:
        """Count a connection attempt; seconds to wait when it was one too many, else 0."""
        rule = self.settings
        if not rule.counting:
            return 0
        unused = RollingLimit(rule.connects, rule.connects_window)
        window, now = self._connects.setdefault(address, unused), self.clock()
        if window.count(now):
            return 0
        self.violations["connects"] += 1
        return window.wait(now) if rule.enforcing else 0
