"""``book``: a live order book."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import click

from binance.cli.errors import command_errors
from binance.cli.event_text import ConnectionLog
from binance.cli.exchange import Exchange
from binance.cli.options import exchange_options, for_option
from binance.cli.screen import terminal
from binance.cli.screen.pictures import BookPicture, Heading, levels_that_fit
from binance.cli.screen.stream_stats import StreamStats
from binance.cli.screen.terminal import Screen, Stop
from binance.cli.service.status import serve_status, status_option
from binance.client import Client
from binance.depthcache import (
    BaseDepthCacheManager,
    DepthCache,
    DepthCacheManager,
    FuturesDepthCacheManager,
    OptionsDepthCacheManager,
)
from binance.enums import FuturesType
from binance.exceptions import BinanceConnectionError
from binance.relay.frames import Manager
from binance.sansio.book.bookmarkets import BOOKS
from binance.sansio.book.orderbook import BookSnapshot, Level

LINE_LEVELS = 20
#: market -> levels of a side in a snapshot, if no more are to be shown
SNAPSHOT_LEVELS = {"spot": 500, "usdm": 1000, "coinm": 1000, "options": 100}
CACHES: Mapping[str, Callable[..., BaseDepthCacheManager]] = {
    "spot": DepthCacheManager,
    "usdm": FuturesDepthCacheManager,
    "coinm": partial(FuturesDepthCacheManager, futures_type=FuturesType.COIN_M),
    "options": OptionsDepthCacheManager,
}


def _market_and_symbol(text: str) -> tuple[str, str]:
    """A type for click: ``BTCUSDT``, ``usdm:BTCUSDT``."""
    market, colon, symbol = text.rpartition(":")
    if colon and market not in CACHES:
        raise click.BadParameter(f"unknown market {market!r}; allowed are {', '.join(CACHES)}")
    if not symbol:
        raise click.BadParameter("it is empty; give a symbol such as BTCUSDT or usdm:BTCUSDT")
    return market or "spot", symbol.upper()


@click.command(short_help="Show a live order book.")
@click.argument("symbol", type=_market_and_symbol)
@click.option("--levels", type=click.IntRange(1, 5000), help="Levels a side; default: what fits.")
@click.option("--json", "as_lines", is_flag=True, help="Print the book as lines of JSON.")
@status_option
@for_option
@exchange_options
def book(
    symbol: tuple[str, str],
    levels: int | None,
    as_lines: bool,
    seconds: float | None,
    exchange: Exchange,
) -> None:
    """Show the order book of a symbol: levels with bars, spread, and whether it is in sync.

    For other markets than spot begin with usdm:, coinm: or options:. The book follows the
    exchange's procedure and checks the update ids. If an event is missing, the book is shown as out
    of sync until a new snapshot has replaced it.

    With --json, or if standard output is not a terminal, the book is printed as a line of JSON when
    it has changed, at most four times a second: symbol, time (of the exchange, ms), updateId,
    synced, and [price, quantity] of the best levels.

    \b
    Examples:
      binance-sockets book BTCUSDT
      binance-sockets book ethbtc --levels 5 --env testnet
      binance-sockets book usdm:BTCUSDT
      binance-sockets book BTCUSDT --json --for 10s | jq .bids[0]
    """
    with exchange.selected():
        live = LiveBook(*symbol, levels or 0, on_screen=terminal.is_terminal() and not as_lines)
        try:
            live.open()
            live.run(exchange, levels, seconds)
        finally:
            live.close()


class LiveBook:
    """An order book that reconnects for ever, on a screen or as lines."""

    def __init__(self, market: str, symbol: str, levels: int, on_screen: bool) -> None:
        self.symbol = symbol if market == "spot" else f"{market}:{symbol}"
        try:
            limit = BOOKS[market].limit_for(max(levels, SNAPSHOT_LEVELS[market]))
        except ValueError as error:
            raise click.UsageError(f"--levels {levels}: {error}") from None
        self._make: Callable[..., Any] = partial(
            CACHES[market], symbol=symbol, ws_interval=100, limit=limit
        )
        self._on_screen = on_screen
        self._log = ConnectionLog(on_stderr=not on_screen)
        self._updates = StreamStats(symbol)
        self._resyncs = 0
        self._has_ended = False
        self._manager = Manager(self._log.add_event)
        self._client: Client | None = None
        self._cache: BaseDepthCacheManager | None = None
        self._began = time.monotonic()

    def open(self) -> None:
        """Start the stream; the book follows.

        :raises CommandError: the symbol or an address cannot be right.
        """
        serve_status(self._manager)
        with command_errors(f"no order book of {self.symbol}"):
            self._client = Client(timeout=10)
            self._cache = self._make(
                self._client,
                callback=self._on_update,
                bm=self._manager,
                timeout=0,
                on_resync=self._on_resync,
            )

    def close(self) -> None:
        if self._cache is not None:
            self._cache.close()
        self._manager.close_and_wait()
        if self._client is not None:
            self._client.close()

    def run(self, exchange: Exchange, levels: int | None, seconds: float | None) -> None:
        """Draw or print the book until the command must stop."""
        self._began = time.monotonic()
        if self._on_screen:
            with terminal.stop_on_signals(seconds) as stop, terminal.open_screen(stop) as screen:
                self._draw(stop, screen, exchange, levels)
        else:
            with terminal.stop_on_signals(seconds) as stop:
                self._print(stop, levels or LINE_LEVELS)
        is_there = self._cache is not None and self._cache.synced
        self._log.check_any(self._updates.messages or is_there)
        if self._on_screen:
            click.echo(self._summary())

    def _refreshes(self, stop: Stop) -> Iterator[BaseDepthCacheManager]:
        """The book, each time that it is to be drawn or printed."""
        assert self._cache is not None
        while not stop.was_set:
            if self._has_ended:
                with command_errors(f"no order book of {self.symbol}"):
                    raise self._cache.error or BinanceConnectionError("its stream is gone")
            yield self._cache
            if stop.is_set():
                return
            stop.wait(terminal.REFRESH_SECONDS)

    def _draw(self, stop: Stop, screen: Screen, exchange: Exchange, levels: int | None) -> None:
        picture, log = BookPicture(), self._log
        for cache in self._refreshes(stop):
            fitting = levels_that_fit(screen.size[1])
            snapshot = cache.snapshot(min(levels or fitting, fitting))
            heading = Heading.of(exchange.name, log, log.is_connected, self._began)
            rate = self._updates.rate(heading.steady)
            heading.more = f"{rate:.1f} updates/s  {log.reconnects} reconnects"
            screen.draw(picture.draw(heading, snapshot, log, screen.size))

    def _print(self, stop: Stop, levels: int) -> None:
        printed: tuple[object, bool] | None = None
        for cache in self._refreshes(stop):
            snapshot = cache.snapshot(levels)
            state = (snapshot.update_id, snapshot.synced)
            if state != printed and (printed or snapshot.synced):
                printed = state
                click.echo(_json_line(snapshot))

    def _summary(self) -> str:
        return (
            f"{self.symbol}  {self._updates.messages:,} updates, {self._resyncs} times out of "
            f"sync, {self._log.reconnects} reconnects, {time.monotonic() - self._began:.0f} s"
        )

    # from the library, in the reactor's thread

    def _on_update(self, cache: DepthCache | None) -> None:
        if cache is None:
            self._has_ended = True
        else:
            self._updates.messages += 1

    def _on_resync(self, cache: DepthCache) -> None:
        self._resyncs += not cache.synced
        self._log.add("in sync again" if cache.synced else "out of sync")


def _json_line(book: BookSnapshot) -> str:
    """A book as one line of JSON; numbers are strings, as the exchange sends them."""

    def side(levels: tuple[Level, ...]) -> list[list[str]]:
        return [[f"{level.price:f}", f"{level.quantity:f}"] for level in levels]

    return json.dumps(
        {
            "symbol": book.symbol,
            "time": book.update_time,
            "updateId": book.update_id,
            "synced": book.synced,
            "bids": side(book.bids),
            "asks": side(book.asks),
        }
    )
