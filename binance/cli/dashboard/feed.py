"""Receives what the dashboard shows: streams, events, and histories by REST.

A thread of the feed's own starts the exchange and asks by REST; reactor threads receive. They
only put changes into a queue, and the dashboard applies these a few times a second.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

from binance.cli.account.credentials import client_of
from binance.cli.account.filling import Filling
from binance.cli.account.kinds import Account
from binance.cli.account.picture import AccountPicture
from binance.cli.dashboard.board import HISTORIES, Board
from binance.cli.errors import CommandError, command_errors
from binance.cli.event_text import connection_text
from binance.cli.exchange import ClockOffset, Exchange
from binance.cli.screen.terminal import Stop
from binance.cli.service.status import open_status
from binance.client import Client
from binance.depthcache import DepthCacheManager
from binance.events import Event, GaveUp
from binance.exceptions import BinanceAPIException
from binance.relay.frames import Frame, FrameManager, Manager

#: Changes that may wait while the program is suspended; the oldest are dropped.
MOST_WAITING = 50_000
REST_SECONDS = 5.0
CLOSE_SECONDS = 3.0
BOOK, BOOK_LEVELS = "@depth@100ms", 50
"""The end of the key of a book's socket; how many levels are drawn at most."""
NO_SUCH_SYMBOL = -1121


class Feed:
    """Of one exchange.

    :param exchange: the feed's thread selects it, because a simulator takes a second.
    :param status_port: where to serve the state of the sockets; None: nowhere.
    """

    def __init__(self, exchange: Exchange, status_port: int | None = None) -> None:
        self._exchange = exchange
        self._status_port = status_port
        self._waiting: deque[Callable[[Board], object]] = deque(maxlen=MOST_WAITING)
        self._jobs: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="dashboard-feed", daemon=True)
        self._manager: FrameManager | None = None
        self._client: Client | None = None
        self._book: DepthCacheManager | None = None
        self._account: Account | None = None
        self._of_account = ExitStack()
        self._key: Any = None
        self._streams: set[str] = set()
        self._offset = ClockOffset()

    # from the dashboard

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Close the sockets and end the simulator; what takes too long ends with the process."""
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)

    def changes(self) -> Iterator[Callable[[Board], object]]:
        """What has arrived since the last call."""
        for _ in range(len(self._waiting)):
            yield self._waiting.popleft()
        if self._book is not None:
            snapshot = self._book.snapshot(BOOK_LEVELS)
            yield lambda board: board.set_book(snapshot)

    def fetch(self, symbol: str, interval: str) -> None:
        self._jobs.put(partial(self._fetch, symbol, interval))

    def follow_account(self, account: Account | None) -> None:
        """Follow this account, and no other one, from now on."""
        if account != self._account:
            self._account = account
            self._jobs.put(partial(self._follow_account, account))

    def follow(self, streams: set[str], symbol: str) -> None:
        """Receive exactly these streams, and keep the book of this symbol, from now on."""
        manager, before = self._manager, self._streams
        if manager is None:
            return
        self._keep_book(manager, symbol)
        if streams == before:
            return
        self._streams = streams
        try:
            if not streams:
                manager.stop_socket(self._key)
                self._key = None
            elif self._key is None:
                self._key = manager.start_multiplex_socket(
                    sorted(streams), self._on_message, gapless=True
                )
            else:
                if new := streams - before:
                    manager.subscribe(self._key, sorted(new))
                if gone := before - streams:
                    manager.unsubscribe(self._key, sorted(gone))
        except KeyError:  # the library has stopped reconnecting: the next call opens a new socket
            self._key, self._streams = None, set()

    def _keep_book(self, manager: FrameManager, symbol: str) -> None:
        """Change the book if another symbol is selected, and replace one that has ended."""
        before = self._book
        if before is not None and (before.get_symbol() != symbol or not before.get_depth_cache()):
            before.close()
            self._book = None
        if self._book is None and symbol:
            self._book = DepthCacheManager(
                self._client, symbol, bm=manager, limit=100, ws_interval=100, timeout=0
            )

    # in the feed's thread

    def _run(self) -> None:
        try:
            with ExitStack() as stack, command_errors("cannot start"):
                self._serve(stack)
        except CommandError as error:
            self._put(Board.fail, error.message)

    def _serve(self, stack: ExitStack) -> None:
        stack.enter_context(self._exchange.selected())
        self._client = stack.enter_context(Client(timeout=REST_SECONDS))
        manager = FrameManager(self._on_event)
        manager.start()
        stack.callback(manager.close_and_wait)
        self._manager = manager
        if self._status_port is not None:
            close, words = open_status(manager, self._status_port)
            stack.callback(close)
            self._put(Board.note, words)
        stack.enter_context(self._offset)
        stack.enter_context(self._of_account)
        while (job := self._jobs.get()) is not None:
            job()

    def _follow_account(self, account: Account | None) -> None:
        self._of_account.close()
        if account is None:
            return
        try:
            with command_errors(f"no account {account}"):
                client = self._of_account.enter_context(client_of(self._exchange, can_ask=False))
                note, tables = partial(self._put, Board.note), AccountPicture()
                self._put(Board.set_account, account, tables)
                filling = Filling(
                    account, client, tables, self._change, note, partial(self._give_up, account)
                )
                self._of_account.callback(filling.close)
                manager = Manager(partial(self._on_account_event, account, filling), client)
                manager.start()
                self._of_account.callback(manager.close_and_wait)
                account.start(manager, partial(self._put, Board.add_account_message, account))
                if self._exchange.simulator is not None and account.kind.demo:
                    stop = Stop()
                    self._of_account.callback(stop.set)
                    given = stop, client, note
                    threading.Thread(target=account.trade_until, args=given, daemon=True).start()
        except CommandError as error:
            self._of_account.close()
            self._give_up(account, error.message)

    def _give_up(self, account: Account, cause: str) -> None:
        self._put(Board.note, cause)
        self._put(Board.set_account, account, None)

    def _fetch(self, symbol: str, interval: str) -> None:
        assert self._client is not None
        try:
            with command_errors(f"no candles of {symbol}"):
                most = HISTORIES[interval]
                rows = self._client.get_klines(symbol=symbol, interval=interval, limit=most)
                self._put(Board.add_history, symbol, interval, rows)
        except CommandError as error:
            cause = error.__cause__
            if isinstance(cause, BinanceAPIException) and cause.code == NO_SUCH_SYMBOL:
                self._put(Board.reject, symbol)
            else:
                self._put(Board.note, error.message)

    def _put(self, change: Callable[..., object], *arguments: Any) -> None:
        self._waiting.append(lambda board: change(board, *arguments))

    def _change(self, change: Callable[[], object]) -> None:
        self._waiting.append(lambda board: change())

    # in the reactor thread

    def _on_event(self, event: Event) -> None:
        if not event.key.endswith(BOOK):  # the panel of the book shows whether it is in sync
            self._put(Board.add_event, event)

    def _on_account_event(self, account: Account, filling: Filling, event: Event) -> None:
        filling.add_event(event)
        if text := connection_text(event):
            self._put(Board.note, f"account: {text}")
        if isinstance(event, GaveUp):
            self._put(Board.set_account, account, None)

    def _on_message(self, message: Any) -> None:
        if (frame := Frame.of(message)) is not None:
            name, offset = str(frame["stream"]), self._offset.milliseconds
            self._put(Board.add_frame, name, frame["data"], frame.received, offset)
