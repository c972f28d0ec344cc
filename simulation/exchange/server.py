"""The exchange: its machines, markets and accounts, its limits, and what it can suffer from."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from simulation.exchange import frames, rest
from simulation.exchange.accounts import Accounts
from simulation.exchange.link import ExchangeLink
from simulation.exchange.market import PAST, CoinMarket, FuturesMarket, Market, OptionMarket
from simulation.world.rest import Lost, Refused

__all__ = ["HOSTS", "Exchange", "Lost", "Refused", "Watcher"]

STREAM, FUTURES, COIN_FUTURES, WS_API, REST = (
    "stream.sim.example",
    "fstream.sim.example",
    "dstream.sim.example",
    "wsapi.sim.example",
    "rest.sim.example",
)
HOSTS = (STREAM, FUTURES, COIN_FUTURES, WS_API, REST)
MARKETS = {"futures": FuturesMarket, "coinm": CoinMarket}
#: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
CONNECTS, CONNECT_SECONDS = 300, 300.0
#: Seconds by which a machine may lag behind the others.
LAGS = (0.0, 0.0, 0.1, 0.4, 1.2)
#: Seconds from a `serverShutdown` to the end of the link.
SHUTDOWN_SECONDS = 10.0
#: The share of its usual pauses that a busy account makes between two events.
BUSY = 0.02


class Watcher:
    """What the exchange counts and sees; a simulation listens here."""

    def dialled(self, host: str, in_window: int) -> None:
        """The `in_window`-th connect within five minutes."""

    def dialled_in_ban(self, host: str, age: float) -> None:
        """A connect, `age` seconds after the client was told to stay away for longer."""

    def too_many_messages(self, link: ExchangeLink, count: int) -> None:
        """So many messages within a second."""

    def no_pong(self, link: ExchangeLink, paused: float) -> None:
        """A ping was not answered within a minute, `paused` seconds of which nothing was read."""

    def ended_rudely(self, link: ExchangeLink) -> None:
        """The client ended an open link without a closing handshake."""

    def opened(self, link: ExchangeLink) -> None:
        """A handshake was accepted."""

    def requested(self, link: ExchangeLink, message: dict[str, Any]) -> None:
        """A request came over a link."""


class Exchange:
    """See the package's words.

    :param reactor: the simulated one: `now`, `at`
    :param network: the simulated one; this listens there
    :param dice: the run's, see `simulation.world.dice`
    :param symbols: symbol -> seconds from one act of its market to the next; those that end in
        `usdt` are USD-M contracts, in `_perp` COIN-M contracts, in `-c` options, the others
        spot's
    """

    def __init__(
        self, reactor: Any, network: Any, dice: Any, symbols: Mapping[str, float], watcher: Watcher
    ) -> None:
        self._reactor, self._dice = reactor, dice
        self.watcher = watcher
        self.links: list[ExchangeLink] = []
        self.numbers: Counter[str] = Counter()
        #: stream -> when each of its events was published, in order of their serial numbers
        self.times: dict[str, list[float]] = defaultdict(list)
        self._listeners: dict[str, dict[ExchangeLink, None]] = defaultdict(dict)
        self._connects: dict[str, deque[float]] = defaultdict(deque)
        self._bans: dict[str, tuple[float, float]] = {}
        self._is_closed = False
        self.events = 0
        #: seconds by which the next machines lag; None: as it comes
        self.lag: float | None = None
        self.is_quiet = False
        #: streams that a machine forgot -> when
        self.stalled_at: dict[str, float] = {}
        #: streams that a link was asked to leave -> when it last did
        self.left_at: dict[str, float] = {}
        self.heal()
        self.order_dice = dice.named("orders")
        self.accounts = Accounts(self, dice.named("executions"))
        self.markets = {
            symbol: _market_of(symbol)(
                symbol, dice.named("market", symbol), self.publish, self._ms, pace
            )
            for symbol, pace in symbols.items()
        }
        network.exchange = self
        for market in self.markets.values():
            self._plan(market)
        self._account_dice = dice.named("account")
        self.later(5.0, self._account_event)
        self.later(1.0, self._each_second)

    def heal(self) -> None:
        """End all faults that last."""
        self.handshake_refusal: tuple[int, int | None] | None = None
        self.is_mute = False
        self.answers_nothing = False
        self.refuse_next = 0
        self.refuses_bare = False
        self.rest_fault: tuple[Any, ...] | None = None
        self.is_busy = False
        self.rest_seconds = 0.0
        self.lag = None
        for link in self.links:
            link.stalled.clear()

    # Clock

    @property
    def now(self) -> float:
        now: float = self._reactor.now
        return now

    @property
    def ms(self) -> int:
        return int((1_700_000_000 + self.now) * 1000)

    def _ms(self) -> int:
        return self.ms

    def later(self, seconds: float, function: Any, *args: Any) -> None:
        self._reactor.at(seconds, function, *args)

    # Streams

    @property
    def spot_symbols(self) -> list[str]:
        return [s for s, market in self.markets.items() if type(market) is Market]

    def names(self, kind: str) -> list[str]:
        """All streams that a socket of this kind can have."""
        of = MARKETS.get(kind, Market)
        return [
            f"{symbol}@{stream}"
            for symbol, market in self.markets.items()
            if type(market) is of and market.pace >= 0.5
            for stream in market.kinds
        ]

    def join(self, link: ExchangeLink, name: str) -> None:
        """Have a link hear a stream, if there is one of that name where the link is."""
        symbol, _, kind = name.partition("@")
        market = self.markets.get(symbol)
        if market is None or kind not in market.kinds:
            return
        if market.address(kind) == (link.market, link.category):
            self._listeners[name][link] = None

    def leave(self, link: ExchangeLink, name: str) -> None:
        self._listeners[name].pop(link, None)

    def has_links_for(self, names: Iterable[str]) -> bool:
        """Whether there is a link for each path on which one of these streams is served."""
        by_address: dict[tuple[str, str], set[str]] = defaultdict(set)
        for name in (name for name in names if "@" in name):
            symbol, _, kind = name.partition("@")
            market = self.markets.get(symbol)
            by_address[("spot", "") if market is None else market.address(kind)].add(name)
        return all(
            any((link.market, link.category) == at and of & set(link.names) for link in self.links)
            for at, of in by_address.items()
        )

    def publish(self, name: str, data: dict[str, Any]) -> None:
        """Send an event to all who listen, with its serial number under `n`."""
        self.numbers[name] += 1
        self.times[name].append(self.now)
        self.events += 1
        data["n"] = self.numbers[name]
        listeners = self._listeners.get(name)
        if not listeners:
            return
        made: dict[bool, bytes] = {}
        for link in list(listeners):
            if name in link.stalled:
                continue
            payload = made.get(link.is_combined)
            if payload is None:
                message = {"stream": name, "data": data} if link.is_combined else data
                payload = made[link.is_combined] = frames.frame(frames.TEXT, orjson.dumps(message))
            link.send(payload)

    def serial(self, name: str, data: Mapping[str, Any]) -> int | None:
        """The serial number of an event that was fetched by REST; None for a candle."""
        symbol, _, kind = name.partition("@")
        if kind not in PAST:
            return None
        event = self.markets[symbol].past[kind].get(data[PAST[kind]])
        return None if event is None else int(event["n"])

    def carriers(self, name: str) -> Iterable[ExchangeLink]:
        """The links on which a stream is."""
        return self._listeners.get(name, ())

    def _plan(self, market: Market) -> None:
        self.later(market.dice.expovariate(1.0) * market.pace, self._act, market)

    def _act(self, market: Market) -> None:
        if not self._is_closed:
            if not self.is_quiet:
                market.act()
            self._plan(market)

    def _account_event(self) -> None:
        if not self._is_closed:
            if not self.is_quiet:
                self.accounts.event()
            pause = self._account_dice.uniform(1, 4) * (BUSY if self.is_busy else 1)
            self.later(pause, self._account_event)

    def _each_second(self) -> None:
        if self._is_closed:
            return
        self.later(1.0, self._each_second)
        if not self.is_quiet:
            for market in self.markets.values():
                market.each_second()
        for link in list(self.links):
            link.each_second()

    def shut(self) -> None:
        """Publish nothing any more."""
        self._is_closed = True

    # Connections

    def syn(self, host: str) -> None:
        """From the network: somebody dials."""
        now, connects = self.now, self._connects[host]
        connects.append(now)
        while connects[0] < now - CONNECT_SECONDS:
            connects.popleft()
        self.watcher.dialled(host, len(connects))
        told, until = self._bans.get(host, (0.0, 0.0))
        if told + 0.2 < now < until - 0.2:
            self.watcher.dialled_in_ban(host, now - told)

    def accept(self, end: Any) -> ExchangeLink:
        """From the network: a connection arrives, at a machine that may lag behind the others."""
        end.down.lag = lag = end.dice.choice(LAGS) if self.lag is None else self.lag
        return ExchangeLink(self, end, lag)

    def opened(self, link: ExchangeLink) -> None:
        self.links.append(link)
        self.watcher.opened(link)

    def forget(self, link: ExchangeLink) -> None:
        for name in link.names:
            self.leave(link, name)
        if link in self.links:
            self.links.remove(link)

    def banned(self, host: str, until: float) -> None:
        """The client reads that its handshakes are refused until then."""
        told, before = self._bans.get(host, (0.0, 0.0))
        self._bans[host] = (told if self.now < before else self.now, max(before, until))

    # Requests over links

    def refuses(self, names: Iterable[str]) -> bool:
        """Whether a SUBSCRIBE is refused now."""
        if self.refuse_next > 0:
            self.refuse_next -= 1
            return True
        return False

    def refusal_of(self, number: object) -> dict[str, Any]:
        """In the shape that the documentation shows, or in the bare one that the exchange sends."""
        error = {"code": 2, "msg": "Invalid request: refused by the model"}
        return {**error, "id": number} if self.refuses_bare else {"error": error, "id": number}

    # Faults

    def stall(self, name: str) -> None:
        """The machines forget a stream; their links live on."""
        self.stalled_at[name] = self.now
        for link in self.carriers(name):
            link.stalled.add(name)

    def announce_shutdown(self, link: ExchangeLink) -> None:
        """`serverShutdown`, and the end of the link."""
        event = {"e": "serverShutdown", "E": self.ms}
        link.text({"stream": "!serverShutdown", "data": event} if link.is_combined else event)
        self.later(SHUTDOWN_SECONDS, link.close, 1001)

    def renew_ids(self, up: bool) -> None:
        """All ids begin anew."""
        for market in self.markets.values():
            market.renew_ids(up)

    # REST

    def rest(
        self, method: str, path: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer a request: status, headers, body."""
        return rest.answer(self, method, path, params)


def _market_of(symbol: str) -> type[Market]:
    if symbol.endswith(("_perp", "-c")):
        return CoinMarket if symbol.endswith("_perp") else OptionMarket
    return FuturesMarket if symbol.endswith("usdt") else Market
