"""The exchange: its symbols, their markets, and the streams that somebody listens to.

Pure: time comes in by argument (ms since 1970) and never goes back; randomness is seeded. The same
seed and the same start give the same market, trade by trade, whoever listens. Markets are made when
first needed and advanced when somebody looks, so that fifteen hundred symbols cost next to nothing
until they are listened to, and a payload is computed only for streams that have a subscriber.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from binance.simulator.market import stream_names, streams
from binance.simulator.market.candles import MINUTE
from binance.simulator.market.stream_names import Wanted
from binance.simulator.market.symbol_market import Market
from binance.simulator.market.symbols import Symbol, listing

QUIETEST = 0.05
"""Trades a second that every symbol has at least."""

BUSIEST = 20_000
"""Trades a second that a symbol may have: one core sends not many more."""

_BUSY = 20  # so many symbols have the full book and keep more trades
_TICKS = -1 << 20  # a tick tells of the time before it: it comes before what happens in that ms
_ALL = -1  # all-market ticks come after those of single symbols


class Event(NamedTuple):
    """Something that a stream says: when (ms), its order among those of the same ms, what."""

    time: int
    rank: int
    stream: str
    payload: Any


class _Ticking:
    """A subscribed stream with its ticks."""

    __slots__ = ("closed", "market", "name", "period", "rank", "stream")

    def __init__(
        self, name: str, stream: streams.Timed, market: Market | None, period: int
    ) -> None:
        self.name = name
        self.stream = stream
        self.market = market
        self.period = period
        self.rank = _ALL if market is None else _TICKS + market.symbol.rank
        self.closed = False

    def phase(self, kind: str) -> int:
        """Spread the ticks of many symbols over the period; candles close on time."""
        if self.market is None or "kline" in kind.lower():
            return 0
        return self.market.symbol.rank * 37 % 50 * (self.period // 50)


class Exchange:
    """The simulated spot exchange.

    :param seed: decides everything that happens.
    :param symbols: how many to list (1 to 1500), or their names.
    :param start: ms since 1970; the markets open one to two minutes earlier.
    :param rate: trades a second of the busiest symbol; the others have fewer, by rank.
    :param falloff: how fast they fall off: ``rate / rank**falloff``; 0 makes them all alike.
    :param rates: trades a second of single symbols, by name.
    :param levels: levels of each side of a book; None: 1000 for the busiest twenty, else 100.
    :raises ValueError: for a number out of range or an unknown symbol in ``rates``.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        symbols: int | Iterable[str] = 40,
        start: int,
        rate: float = 10.0,
        falloff: float = 0.7,
        rates: Mapping[str, float] | None = None,
        levels: int | None = None,
    ) -> None:
        if not all(0 < each <= BUSIEST for each in (rate, *(rates or {}).values())):
            raise ValueError(f"a rate must be more than 0 and at most {BUSIEST} trades a second")
        if levels is not None and not 5 <= levels <= 20_000:
            raise ValueError(f"levels must be 5 to 20000, not {levels}")
        self.seed = seed
        self._past = seed
        self.start = start
        self.listed = self._listing(symbols)
        self.symbols: dict[str, Symbol] = {symbol.name: symbol for symbol in self.listed}
        self._rates = {name.upper(): each for name, each in (rates or {}).items()}
        unknown = sorted(self._rates.keys() - self.symbols.keys())
        if unknown:
            raise ValueError(f"rates name symbols that are not listed: {', '.join(unknown)}")
        self._rate = rate
        self._falloff = falloff
        self._levels = levels
        self._origin = start // MINUTE * MINUTE - MINUTE
        self._markets: dict[str, Market] = {}
        self._users: dict[str, int] = {}  # stream name: how many listen
        self._ticking: dict[str, _Ticking] = {}
        self._ticks: list[tuple[int, int, _Ticking]] = []
        self._made = 0
        self._instant: dict[str, list[Market]] = {}
        self._out: list[Event] = []
        self._tended = 0

    def _listing(self, symbols: int | Iterable[str]) -> tuple[Symbol, ...]:
        return listing(symbols)

    # markets

    def market(self, symbol: str, now: int) -> Market:
        """The market of a listed symbol (upper case), advanced to ``now``.

        :raises KeyError: when it is not listed.
        """
        market = self._markets.get(symbol)
        if market is None:
            listed = self.symbols[symbol]
            busy = listed.rank < _BUSY
            rate = self._rates.get(symbol) or max(
                QUIETEST, self._rate * (listed.rank + 1) ** -self._falloff
            )
            market = self._markets[symbol] = Market(
                listed,
                seed=self.seed,
                past=self._past,
                origin=self._origin,
                start=self.start,
                rate=rate,
                levels=self._levels or (1000 if busy else 100),
                kept=20_000 if busy else 2_000,
            )
        if now > market.now:
            market.advance(now)
        return market

    def all_markets(self, now: int) -> list[Market]:
        """Every market, advanced to ``now``."""
        return [self.market(symbol.name, now) for symbol in self.listed]

    def tend(self, now: int, count: int = 20) -> None:
        """Bring the next ``count`` markets up to date, so that none has to catch up for long."""
        for _ in range(min(count, len(self.listed))):
            name = self.listed[self._tended % len(self.listed)].name
            self._tended += 1
            market = self._markets.get(name)
            if market is None or market.watcher.idle():  # else its streams drive it
                self.market(name, now)

    # streams

    def parse(self, name: str) -> Wanted | None:
        """What a stream name asks for; None when this exchange would stay silent about it."""
        wanted = stream_names.parse(name)
        if wanted is None or (wanted.symbol and wanted.symbol not in self.symbols):
            return None
        return wanted

    def subscribe(self, name: str, now: int) -> bool:
        """One more listener; False when the exchange does not know the stream and stays silent."""
        wanted = self.parse(name)
        if wanted is None:
            return False
        self._users[name] = self._users.get(name, 0) + 1
        if self._users[name] == 1:
            market = self.market(wanted.symbol, now) if wanted.symbol else None
            self._begin(name, wanted, market, now)
        return True

    def _begin(self, name: str, wanted: Wanted, market: Market | None, now: int) -> None:
        if not wanted.period:
            self._instant[name] = self.all_markets(now) if market is None else [market]
            for each in self._instant[name]:
                self._listen(name, wanted, each)
            return
        stream = self._timed(wanted, market)
        ticking = self._ticking[name] = _Ticking(name, stream, market, wanted.period)
        phase = ticking.phase(wanted.kind)
        due = (now - phase) // wanted.period * wanted.period + wanted.period + phase
        self._schedule(due, ticking)

    def _listen(self, name: str, wanted: Wanted, market: Market) -> None:
        rank, out = market.symbol.rank, self._out

        def tell(time: int, payload: Any) -> None:
            out.append(Event(time, rank, name, payload))

        streams.listen(wanted, market, tell)

    def _timed(self, wanted: Wanted, market: Market | None) -> streams.Timed:
        return (
            streams.timed_of_all(wanted, self) if market is None else streams.timed(wanted, market)
        )

    def _schedule(self, due: int, ticking: _Ticking) -> None:
        self._made += 1
        heapq.heappush(self._ticks, (due, self._made, ticking))

    def unsubscribe(self, name: str) -> None:
        """One listener less of a known stream that was subscribed to."""
        self._users[name] -= 1
        if self._users[name]:
            return
        del self._users[name]
        ticking = self._ticking.pop(name, None)
        if ticking is not None:
            ticking.closed = True
            ticking.stream.close()
        else:
            wanted = self.parse(name)
            assert wanted is not None
            for market in self._instant.pop(name):
                self._unlisten(name, wanted, market)

    def _unlisten(self, name: str, wanted: Wanted, market: Market) -> None:
        streams.unlisten(wanted, market)

    @property
    def subscribed(self) -> frozenset[str]:
        """The known streams that somebody listens to."""
        return frozenset(self._users)

    @property
    def made(self) -> list[str]:
        """The symbols whose market was needed so far."""
        return list(self._markets)

    def advance(self, now: int) -> list[Event]:
        """What the subscribed streams say before ``now`` or at it, in order of time."""
        ticks, out = self._ticks, self._out
        while ticks and ticks[0][0] <= now:
            due, _, ticking = heapq.heappop(ticks)
            if ticking.closed:
                continue
            if ticking.market is not None and due > ticking.market.now:
                ticking.market.advance(due)
            payload = ticking.stream(due)
            if payload is not None:
                out.append(Event(due, ticking.rank, ticking.name, payload))
            self._schedule(due + ticking.period, ticking)
        for markets in self._instant.values():
            for market in markets:
                if now > market.now:
                    market.advance(now)
        events = sorted(out, key=_when)
        out.clear()
        return events


def _when(event: Event) -> tuple[int, int]:
    return event.time, event.rank
