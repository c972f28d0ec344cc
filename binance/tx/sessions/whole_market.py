"""Whole-market streams that the exchange has retired, rebuilt from the streams of every symbol.

Spot's `!ticker@arr` ended on 2026-03-26 and `!bookTicker` on 2022-12-07.  The streams of single
symbols, `<symbol>@ticker` and `<symbol>@bookTicker`, still exist.  So a whole market is a multiplex
of all of them.  Its messages are converted to the old shape: a list of the changed tickers once a
second, or each book ticker as a plain dict.

The WebSocket API lists the symbols, on a separate connection.  The list is requested again each
hour, to add new symbols and remove delisted ones.  A host for market data only has no WebSocket
API; then the list is fetched by REST.
https://developers.binance.com/docs/binance-spot-api-docs/websocket-api/general-requests
"""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Any

import orjson
from twisted.internet.defer import Deferred

from binance.sansio.account import wsapi
from binance.sansio.feed.continuity import Continuity
from binance.sansio.link.reconnect import Failure, Retry, RetryPolicy
from binance.sansio.wire import bans
from binance.tx.connection import Connection
from binance.tx.dependencies import DelayedCall
from binance.tx.link import Link, Session
from binance.tx.sessions.market import Multiplex
from binance.tx.socket import Socket
from binance.tx.wire.dial import DialError

logger = logging.getLogger("binance")

#: Seconds between two lists of changed tickers, as of `!ticker@arr`.
GATHER_SECONDS = 1.0
#: Seconds between two requests of the list of symbols.
REFRESH_SECONDS = 3600.0
#: Maximum seconds for the answer; the list of all symbols is long.
ANSWER_SECONDS = 30.0
NO_SYMBOLS = "the list of symbols is empty: nothing trades now"
REQUEST = {
    "id": "symbols",
    "method": "exchangeInfo",
    "params": {"symbolStatus": "TRADING", "showPermissionSets": False},
}


class WholeMarket(Multiplex):
    """The streams of one kind for all symbols, under one key.

    :param kind: `ticker`, delivered in lists; or `bookTicker`, delivered one by one.
    :param fetch: a blocking function that returns the trading symbols, in lower case; None: ask
        `listing_urls`.
    """

    reports_silence = False  # some of all symbols are always quiet

    def __init__(
        self,
        socket: Socket,
        bases: Sequence[str],
        listing_urls: Sequence[str],
        kind: str,
        fetch: Callable[[], Iterable[str]] | None = None,
    ) -> None:
        super().__init__(socket, bases, ())
        self.listing_urls, self.fetch = listing_urls, fetch
        self._kind = kind
        self._changed: dict[str, Any] = {}
        self._next = 0.0
        clock = socket.dependencies.clock
        self._gathering, self._refreshing = DelayedCall(clock), DelayedCall(clock)
        self._listing: Connection | None = None

    # from the socket

    def start(self) -> None:
        self._list_symbols()
        if self._kind == "ticker":
            self._next = self.socket.now()
            self._gather()

    def stop(self) -> None:
        self._gathering.stop()
        self._refreshing.stop()
        if self._listing is not None:
            self._listing.stop()

    # from the sessions

    def deliver(self, message: Any) -> None:
        data = message.get("data") if isinstance(message, dict) else None
        symbol = data.get("s") if isinstance(data, dict) else None
        if not isinstance(symbol, str):
            self.socket.malformed(orjson.dumps(message))
        elif self._kind == "ticker":
            self._changed[symbol] = data
        else:
            self.socket.dispatch.deliver(data)

    # from the listing

    def listed(self, symbols: Iterable[str]) -> None:
        """Take the list of the trading symbols, in lower case."""
        now = {f"{symbol}@{self._kind}": None for symbol in symbols}
        before = set(self._shards.names)
        if added := [name for name in now if name not in before]:
            self.change("SUBSCRIBE", added, Future())
        if removed := sorted(before - now.keys()):
            self.change("UNSUBSCRIBE", removed, Future())
        logger.debug("%s: %d symbols added, %d removed", self.socket.key, len(added), len(removed))

    def not_listed(self, failure: Failure) -> None:
        """The request of the list failed; an earlier list stays in use."""
        if not self._shards.names:
            self.socket.gave_up(failure)
        else:
            logger.warning(
                "%s: the list of symbols could not be updated: %s", self.socket.key, failure.reason
            )

    def listing_gone(self, connection: Connection) -> None:
        self._listing = None
        self.socket.finished(connection)

    # inside

    def _list_symbols(self) -> None:
        self._refreshing.start(REFRESH_SECONDS, self._refresh)
        owner = _ListingOwner(self)
        policy = self.socket.options.policy
        if self._shards.names:  # a refresh is not urgent, and its failure does little harm
            policy = RetryPolicy(max_retries=None, initial=60.0, maximum=REFRESH_SECONDS)
        session = _ListingSession(self)
        dependencies = self.socket.dependencies._replace(connect=None)  # relays have no such list
        self._listing = Connection(owner, session, dependencies, policy)
        self.socket.holds(self._listing)
        self._listing.start()

    def _refresh(self) -> None:
        if self._listing is None:
            self._list_symbols()
        else:
            self._refreshing.start(REFRESH_SECONDS, self._refresh)

    def _gather(self) -> None:
        now = self.socket.now()
        self._next = max(self._next + GATHER_SECONDS, now)  # one second on average
        self._gathering.start(self._next - now, self._gather)
        if self._changed:
            tickers, self._changed = list(self._changed.values()), {}
            self.socket.dispatch.deliver(tickers)
            self.socket.flush()


class _ListingSession(Session):
    """Requests the list of symbols once, and closes the link, which is never rotated.

    If the list is fetched, a try is a call, without a link.
    """

    def __init__(self, whole_market: WholeMarket) -> None:
        self.continuity = Continuity("")
        self._whole_market = whole_market
        self.urls = whole_market.listing_urls
        self._asked_at: float | None = None

    def dial(self, link: Link, address: int) -> Deferred[Any]:
        fetch = self._whole_market.fetch
        if fetch is None:
            return super().dial(link, address)

        def symbols() -> list[str]:
            try:
                found = list(fetch())
            except Exception as error:
                words = f"the list of symbols could not be fetched: {error}"
                status, wait = getattr(error, "status_code", 0), getattr(error, "retry_after", None)
                limited = status if status in bans.LIMITED else None  # another one may pass
                raise DialError(words, limited, retry_after=wait) from error
            if not found:
                raise DialError(NO_SYMBOLS)
            return found

        def fetched(symbols: list[str]) -> None:
            self._whole_market.listed(symbols)
            link.connection.stop()

        return self._whole_market.socket.dependencies.in_thread(symbols).addCallback(fetched)

    def begin(self, link: Link) -> None:
        link.send(json.dumps(REQUEST).encode(), self._sent)

    def _sent(self, now: float) -> None:
        self._asked_at = now

    def sink(self, link: Link) -> Callable[[object], None]:
        return lambda message: self._take(link, message)

    def _take(self, link: Link, message: object) -> None:
        if not isinstance(message, dict) or message.get("id") != REQUEST["id"]:
            return
        reply = wsapi.parse(message)
        if isinstance(reply, wsapi.Reply) and (error := reply.error) is not None:
            words = f"the list of symbols was refused: {error.reason}"
            link.fail(Failure(words, error.code or None, error.status, error.retry_after))
            return
        try:
            listed = message["result"]["symbols"]
            symbols = [one["symbol"] for one in listed if one["status"] == "TRADING"]
            names = [symbol.lower() for symbol in symbols]
        except (AttributeError, KeyError, TypeError):
            link.fail(Failure("the list of symbols does not have the documented shape"))
            return
        if not names:
            link.fail(Failure(NO_SYMBOLS))
            return
        self._whole_market.listed(names)
        link.ready()
        link.connection.stop()

    def watch(self, link: Link, now: float) -> None:
        if self._asked_at is not None and now - self._asked_at > ANSWER_SECONDS:
            link.fail(Failure("no answer to the request of the list of symbols"))

    def ended(self, link: Link) -> None:
        self._asked_at = None


class _ListingOwner:
    """Gets the reports of the listing connection; passes them on while there is no list yet."""

    is_paused = may_read_ahead = False
    messages = 0

    def __init__(self, whole_market: WholeMarket) -> None:
        self._whole_market = whole_market
        self._socket = whole_market.socket
        self._is_refresh = bool(whole_market._shards.names)
        self.key = whole_market.socket.key

    def opened(self) -> None: ...
    def proved(self, downtime: float | None) -> None: ...
    def rotated(self) -> None: ...
    def unheard(self) -> None: ...
    def read(self, octets: int, messages: int, seconds: float, now: float) -> None: ...
    def heard(self, message: object, received: float) -> None: ...
    def flush(self) -> None: ...
    def silent(self, stream: str, cause: str) -> None: ...
    def gap(self, stream: str, first: int | None, last: int | None, reason: str = "") -> None: ...

    def lost(self, failure: Failure, outage: bool) -> None:
        if self._is_refresh:
            logger.debug("%s: listing: %s", self.key, failure.reason)
        else:
            self._socket.lost(failure, outage)

    def retrying(self, retry: Retry) -> None:
        if self._is_refresh:
            logger.debug("%s: listing: retry in %.1f s", self.key, retry.delay)
        else:
            self._socket.retrying(retry)

    def delayed(self, seconds: float, reason: str) -> None:
        self._socket.delayed(seconds, reason)

    def gave_up(self, failure: Failure) -> None:
        self._whole_market.not_listed(failure)

    def finished(self, connection: Connection) -> None:
        self._whole_market.listing_gone(connection)

    def malformed(self, payload: bytes) -> None:
        logger.warning("%s: the list of symbols is not valid JSON", self.key)

    def protocol_failed(self, error: BaseException) -> None:
        logger.error("%s: the list of symbols could not be processed", self.key, exc_info=error)

    unprocessed = protocol_failed
