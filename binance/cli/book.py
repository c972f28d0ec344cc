"""``book``: a live order book."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import click

from binance.cli.figures import Figures
from binance.cli.ladder import Ladder, rows_for
from binance.cli.notes import Notes, clock, words
from binance.cli.options import for_option
from binance.cli.place import Place, exchange_options
from binance.cli.tables import Heading
from binance.cli.terminal import REFRESH_SECONDS, Ending, Screen, is_live, told_to_end
from binance.cli.trouble import Trouble, explained
from binance.cli.watch import forget_output
from binance.client import Client
from binance.depthcache import DepthCache, DepthCacheManager
from binance.events import Connected, Disconnected, Event, Resumed
from binance.sansio.book.orderbook import BookSnapshot, Level
from binance.websockets import BinanceSocketManager

__all__ = ["book"]

#: Seconds within which the first book must be there.
FIRST_SECONDS = 30.0
#: Seconds that closing handshakes may take.
CLOSE_SECONDS = 1.5
LINE_LEVELS = 20


@click.command(short_help="A live order book of a spot symbol.")
@click.argument("symbol")
@click.option("--levels", type=click.IntRange(1, 5000), help="Levels a side; else what fits.")
@click.option("--json", "as_lines", is_flag=True, help="The book as lines of JSON.")
@for_option
@exchange_options
def book(
    symbol: str,
    levels: int | None,
    as_lines: bool,
    seconds: float | None,
    environment: str | None,
    demo: bool,
) -> None:
    """Show the order book of a spot symbol: depth bars, spread, and whether it is in step.

    The book is kept by the exchange's procedure and checked against its update ids; where an event
    is missing it says that it is out of step, until a new snapshot is in place.

    Where standard output is no terminal, or with --json, the book is printed as a line of JSON
    whenever it has changed, four times a second at most: symbol, time (of the exchange, ms),
    updateId, synced, and [price, quantity] of the best levels.

    \b
    Examples:
      binance-sockets book BTCUSDT
      binance-sockets book ethbtc --levels 5 --env testnet
      binance-sockets book BTCUSDT --json --for 10s | jq .bids[0]
    """
    place = Place(environment, demo)
    with place.entered():
        shown = Book(symbol.upper(), live=is_live() and not as_lines)
        try:
            shown.open()
            shown.run(place, levels, seconds)
        finally:
            shown.close()


class Book:
    """An order book on a socket that never gives in, and what is told of them."""

    def __init__(self, symbol: str, live: bool) -> None:
        self.symbol = symbol
        self.notes = Notes()
        self._updates = 0
        self._reconnects = 0
        self._resyncs = 0
        self._is_connected = False
        self._given_up = False
        self._live = live
        self._manager = BinanceSocketManager(None, max_retries=None, on_event=self._tell)
        self._manager.daemon = True
        self._client: Client | None = None
        self._cache: DepthCacheManager | None = None
        self._began = time.monotonic()

    def open(self) -> None:
        """Return when the first book is there.

        :raises Trouble: there will be none.
        """
        with explained(f"no order book of {self.symbol}"):
            self._client = Client(timeout=10)
            self._cache = DepthCacheManager(
                self._client,
                self.symbol,
                self._changed,
                bm=self._manager,
                ws_interval=100,
                timeout=FIRST_SECONDS,
                on_resync=self._resynced,
            )

    def close(self) -> None:
        if self._cache is not None:
            self._cache.close()
        self._manager.close()
        if self._manager.is_alive():
            self._manager.join(CLOSE_SECONDS)
        if self._client is not None:
            self._client.close()

    def run(self, place: Place, levels: int | None, seconds: float | None) -> None:
        """Draw, or print, until told to end."""
        if self._live:
            with told_to_end() as ending, Screen() as screen:
                self._draw(ending, screen, place, levels, seconds)
            click.echo(self._last_words())
            return
        try:
            with told_to_end() as ending:
                self._print(ending, levels or LINE_LEVELS, seconds)
        except BrokenPipeError:
            forget_output()

    def _looks(self, ending: Ending, seconds: float | None) -> Iterator[DepthCacheManager]:
        """The book, now and then, until the end."""
        assert self._cache is not None
        self._began = time.monotonic()
        while not ending.is_set():
            if self._given_up:
                raise Trouble(f"the order book of {self.symbol} cannot be kept: its stream is gone")
            yield self._cache
            if seconds is not None and time.monotonic() - self._began >= seconds:
                return
            ending.wait(REFRESH_SECONDS)

    def _draw(
        self,
        ending: Ending,
        screen: Screen,
        place: Place,
        levels: int | None,
        seconds: float | None,
    ) -> None:
        ladder, pace = Ladder(), Figures(self.symbol)
        for cache in self._looks(ending, seconds):
            rows = rows_for(screen.size[1])
            shown = cache.snapshot(min(levels or rows, rows))
            pace.messages = self._updates
            now = time.monotonic()
            more = f"{pace.rate(now):.1f} updates/s  {self._reconnects} reconnects"
            heading = Heading(
                place.name, self._is_connected, now - self._began, time.time(), now, more=more
            )
            screen.draw(ladder.draw(heading, shown, self.notes, screen.size))

    def _print(self, ending: Ending, levels: int, seconds: float | None) -> None:
        told: tuple[Any, ...] = ()
        for cache in self._looks(ending, seconds):
            shown = cache.snapshot(levels)
            if told != (shown.update_id, shown.synced):
                told = (shown.update_id, shown.synced)
                click.echo(as_line(shown))

    def _last_words(self) -> str:
        return (
            f"{self.symbol}  {self._updates:,} updates, {self._resyncs} times out of step, "
            f"{self._reconnects} reconnects, {time.monotonic() - self._began:.0f} s"
        )

    # from the library, in the reactor's thread

    def _changed(self, cache: DepthCache | None) -> None:
        if cache is None:
            self._given_up = True
        else:
            self._updates += 1

    def _resynced(self, cache: DepthCache) -> None:
        self._resyncs += not cache.synced
        self._say(time.time(), "in step again" if cache.synced else "out of step")

    def _tell(self, event: Event) -> None:
        match event:
            case Connected():
                self._is_connected = True
            case Disconnected():
                self._is_connected = False
            case Resumed():
                self._reconnects += 1
        if text := words(event):
            self._say(event.when, text)

    def _say(self, when: float, text: str) -> None:
        self.notes.add(when, text)
        if not self._live:
            click.echo(f"{clock(when)} {text}", err=True)


def as_line(book: BookSnapshot) -> str:
    """A book as one line of JSON; numbers are texts, as the exchange writes them."""

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
