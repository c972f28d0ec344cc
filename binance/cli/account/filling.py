"""Fills the tables of an account by REST whenever events of it may be missing."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial

from binance.cli.account.kinds import Account
from binance.cli.account.picture import AccountPicture
from binance.cli.account.rows import read_answers
from binance.cli.errors import CommandError, command_errors
from binance.client import Client
from binance.events import Connected, Event, Gap
from binance.exceptions import BinanceAPIException
from binance.sansio.wire import bans

#: Seconds after which calls that failed are made again.
RETRY_SECONDS = 10.0


class Filling:
    """Asks what the account holds, in a thread of its own: once a link, and after each gap.

    Calls before the link would miss what happens between them.

    :param change: takes the changes of the tables, for the thread that adds the events too, and in
        order with these.
    :param report: called with the cause if a call has failed, and will be made again.
    :param give_up: called with the cause if the exchange refuses the first calls for good.
    """

    def __init__(
        self,
        account: Account,
        client: Client,
        tables: AccountPicture,
        change: Callable[[Callable[[], object]], object],
        report: Callable[[str], object],
        give_up: Callable[[str], object],
    ) -> None:
        self._account, self._client, self._tables = account, client, tables
        self._change, self._report, self._give_up = change, report, give_up
        self._wanted: queue.SimpleQueue[bool] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="account-tables", daemon=True).start()

    def add_event(self, event: Event) -> None:
        """Called in the reactor thread."""
        if isinstance(event, Connected | Gap):
            self._wanted.put(True)

    def close(self) -> None:
        """End the thread, after a call that it makes."""
        self._wanted.put(False)

    def _run(self) -> None:
        wait: float | None = None
        is_filled = False
        while self._is_wanted(wait):
            self._change(self._tables.asked)
            try:
                with command_errors("cannot fill the tables"):
                    answers = self._account.answers(self._client, self._account.kind.tables)
                    rows = read_answers(answers)
            except CommandError as error:
                if not is_filled and _is_refused(error.__cause__):
                    self._give_up(error.message)
                    return
                self._report(error.message)
                wait = RETRY_SECONDS
            else:
                self._change(partial(self._tables.answered, rows))
                wait, is_filled = None, True

    def _is_wanted(self, wait: float | None) -> bool:
        """Whether to ask, as soon as there is a cause or the wait is over."""
        try:
            return self._wanted.get(timeout=wait)
        except queue.Empty:
            return True


def _is_refused(cause: BaseException | None) -> bool:
    """Whether the same call will be refused again."""
    return isinstance(cause, BinanceAPIException) and bans.is_final(cause.status_code)
