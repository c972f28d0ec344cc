"""The options of a socket whose missing events are fetched."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from binance.helpers import date_to_milliseconds
from binance.sansio.feed.backfill import Since, filled
from binance.sansio.feed.continuity import Fill
from binance.sansio.feed.cursors import track
from binance.sansio.feed.gapless import Gapless
from binance.sansio.feed.history import Past, past_of
from binance.sansio.names.streams import TIME_UNITS, key
from binance.sansio.names.times import milliseconds
from binance.tx.past.backfill import Fetcher
from binance.tx.past.checkpoint import Checkpoint

#: A whole number from this on is a time in milliseconds, below it an id: times had it in 2001.
FIRST_TIME = 10**12
ALLOWED = "trade, aggTrade and klines of spot, USD-M and COIN-M (trade of USD-M with an API key)"


def since_of(since: object, past: Past) -> Since:
    """Where a stream begins, by the option `since`.

    :raises TypeError, ValueError: it is no id and no date.
    """
    found = _start_of(since, has_ids=not past.is_candle)
    if past.is_candle and found.moment is not None:
        return Since(found.moment * past.unit, age=-1.0)
    return found


def _start_of(since: object, has_ids: bool) -> Since:
    if type(since) is int and since < FIRST_TIME and has_ids:
        if since < 0:
            raise ValueError(f"since must be an id from 0, or a time, not {since!r}")
        return Since(since, age=-1.0)
    if isinstance(since, bool) or not isinstance(since, int | str | datetime):
        raise TypeError(f"since must be an id, a date or milliseconds, not {since!r}")
    return Since(moment=int(milliseconds(date_to_milliseconds(since))), age=-1.0)


def starts_of(since: object, has_ids: Mapping[str, bool]) -> dict[str, Since]:
    """Where the streams of a socket begin, by the option `since`.

    :param has_ids: the streams that may begin in the past, and whether an id may say where.
    :raises TypeError, ValueError: `since` is wrong for one of them.
    """
    if since is None:
        return {}
    given = since if isinstance(since, Mapping) else dict.fromkeys(has_ids, since)
    if unknown := sorted(given.keys() - has_ids.keys()):
        raise ValueError(f"since names streams that cannot be filled: {', '.join(unknown)}")
    starts = {name: _start_of(one, has_ids[name]) for name, one in given.items()}
    by_id = [one for one in starts.values() if one.position is not None]
    if given is not since and by_id and len(starts) > 1:
        raise ValueError("since=id is for one stream; for several give {stream: id}")
    return starts


def starts_from_relay(
    since: object, names: Iterable[str], market: str, group: str | None
) -> dict[str, Since]:
    """The same for streams that come from relays, which keep streams of all kinds."""
    starts = starts_of(since, {name: track(name, market, []).names_gaps for name in names})
    times = [one.moment for one in starts.values() if one.moment is not None]
    if any(one < FIRST_TIME for one in times):
        allowed = "a time, or an id of a trade, an aggregate trade or a change of a book"
        raise ValueError(f"since must be {allowed}, not {since!r}")
    if group is not None and (isinstance(since, Mapping) or len(times) < len(starts)):
        raise ValueError("with group= all streams begin together: since must be a time")
    return starts


@dataclass(slots=True)
class History:
    """How the missing events of a socket's streams are fetched, and where its streams begin."""

    fetcher: Fetcher
    limits: Gapless
    #: where each stream begins, or a mapping from streams to that
    since: Any = None
    checkpoint: Checkpoint | None = None
    time_unit: str | None = None
    wall: Callable[[], float] = time.time
    #: the streams that have begun
    begun: set[str] = field(default_factory=set)
    #: those that `since` is not for
    later: set[str] = field(default_factory=set)

    def fill(self, market: str, query: str = "") -> Fill:
        """Creates the tracks of a market; the query of the link shows the unit of its times."""
        named = re.findall(r"timeUnit=(\w+)", query) or [TIME_UNITS.get(self.time_unit or "ms", "")]
        unit = 1000 if market == "spot" and named[0].upper() == TIME_UNITS["us"] else 1

        def make(name: str, gaps: list[Any]) -> Any:
            past = self._past(name, market, unit)
            if past is None:
                return None
            return filled(name, market, gaps, self.limits, unit, self._begin(name, market, past))

        return make

    def check(self, names: Iterable[str], market: str, is_asked: bool) -> None:
        """Check the options for the streams with which a socket starts.

        :param is_asked: the options are for this socket, and no defaults of its manager.
        :raises TypeError, ValueError: none of the streams can be filled, or `since` is wrong.
        """
        pasts = {name: past for name in names if (past := self._past(name, market, 1))}
        if is_asked and not pasts:
            raise ValueError(
                f"gapless=, since= and checkpoint= need a stream whose past the exchange serves: "
                f"{ALLOWED}; not {', '.join(names) or 'an account or a whole market'}"
            )
        starts_of(self.since, {name: not past.is_candle for name, past in pasts.items()})

    def _past(self, name: str, market: str, unit: int) -> Past | None:
        past = past_of(name, market, unit)
        if past is None or (past.source.needs_key and not self.fetcher.has(past.source.method)):
            return None
        return past

    def skip(self, names: Iterable[str]) -> None:
        """These streams were subscribed later: `since` is not for them."""
        self.later.update(names)

    def _begin(self, name: str, market: str, past: Past) -> Since | None:
        if name in self.begun:
            return None
        self.begun.add(name)
        checkpoint = self.checkpoint
        cursor = None if checkpoint is None else checkpoint.cursors.get(key(name, market))
        if checkpoint is not None and cursor is not None:
            if past.is_candle:  # the link that saved it may have had another unit
                cursor = int(milliseconds(cursor)) * past.unit
            return Since(cursor, age=max(0.0, self.wall() - checkpoint.saved))
        since = self.since.get(name) if isinstance(self.since, Mapping) else self.since
        if name in self.later:
            return None
        return None if since is None else since_of(since, past)
