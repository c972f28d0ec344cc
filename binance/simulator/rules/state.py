"""What one simulator is, but for its sockets: the exchanges, the rules, the counts. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from binance.simulator.market.exchange import Exchange
from binance.simulator.market.order_book import Level
from binance.simulator.market.replay import Player
from binance.simulator.rules.errors import too_many
from binance.simulator.rules.faults import Faults
from binance.simulator.rules.limits import Rolling, Weight
from binance.simulator.rules.settings import Settings


class Venue:
    """One simulated trading venue, shared by the REST routes, the streams and the WebSocket API.

    :param clock: gives ms since 1970; called whenever the time is needed.
    :param futures: the USD-M futures exchange, if there is one.
    """

    def __init__(
        self,
        exchange: Exchange,
        clock: Callable[[], int],
        *,
        futures: Exchange | None = None,
        settings: Settings | None = None,
        player: Player | None = None,
        seed: int = 1,
    ) -> None:
        self.exchange = exchange
        self.futures = futures
        self.clock = clock
        self.settings = settings or Settings()
        self.player = player
        self.faults = Faults(seed)
        self.violations: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.handshakes: Counter[str] = Counter()
        self._weights: dict[str, Weight] = {}
        self._stale: dict[tuple[str, str], tuple[int, list[Level], list[Level]]] = {}
        self._connects: dict[str, Rolling] = {}

    def now(self) -> int:
        """The market's time, ms."""
        return self.clock()

    def reported(self) -> int:
        """The time that the exchange tells, and checks timestamps against: ``clock_drift`` shifts
        it.
        """
        now = self.clock()
        return now + self.faults.drift(now)

    def market(self, name: str) -> Exchange | None:
        """The exchange of a market: ``spot`` or ``usdm``."""
        return self.exchange if name == "spot" else self.futures

    def markets(self) -> list[tuple[str, Exchange]]:
        """All exchanges with their markets' names."""
        return [("spot", self.exchange)] + ([("usdm", self.futures)] if self.futures else [])

    def freeze_depth(self) -> None:
        """Remember the books as they are: what ``stale_snapshot`` tells from now on."""
        self._stale = {}
        for name, exchange in self.markets():
            for symbol in exchange.made:
                book = exchange.market(symbol, self.clock()).book
                self._stale[name, symbol] = (book.update_id, *book.top(5000))

    def stale(self, name: str, symbol: str) -> tuple[int, list[Level], list[Level]] | None:
        """The book of a symbol as it was, while a ``stale_snapshot`` concerns it."""
        kept = self._stale.get((name, symbol))
        if kept is None:
            return None
        fault = self.faults.find(
            "stale_snapshot", self.clock(), streams=(f"{symbol.lower()}@depth",)
        )
        if fault is None:
            return None
        fault.strike()
        return kept

    def weight_of(self, address: str) -> Weight:
        """The request weight of one address."""
        weight = self._weights.get(address)
        if weight is None:
            weight = self._weights[address] = Weight(self.settings.weight, self.settings.ban)
        return weight

    def weights(self) -> dict[str, int]:
        """Weight used this minute, by address."""
        now = self.clock()
        return {address: weight.present(now) for address, weight in self._weights.items()}

    def charge(self, address: str, weight: int) -> None:
        """Spend request weight.

        :raises ApiError: 429 or 418, when it is used up and limits are enforced.
        """
        if not self.settings.counting:
            return
        now = self.clock()
        status, wait = self.weight_of(address).take(weight, now)
        if status == 200:
            return
        self.violations["weight" if status == 429 else "banned"] += 1
        if self.settings.enforcing:
            raise too_many(status, wait, self.settings.weight, self.reported())

    def connect(self, address: str) -> int:
        """Count a connection attempt; seconds to wait when it was one too many, else 0."""
        rule = self.settings
        if not rule.counting:
            return 0
        window = self._connects.get(address)
        if window is None:
            window = self._connects[address] = Rolling(rule.connects, rule.connects_window)
        now = self.clock()
        if window.hit(now):
            return 0
        self.violations["connects"] += 1
        return window.wait(now) if rule.enforcing else 0
