"""The subscriptions of one link: the requests, the answers, and what the link carries.

Theory.  A `binance.sansio.link.shards.Shard` holds the streams that a connection wants.  Each
*link* of the connection, including the successor in a rotation, has a `Conversation`, which makes
the link carry the wanted streams.  It knows which streams the URL named, what was requested since
then, and how the exchange answered each request, by the request's id.  The handshake counts as the
answer to the URL; LIST_SUBSCRIPTIONS then checks it.  When a link is lost, its conversation ends
with it.  The next link starts from the streams that are wanted then, so there is nothing to restore
after a reconnect.

    request             after the answer
    SUBSCRIBE           acknowledged; or refused: sent again in halves, down to the one bad name
    UNSUBSCRIBE         acknowledged; or refused: the same
    LIST_SUBSCRIPTIONS  the audit.  Missing streams are requested again.  Streams that this link
                        requested and that are not wanted any more are unsubscribed.  Then a second
                        audit follows, and what is still missing is reported.  A name that we never
                        requested stays: the exchange may spell one of our names differently

A request without an answer after `REPLY_SECONDS` is sent again, twice; then the link is dropped.  A
repeated request names only what is still wanted then: an older request never cancels a newer one.
For the same reason, an answer that comes out of order does not override a newer one.

`binance.sansio.link.ledger` knows which calls wait for an answer.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, "Live
Subscribing/Unsubscribing to streams".
"""

import enum
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Final, NamedTuple

from binance.sansio.link.shards import URL_OCTETS, chunks, fitting
from binance.sansio.names.streams import combined_path, encoded

REPLY_SECONDS: Final = 10.0
ATTEMPTS: Final = 3
AUDITS: Final = 2


# conversation: commands out


class Send(NamedTuple):
    """Send this when the message budget allows, then call `Conversation.sent`."""

    id: int
    method: str
    names: tuple[str, ...]
    attempt: int

    @property
    def text(self) -> str:
        request = {"method": self.method, "params": list(self.names), "id": self.id}
        if not self.names:
            del request["params"]
        return json.dumps(request, ensure_ascii=False, separators=(",", ":"))


class Complete(NamedTuple):
    """All streams that were wanted when the link opened are acknowledged.  Only once."""


class Acknowledged(NamedTuple):
    """The exchange performed a live change; for SUBSCRIBE, the names that are still wanted."""

    method: str
    names: tuple[str, ...]


class Refused(NamedTuple):
    """The exchange refused these names; they are not requested again on this link."""

    id: int
    method: str
    names: tuple[str, ...]
    code: int | None
    reason: str


class Missing(NamedTuple):
    """Acknowledged, requested again, and still not in the exchange's own list."""

    names: tuple[str, ...]


class Unanswered(NamedTuple):
    """A request was sent `ATTEMPTS` times without an answer: drop the link."""

    method: str
    names: tuple[str, ...]


Command = Send | Complete | Acknowledged | Refused | Missing | Unanswered


class Outcome(enum.Enum):
    """The outcome of a call for one stream, on one link."""

    DONE = "done"
    """The exchange has acknowledged it."""
    WAITING = "waiting"
    """The answer is outstanding."""
    CONTRARY = "contrary"
    """The exchange has acknowledged the opposite, and no answer is outstanding."""


class Conversation:
    """The subscriptions of one link, from its handshake to its end.

    :param wanted: the streams that the connection wants.  The caller changes it in place and calls
        `adjust` after each change.
    :param ids: rising numbers of requests and answers.  All links of a key and its ledger share
        them, so that older and newer ones can be compared.
    :param query: the rest of the URL's query, such as ``timeUnit=MICROSECOND``.
    :param octets: maximum length of the encoded names in the URL.
    """

    def __init__(
        self,
        wanted: Mapping[str, object],
        ids: Iterator[int] | None = None,
        query: str = "",
        octets: float = URL_OCTETS,
    ) -> None:
        self._wanted = wanted
        self._ids = ids if ids is not None else count(1)
        self._query = query
        self._in_url = dict.fromkeys(fitting(wanted, octets))
        self._opened: int | None = None
        #: number of the exchange's last answer that the link carries a stream, or that it does not
        self._said: dict[bool, dict[str, int]] = {True: {}, False: {}}
        #: streams that the link carries, and whose UNSUBSCRIBE was never answered
        self._doubted: set[str] = set()
        self._pending: dict[int, Send] = {}
        #: stream -> its pending requests, oldest first
        self._asked: dict[str, list[int]] = {}
        self._sent: dict[int, float] = {}
        self._is_complete = False
        self._audits = 0

    # from the dial

    @property
    def path(self) -> str:
        """The end of the URL: ``stream?streams=a/b``, or ``stream`` if nothing is wanted."""
        streams = [encoded(combined_path(self._in_url))] if self._in_url else []
        query = "&".join([*streams, self._query] if self._query else streams)
        return f"stream?{query}" if query else "stream"

    # from the link

    def opened(self) -> list[Command]:
        self._opened = next(self._ids)
        self._note(True, self._in_url, self._opened)
        return [*self.adjust([*self._wanted, *self._in_url]), *self._completed()]

    def sent(self, request: Send, now: float) -> None:
        """The request was sent at ``now``: the time for its answer begins."""
        if request.id in self._pending:
            self._sent[request.id] = now

    def reply(self, message: dict[str, object]) -> list[Command]:
        """Process an answer; one that fits no pending request changes nothing."""
        request = self._answered(message)
        if request is None:
            return []
        if (error := _error(message)) is not None:
            return self._refusal(request, *error)
        if request.method == "LIST_SUBSCRIPTIONS":
            return self._audited(request.id, message.get("result"))
        is_carried = request.method == "SUBSCRIBE"
        self._note(is_carried, request.names, request.id)
        if not is_carried:
            return [Acknowledged(request.method, request.names), *self._completed()]
        lasting = tuple(name for name in request.names if name in self._wanted)
        news = [Acknowledged(request.method, lasting)] if self._is_complete and lasting else []
        return [*news, *self._completed()]

    # from the façade

    def adjust(self, names: Iterable[str], attempt: int = 1) -> list[Command]:
        """Request the changes that these names need, so that the link carries the wanted ones."""
        if self._opened is None:
            return []  # `opened` will do it
        wanted, carry = self._wanted, self._will_carry
        changed = [name for name in dict.fromkeys(names) if (name in wanted) != carry(name)]
        new = [name for name in changed if name in wanted]
        gone = [name for name in changed if name not in wanted]
        # In this order a full link has room for the new ones.
        return [*self._ask("UNSUBSCRIBE", gone, attempt), *self._ask("SUBSCRIBE", new, attempt)]

    def audit(self) -> list[Command]:
        """Request the exchange's own list, unless a request is pending."""
        if any(request.method == "LIST_SUBSCRIPTIONS" for request in self._pending.values()):
            return []
        self._audits += 1
        return [self._issue("LIST_SUBSCRIPTIONS")]

    # from the clock

    @property
    def due(self) -> float | None:
        """When to call `overdue`; None while no answer is outstanding."""
        return min(self._sent.values()) + REPLY_SECONDS if self._sent else None

    def overdue(self, now: float) -> list[Command]:
        """Repeat the requests without an answer in time."""
        late = [id for id, moment in self._sent.items() if now - moment >= REPLY_SECONDS]
        commands: list[Command] = []
        for number in late:
            request = self._taken(number)
            if request.method == "UNSUBSCRIBE":
                carried = self._said[True]
                self._doubted |= {one for one in request.names if carried.get(one, 0) < number}
            if request.attempt >= ATTEMPTS:
                commands.append(Unanswered(request.method, request.names))
            elif request.names:
                commands += self.adjust(request.names, request.attempt + 1)
            else:
                commands.append(self._issue(request.method, (), request.attempt + 1))
        return [*commands, *self._completed()] if late else []

    # from the ledger and the session

    def asked_since(self, number: int, name: str) -> bool:
        """Whether a request for this stream is pending that is newer than this number."""
        asked = self._asked.get(name)
        return asked is not None and asked[-1] > number

    @property
    def is_open(self) -> bool:
        return self._opened is not None

    def outcome(self, number: int, name: str, is_wanted: bool) -> Outcome:
        """The outcome of a call of this number: that the link carries a stream, or does not."""
        if self._opened is None:
            return Outcome.DONE if not is_wanted and name not in self._in_url else Outcome.WAITING
        if self._said_at(is_wanted, name) > number:
            return Outcome.DONE
        if name in self._asked:
            return Outcome.WAITING
        return Outcome.DONE if self._carries(name) == is_wanted else Outcome.CONTRARY

    # inside

    def _said_at(self, is_carried: bool, name: str) -> int:
        """The number of the exchange's last answer that it carries this, or that it does not."""
        said = self._said[is_carried].get(name, 0)
        if not said and not is_carried and name not in self._in_url:
            return self._opened or 0  # the handshake's
        return said

    def _carries(self, name: str) -> bool:
        return self._said_at(True, name) > self._said_at(False, name)

    def _will_carry(self, name: str) -> bool:
        """Whether the link carries it after all pending requests."""
        asked = self._asked.get(name)
        if asked:
            return self._pending[asked[-1]].method == "SUBSCRIBE"
        return self._carries(name) and not (name in self._doubted and name in self._wanted)

    def _note(self, is_carried: bool, names: Iterable[str], number: int) -> None:
        said = self._said[is_carried]
        for name in names:
            said[name] = max(number, said.get(name, 0))
            self._doubted.discard(name)

    def _ask(self, method: str, names: list[str], attempt: int) -> Iterator[Send]:
        for chunk in chunks(names):
            yield self._issue(method, tuple(chunk), attempt)

    def _issue(self, method: str, names: tuple[str, ...] = (), attempt: int = 1) -> Send:
        request = Send(next(self._ids), method, names, attempt)
        self._pending[request.id] = request
        for name in names:
            self._asked.setdefault(name, []).append(request.id)
        return request

    def _taken(self, number: int) -> Send:
        self._sent.pop(number, None)
        request = self._pending.pop(number)
        for name in request.names:
            asked = self._asked[name]
            asked.remove(number)
            if not asked:
                del self._asked[name]
        return request

    def _answered(self, message: dict[str, object]) -> Send | None:
        """The request of this answer; if it has no id, the oldest request that was sent."""
        number = message.get("id")
        if number is None and self._sent:
            number = next(iter(self._sent))
        if not isinstance(number, int) or number not in self._pending:
            return None
        return self._taken(number)

    def _completed(self) -> list[Command]:
        if self._is_complete or any(r.method == "SUBSCRIBE" for r in self._pending.values()):
            return []
        self._is_complete = True
        return [Complete(), *(self.audit() if self._wanted else [])]

    def _refusal(self, request: Send, code: int | None, reason: str) -> list[Command]:
        names = request.names
        if len(names) > 1:
            half = len(names) // 2
            halves = [*self.adjust(names[:half]), *self.adjust(names[half:])]
            return [*halves, *self._completed()]
        refused = Refused(request.id, request.method, names, code, reason)
        return [refused, *self._completed()]

    def _audited(self, number: int, listed: object) -> list[Command]:
        if not isinstance(listed, list):
            return []
        has = {name for name in listed if isinstance(name, str)}
        asked_for = {*self._in_url, *self._said[True]}
        for name in {*self._wanted, *asked_for} - self._asked.keys():
            self._note(name in has, [name], number)
        if self._audits >= AUDITS:
            lacking = [name for name in self._wanted if not self._will_carry(name)]
            return [Missing(tuple(lacking))] if lacking else []
        repairs = self.adjust([*self._wanted, *sorted(asked_for)])
        return [*repairs, *self.audit()] if repairs else []


# messages in


def _error(message: dict[str, object]) -> tuple[int | None, str] | None:
    """Code and text of a refusal, in either of the exchange's two shapes."""
    error = message.get("error", message)
    if not isinstance(error, dict) or "code" not in error:
        return None
    code = error["code"]
    return code if isinstance(code, int) else None, str(error.get("msg", ""))


def is_server_shutdown(message: object) -> bool:
    """Whether the exchange announces that it will close this link soon.

    Raw ``{"e":"serverShutdown",..}``, combined ``{"stream":"!serverShutdown","data":{..}}``, WS
    API ``{"event":{"e":"serverShutdown",..}}``.
    """
    if not isinstance(message, dict):
        return False
    for shape in (message, message.get("data"), message.get("event")):
        if isinstance(shape, dict) and shape.get("e") == "serverShutdown":
            return True
    return False
