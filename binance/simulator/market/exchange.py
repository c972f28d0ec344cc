"""The exchange: its symbols, their markets, and the streams that have a subscriber.

Pure: time is an argument (ms since 1970) and never goes back; randomness is seeded. The same seed
and the same start give the same market, trade by trade, for any listeners. A market is made when it
is first needed and advanced when it is read, so 1500 symbols without subscribers cost very little.
A payload is computed only for streams that have a subscriber.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from binance.simulator.market import stream_names, streams
from binance.simulator.market.candles import MINUTE
from binance.simulator.market.stream_names import StreamSpec
from binance.simulator.market.symbol_market import Market
from binance.simulator.market.symbols import Symbol, listing

QUIETEST = 0.05
"""Trades a second that every symbol has at least."""

BUSIEST = 20_000
"""The most trades a second of a symbol: one core sends few more."""

_BUSY = 20  # the symbols with a full book; they also keep more trades
_KEPT_SECONDS = 600  # a client may lose its links, wait, and fetch for minutes
_MOST_KEPT = 300_000
_UNUSED = 30_000  # ms until markets are made that nobody has asked for, at most
_UNMADE_TRADES = 300  # trades of the busiest market until then, at most
_TENDED_TRADES = 1000  # the most that are made at once in markets without subscribers
_TICK_RANK = -1 << 20  # a tick covers the time before it, so it precedes the events of its ms
_ALL_MARKET_RANK = -1  # ticks of all markets follow those of single symbols


class Event(NamedTuple):
    """One event of a stream: time (ms), order among those of the same ms, stream, payload."""

    time: int
    rank: int
    stream: str
    payload: Any


@dataclass(slots=True, eq=False)
class _ScheduledStream:
    """A timed stream that has subscribers."""

    name: str
    stream: streams.TimedStream
    market: Market | None
    period: int
    closed: bool = False

    @property
    def rank(self) -> int:
        return _ALL_MARKET_RANK if self.market is None else _TICK_RANK + self.market.symbol.rank

    def phase(self, kind: str) -> int:
        """An offset that spreads the ticks of many symbols over the period; 0 for candles."""
        if self.market is None or "kline" in kind.lower():
            return 0
        return self.market.symbol.rank * 37 % 50 * (self.period // 50)


class Exchange:
    """The simulated spot exchange.

    :param seed: the same seed gives the same market.
    :param symbols: how many to list (1 to 1500), or their names.
    :param start: ms since 1970; the markets open one to two minutes earlier.
    :param rate: trades a second of the busiest symbol; the others have fewer, by rank.
    :param falloff: how fast the rate falls with the rank: ``rate / rank**falloff``; 0: not at all.
    :param rates: trades a second of single symbols, by name.
    :param levels: levels of each side of a book; None: 1000 for the busiest twenty, else 100.
    :param spot: the spot exchange with the same options, whose prices are the index of contracts.
    :raises ValueError: for a number out of range or an unknown symbol in ``rates``.
    """

    _name = "spot"
    _instant_payloads = streams.INSTANT
    _timed = streams.TIMED
    _timed_of_many = streams.TIMED_OF_MANY
    _seed_step = 0

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
        spot: Exchange | None = None,
    ) -> None:
        if not all(0 < each <= BUSIEST for each in (rate, *(rates or {}).values())):
            raise ValueError(f"a rate must be more than 0 and at most {BUSIEST} trades a second")
        if levels is not None and not 5 <= levels <= 20_000:
            raise ValueError(f"levels must be 5 to 20000, not {levels}")
        self._spot = spot
        self._past = seed  # a contract costs about what its symbol costs on spot
        self.seed = seed * 1_000_003 + self._seed_step if self._seed_step else seed
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
        self._subscribers: dict[str, int] = {}  # stream name -> how many
        self._scheduled: dict[str, _ScheduledStream] = {}
        self._ticks: list[tuple[int, int, _ScheduledStream]] = []
        self._scheduled_count = 0
        self._instant: dict[str, tuple[str, list[Market]]] = {}  # callback, markets
        # Several streams have the same events: (symbol, callback) -> those with a subscriber.
        self.listeners: dict[tuple[str, str], list[tuple[str, Exchange]]] = {}
        self._out: list[Event] = []
        self._tend_position = 0

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
            busy, rate = listed.rank < _BUSY, self._rate_of(listed)
            market = self._markets[symbol] = Market(
                listed,
                seed=self.seed,
                past=self._past,
                origin=self._origin,
                start=self.start,
                rate=rate,
                levels=self._levels or (1000 if busy else 100),
                kept=max(60_000 if busy else 5_000, min(_MOST_KEPT, round(_KEPT_SECONDS * rate))),
            )
            if self._spot is not None and listed.past in self._spot.symbols:
                market.underlying = self._spot.market(listed.past, now)
        if now > market.now:
            market.advance(now)
        return market

    def _rate_of(self, symbol: Symbol) -> float:
        usual: float = self._rate * (symbol.rank + 1) ** -self._falloff
        return self._rates.get(symbol.name, max(QUIETEST, usual))

    def all_markets(self, now: int) -> list[Market]:
        """Every market, advanced to ``now``."""
        return [self.market(symbol.name, now) for symbol in self.listed]

    def _markets_of(self, spec: StreamSpec, now: int) -> list[Market]:
        """The markets of a stream of all contracts, or of those of a pair."""
        every = self.all_markets(now)
        return [each for each in every if spec.pair in ("", each.symbol.pair)]

    def tend(self, now: int, count: int = 20) -> None:
        """Advance the next ``count`` markets without subscribers, so that none falls far behind."""
        # They have few trades at once: what others have asked for must not wait.  Those that nobody
        # has asked for are made late, one at a time: most are never used.
        fastest = max(self._rate, *self._rates.values(), 1.0)
        is_time = now - self.start > min(_UNUSED, 1000 * _UNMADE_TRADES / fastest)
        to_make = math.ceil(fastest * _UNUSED / 1000 / _UNMADE_TRADES) * is_time
        left = _TENDED_TRADES
        for _ in range(min(count, len(self.listed))):
            symbol = self.listed[self._tend_position % len(self.listed)]
            self._tend_position += 1
            market = self._markets.get(symbol.name)
            if market is None:
                if not to_make:
                    continue
                to_make -= 1
            elif not market.callbacks.idle():
                continue  # its streams drive it
            rate = self._rate_of(symbol) / 1000
            since = self.start if market is None else market.now
            self.market(symbol.name, min(now, math.ceil(since + left / rate)))
            left -= round((now - since) * rate)
            if left <= 0:
                break

    # streams

    def parse(self, name: str) -> StreamSpec | None:
        """What a stream name means; None when this exchange does not know it."""
        spec = stream_names.parse(name, self._name)
        if spec is None or (spec.symbol and spec.symbol not in self.symbols):
            return None
        return spec

    def subscribe(self, name: str, now: int) -> bool:
        """Add a subscriber; False when the exchange does not know the stream."""
        spec = self.parse(name)
        if spec is None:
            return False
        self._subscribers[name] = self._subscribers.get(name, 0) + 1
        if self._subscribers[name] == 1:
            market = self.market(spec.symbol, now) if spec.symbol else None
            self._begin(name, spec, market, now)
        return True

    def _begin(self, name: str, spec: StreamSpec, market: Market | None, now: int) -> None:
        if not spec.period:
            callback, payload = self._instant_payloads[spec.kind]
            markets = self._markets_of(spec, now) if market is None else [market]
            self._instant[name] = (callback, markets)
            for each in markets:
                self._attach(name, callback, payload, each)
            return
        stream = self._timed_stream(spec, market)
        scheduled = self._scheduled[name] = _ScheduledStream(name, stream, market, spec.period)
        phase = scheduled.phase(spec.kind)
        due = (now - phase) // spec.period * spec.period + spec.period + phase
        self._schedule(due, scheduled)

    def _attach(
        self, name: str, callback: str, payload: Callable[..., Any], market: Market
    ) -> None:
        if callback == "on_best_price":
            market.report_best_price()  # earlier changes are not for this stream
        listeners = self.listeners.setdefault((market.symbol.name, callback), [])
        listeners.append((name, self))
        if len(listeners) > 1:
            return
        rank = market.symbol.rank

        def report(time: int, payload: Any) -> None:
            for each, exchange in listeners:
                exchange._out.append(Event(time, rank, each, payload))

        streams.attach(market, callback, payload, report)

    def _timed_stream(self, spec: StreamSpec, market: Market | None) -> streams.TimedStream:
        if market is not None:
            return self._timed[spec.kind](market, spec)
        join, make = self._timed_of_many[spec.kind]
        markets = self._markets_of(spec, self._origin)
        return join([(each, make(each, spec)) for each in markets])

    def _schedule(self, due: int, scheduled: _ScheduledStream) -> None:
        self._scheduled_count += 1
        heapq.heappush(self._ticks, (due, self._scheduled_count, scheduled))

    def unsubscribe(self, name: str) -> None:
        """Remove a subscriber of a known stream."""
        self._subscribers[name] -= 1
        if self._subscribers[name]:
            return
        del self._subscribers[name]
        scheduled = self._scheduled.pop(name, None)
        if scheduled is not None:
            scheduled.closed = True
            scheduled.stream.close()
            return
        callback, markets = self._instant.pop(name)
        for market in markets:
            listeners = self.listeners[market.symbol.name, callback]
            listeners.remove((name, self))
            if not listeners:
                setattr(market.callbacks, callback, None)

    @property
    def subscribed(self) -> frozenset[str]:
        """The streams that have a subscriber."""
        return frozenset(self._subscribers)

    @property
    def made(self) -> list[str]:
        """The symbols that have a market: those that were needed so far."""
        return list(self._markets)

    def advance(self, now: int) -> list[Event]:
        """The events of the subscribed streams up to ``now`` (ms), in order of time."""
        ticks, out = self._ticks, self._out
        while ticks and ticks[0][0] <= now:
            due, _, scheduled = heapq.heappop(ticks)
            if scheduled.closed:
                continue
            if scheduled.market is not None and due > scheduled.market.now:
                scheduled.market.advance(due)
            payload = scheduled.stream(due)
            if payload is not None:
                out.append(Event(due, scheduled.rank, scheduled.name, payload))
            self._schedule(due + scheduled.period, scheduled)
        for _, markets in self._instant.values():
            for market in markets:
                if now > market.now:
                    market.advance(now)
        events = sorted(out, key=_when)
        out.clear()
        return events


def _when(event: Event) -> tuple[int, int]:
    return event.time, event.rank
