"""The conversation of one link with the exchange about its streams.

Theory.  What a connection wants is its `binance.sansio.link.shards.Shard`.  Each *link* that
carries it, a rotation's successor too, holds a `Conversation`, which makes the link carry what is
wanted: what of the wanted streams its URL named, what it has asked for since, and what the exchange
has said to each request, by the request's id.  What the URL named counts as acknowledged by the
handshake, and LIST_SUBSCRIPTIONS then tells whether that is true.  A lost link takes its
conversation with it; the next one starts from what is wanted then.  So there is nothing to restore
after a reconnect, and nothing to forget.

    request             answered by
    SUBSCRIBE           acknowledged; refused: asked again in halves, down to the name that is bad
    UNSUBSCRIBE         acknowledged; refused: likewise
    LIST_SUBSCRIPTIONS  the audit: what is missing is asked for again, what this link once asked
                        for and wants no more is dropped, and it is audited once more; what then is
                        missing is told.  A name that was never asked for in this spelling is left
                        alone: it may be the exchange's own spelling of one that was

A request that is not answered in `REPLY_SECONDS` is sent again, twice; then the link is no good.
What is asked again, in halves or for want of an answer, is only what is still wanted then: an older
request never undoes a younger one.  For the same reason an answer that comes out of order changes
nothing that a younger answer has said.

Who waits for an answer is in `binance.sansio.link.ledger`.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, "Live
Subscribing/Unsubscribing to streams".
"""

import enum
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final

from binance.sansio.link.shards import chunks, fitting
from binance.sansio.names.streams import combined_path, encoded

REPLY_SECONDS: Final = 10.0
ATTEMPTS: Final = 3
AUDITS: Final = 2


# conversation: commands out


@dataclass(frozen=True, slots=True)
class Send:
    """Send this, as the message budget allows, and say so by `Conversation.sent`."""

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


@dataclass(frozen=True, slots=True)
class Complete:
    """Everything that was wanted when the link opened is acknowledged.  Once."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The exchange carried out a live change; of SUBSCRIBE, the names that are wanted still."""

    method: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The exchange refused this; the names are given up on this link."""

    id: int
    method: str
    names: tuple[str, ...]
    code: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Acknowledged, asked for again, and still not in the exchange's own list."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A request was sent `ATTEMPTS` times without an answer: drop the link."""

    method: str
    names: tuple[str, ...]


Command = Send | Complete | Acknowledged | Refused | Missing | Unanswered


class Outcome(enum.Enum):
    """What has become of a wish about one stream, on one link."""

    DONE = "done"
    """The exchange has said so."""
    WAITING = "waiting"
    """Its answer is still to come."""
    CONTRARY = "contrary"
    """The exchange has said the contrary, and nothing more is to come."""


class Conversation:
    """About the streams of one link, from its handshake to its loss.

    :param wanted: the streams that the connection wants, now and later: what changes in it is
        told by `adjust`.
    :param ids: numbers of requests and answers, rising; shared by all links of a key, and with
        those who wait, so that older and younger can be told.
    :param query: what the URL says besides its streams, such as ``timeUnit=MICROSECOND``.
    """

    def __init__(
        self,
        wanted: Mapping[str, object],
        ids: Iterator[int] | None = None,
        query: str = "",
    ) -> None:
        self._wanted = wanted
        self._ids = ids if ids is not None else count(1)
        self._query = query
        self._in_url = dict.fromkeys(fitting(wanted))
        self._opened: int | None = None
        #: when the exchange last said that it carries a stream, or that it does not
        self._said: dict[bool, dict[str, int]] = {True: {}, False: {}}
        #: of what is said to be carried: that whose unsubscribing was asked for and never answered
        self._doubted: set[str] = set()
        self._pending: dict[int, Send] = {}
        #: for each stream the requests about it that are pending, oldest first
        self._asked: dict[str, list[int]] = {}
        self._sent: dict[int, float] = {}
        self._is_complete = False
        self._audits = 0

    # from the dial

    @property
    def path(self) -> str:
        """What the URL ends in: ``stream?streams=a/b``, or ``stream`` if nothing is wanted."""
        streams = [encoded(combined_path(self._in_url))] if self._in_url else []
        query = "&".join([*streams, self._query] if self._query else streams)
        return f"stream?{query}" if query else "stream"

    # from the link

    def opened(self) -> list[Command]:
        """The handshake is done."""
        self._opened = next(self._ids)
        self._note(True, self._in_url, self._opened)
        return [*self.adjust([*self._wanted, *self._in_url]), *self._completed()]

    def sent(self, request: Send, now: float) -> None:
        """This went out at ``now``: its answer is due from here on."""
        if request.id in self._pending:
            self._sent[request.id] = now

    def reply(self, message: dict[str, object]) -> list[Command]:
        """Take an answer to a request; one that answers no pending request changes nothing."""
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
        told = [Acknowledged(request.method, lasting)] if self._is_complete and lasting else []
        return [*told, *self._completed()]

    # from the façade

    def adjust(self, names: Iterable[str], attempt: int = 1) -> list[Command]:
        """Ask for whatever makes the link carry those of these that are wanted, and no others."""
        if self._opened is None:
            return []  # it will be done when the handshake is
        changed = [
            name
            for name in dict.fromkeys(names)
            if (name in self._wanted) != self._will_carry(name)
        ]
        new = [name for name in changed if name in self._wanted]
        gone = [name for name in changed if name not in self._wanted]
        return [
            *self._ask("SUBSCRIBE", new, attempt),
            *self._ask("UNSUBSCRIBE", gone, attempt),
        ]

    def audit(self) -> list[Command]:
        """Ask the exchange for its own list, unless that is under way."""
        if any(request.method == "LIST_SUBSCRIPTIONS" for request in self._pending.values()):
            return []
        self._audits += 1
        return [self._issue("LIST_SUBSCRIPTIONS")]

    # from the clock

    @property
    def due(self) -> float | None:
        """When `overdue` has something to say."""
        return min(self._sent.values()) + REPLY_SECONDS if self._sent else None

    def overdue(self, now: float) -> list[Command]:
        """Ask again for what was not answered in time."""
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

    # from whoever asks

    def asked_since(self, number: int, name: str) -> bool:
        """Is an answer about this stream outstanding, to a younger request than this one?"""
        asked = self._asked.get(name)
        return asked is not None and asked[-1] > number

    @property
    def is_open(self) -> bool:
        """Is the handshake done?"""
        return self._opened is not None

    def outcome(self, number: int, name: str, is_wanted: bool) -> Outcome:
        """What has become of the wish, as old as this number, that it carry a stream or not."""
        if self._opened is None:
            return Outcome.DONE if not is_wanted and name not in self._in_url else Outcome.WAITING
        if self._said_at(is_wanted, name) > number:
            return Outcome.DONE
        if name in self._asked:
            return Outcome.WAITING
        return Outcome.DONE if self._carries(name) == is_wanted else Outcome.CONTRARY

    # inside

    def _said_at(self, is_carried: bool, name: str) -> int:
        """The number of the exchange's last word that it carries this, or that it does not."""
        said = self._said[is_carried].get(name, 0)
        if not said and not is_carried and name not in self._in_url:
            return self._opened or 0  # the handshake's
        return said

    def _carries(self, name: str) -> bool:
        return self._said_at(True, name) > self._said_at(False, name)

    def _will_carry(self, name: str) -> bool:
        """Once every pending request has been carried out."""
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
        """A request that is pending no more."""
        self._sent.pop(number, None)
        request = self._pending.pop(number)
        for name in request.names:
            asked = self._asked[name]
            asked.remove(number)
            if not asked:
                del self._asked[name]
        return request

    def _answered(self, message: dict[str, object]) -> Send | None:
        """The request that this answers; without an id, the oldest that was sent."""
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
    """Code and text of a refusal, in either of the two shapes that the exchange uses."""
    error = message.get("error", message)
    if not isinstance(error, dict) or "code" not in error:
        return None
    code = error["code"]
    return code if isinstance(code, int) else None, str(error.get("msg", ""))


def is_server_shutdown(message: object) -> bool:
    """Does the exchange announce that it is about to close this link?

    Raw ``{"e":"serverShutdown",..}``, combined ``{"stream":"!serverShutdown","data":{..}}``, WS
    API ``{"event":{"e":"serverShutdown",..}}``.
    """
    if not isinstance(message, dict):
        return False
    for shape in (message, message.get("data"), message.get("event")):
        if isinstance(shape, dict) and shape.get("e") == "serverShutdown":
            return True
    return False
