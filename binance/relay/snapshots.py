"""Snapshots of order books for consumers, each fetched once for all of them."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any, Final

import orjson

from binance.client import Client
from binance.exceptions import BinanceError, redact
from binance.relay.engine import Msg
from binance.sansio.book.bookmarkets import BOOKS

#: Seconds for which a snapshot is used again.
FRESH_SECONDS: Final = 10.0
METHODS: Final = frozenset(book.snapshot for book in BOOKS.values())


class Snapshots:
    """Answers requests for snapshots."""

    def __init__(self) -> None:
        #: how often the exchange was asked
        self.fetched = 0
        #: how often consumers have asked
        self.asked = 0
        self._client: Client | None = None
        self._fetching: dict[tuple[str, str, int], tuple[float, asyncio.Future[Any]]] = {}

    async def answer(self, message: Msg) -> None:
        """Answer ``{"method", "symbol", "limit", "after"}``: the snapshot, or an error.

        `after` is the update id of a snapshot that was too old for the consumer.
        """
        self.asked += 1
        try:
            asked = orjson.loads(message.data)
            which = str(asked["method"]), str(asked["symbol"]), int(asked["limit"])
            if which[0] not in METHODS:
                raise ValueError(f"{which[0]!r} is no method for snapshots")
            found = await self._snapshot(which, asked.get("after"))
            answer = {"snapshot": found}
        except (BinanceError, OSError, ValueError, TypeError, KeyError) as error:
            names = ("status_code", "code", "message", "retry_after")
            known = {name: getattr(error, name, None) for name in names}
            answer = {"error": redact(str(error)) or type(error).__name__, **known}
        await message.respond(orjson.dumps(answer))

    async def _snapshot(self, which: tuple[str, str, int], after: int | None) -> Any:
        fetched, snapshot = self._fetching.get(which, (0.0, None))
        is_late = snapshot is None or monotonic() > fetched + FRESH_SECONDS
        if snapshot is not None and not is_late:
            found = await asyncio.shield(snapshot)
            if after is None or found["lastUpdateId"] > after:
                return found
            is_late = self._fetching.get(which, (fetched, snapshot)) == (fetched, snapshot)
        if is_late:
            self.fetched += 1
            old = monotonic() - FRESH_SECONDS
            for other, (at, done) in list(self._fetching.items()):
                if at < old and done.done():
                    del self._fetching[other]
            fetching = asyncio.ensure_future(asyncio.to_thread(self._fetch, *which))
            self._fetching[which] = monotonic(), fetching
        return await asyncio.shield(self._fetching[which][1])

    def _fetch(self, method: str, symbol: str, limit: int) -> Any:
        if self._client is None:
            self._client = Client()
        return getattr(self._client, method)(symbol=symbol, limit=limit)
