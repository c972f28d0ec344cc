"""The conversation of one link with the exchange about its streams.

Theory.  What a connection wants is its `binance.sansio.shards.Shard`.  Each *link* that carries it,
a rotation's successor too, holds a `Conversation`: what of the wanted streams its URL already
named, what it has to SUBSCRIBE to, what the exchange has acknowledged.  What the URL named counts
as acknowledged by the handshake, and LIST_SUBSCRIPTIONS then tells whether that is true.  A lost
link takes its conversation with it; the next one starts from what is wanted then.  So there is
nothing to restore after a reconnect, and nothing to forget.

    request             answered by
    SUBSCRIBE           acknowledged; refused: asked again in halves, down to the name that is bad
    UNSUBSCRIBE         acknowledged; refused: told
    LIST_SUBSCRIPTIONS  the audit: what is missing is asked for again, what is too much is dropped,
                        and it is audited once more; what then is missing is told

A request that is not answered in `REPLY_SECONDS` is sent again, twice; then the link is no good.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, "Live
Subscribing/Unsubscribing to streams".
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

from binance.sansio.shards import chunks, fitting
from binance.sansio.streams import combined_path, encoded

REPLY_SECONDS: Final = 10.0
ATTEMPTS: Final = 3
AUDITS: Final = 2


# conversation: commands out


@dataclass(frozen=True, slots=True)
class Send:
    """Send this, as the message budget allows, and say so by `Conversation.sent`."""

    id: int
    method: str
    names: tuple[str, ...] = ()
    attempt: int = 1

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
    """The exchange carried out a live change."""

    method: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The exchange refused this; the names are given up on this link."""

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


class Conversation:
    """About the streams of one link, from its handshake to its loss."""

    def __init__(self, names: Iterable[str], ids: Iterator[int] | None = None) -> None:
        self._wanted = dict.fromkeys(names)
        self._ids = ids if ids is not None else count(1)
        self._in_url = fitting(self._wanted)
        self._acknowledged: set[str] = set()
        self._pending: dict[int, Send] = {}
        self._sent: dict[int, float] = {}
        self._is_complete = False
        self._audits = 0

    # from the dial

    @property
    def path(self) -> str:
        """What the URL ends in: ``stream?streams=a/b``, or ``stream`` if nothing is wanted."""
        if not self._in_url:
            return "stream"
        return f"stream?{encoded(combined_path(self._in_url))}"

    # from the link

    def opened(self) -> list[Command]:
        """The handshake is done."""
        self._acknowledged.update(self._in_url)
        rest = [name for name in self._wanted if name not in self._acknowledged]
        return [*self._ask("SUBSCRIBE", rest), *self._completed()]

    def sent(self, request: Send, now: float) -> None:
        """This went out at ``now``: its answer is due from here on."""
        if request.id in self._pending:
            self._sent[request.id] = now

    def reply(self, message: dict[str, object]) -> list[Command]:
        """Take a message that `is_control_reply` recognised."""
        request = self._answered(message)
        if request is None:
            return []
        if (error := _error(message)) is not None:
            return self._refusal(request, *error)
        if request.method == "LIST_SUBSCRIPTIONS":
            return self._audited(message.get("result"))
        if request.method == "SUBSCRIBE":
            self._acknowledged.update(request.names)
        else:
            self._acknowledged.difference_update(request.names)
        is_live = self._is_complete or request.method == "UNSUBSCRIBE"
        told = [Acknowledged(request.method, request.names)] if is_live else []
        return [*told, *self._completed()]

    # from the façade

    def subscribe(self, names: Iterable[str]) -> list[Command]:
        """Want these too, and ask for those that this link does not have."""
        new = [name for name in dict.fromkeys(names) if name not in self._wanted]
        self._wanted |= dict.fromkeys(new)
        return list(self._ask("SUBSCRIBE", new))

    def unsubscribe(self, names: Iterable[str]) -> list[Command]:
        """Want these no longer."""
        gone = [name for name in dict.fromkeys(names) if name in self._wanted]
        for name in gone:
            del self._wanted[name]
        return list(self._ask("UNSUBSCRIBE", gone))

    def audit(self) -> list[Command]:
        """Ask the exchange for its own list, unless that is under way."""
        if any(request.method == "LIST_SUBSCRIPTIONS" for request in self._pending.values()):
            return []
        self._audits += 1
        return list(self._ask("LIST_SUBSCRIPTIONS", None))

    # from the clock

    @property
    def due(self) -> float | None:
        """When `overdue` has something to say."""
        return min(self._sent.values()) + REPLY_SECONDS if self._sent else None

    def overdue(self, now: float) -> list[Command]:
        """Ask again for what was not answered in time."""
        commands: list[Command] = []
        for number, moment in list(self._sent.items()):
            if now - moment < REPLY_SECONDS:
                continue
            request = self._pending.pop(number)
            del self._sent[number]
            if request.attempt >= ATTEMPTS:
                commands.append(Unanswered(request.method, request.names))
            else:
                commands.append(self._issue(request.method, request.names, request.attempt + 1))
        return commands

    # from whoever asks

    @property
    def is_pending(self) -> bool:
        """Is an answer outstanding?"""
        return bool(self._pending)

    @property
    def acknowledged(self) -> frozenset[str]:
        """The streams that this link carries, as far as the exchange has said."""
        return frozenset(self._acknowledged)

    # inside

    def _ask(self, method: str, names: list[str] | None) -> Iterator[Send]:
        for chunk in chunks(names) if names is not None else [[]]:
            yield self._issue(method, tuple(chunk))

    def _issue(self, method: str, names: tuple[str, ...], attempt: int = 1) -> Send:
        request = Send(next(self._ids), method, names, attempt)
        self._pending[request.id] = request
        return request

    def _answered(self, message: dict[str, object]) -> Send | None:
        """The request that this answers; without an id, the oldest that was sent."""
        number = message.get("id")
        if number is None and self._sent:
            number = next(iter(self._sent))
        if not isinstance(number, int) or number not in self._pending:
            return None
        self._sent.pop(number, None)
        return self._pending.pop(number)

    def _completed(self) -> list[Command]:
        if self._is_complete or any(r.method == "SUBSCRIBE" for r in self._pending.values()):
            return []
        self._is_complete = True
        return [Complete(), *(self.audit() if self._wanted else [])]

    def _refusal(self, request: Send, code: int | None, reason: str) -> list[Command]:
        names = request.names
        if request.method == "SUBSCRIBE" and len(names) > 1:
            half = len(names) // 2
            return [self._issue("SUBSCRIBE", part) for part in (names[:half], names[half:])]
        if request.method == "SUBSCRIBE":
            for name in names:
                self._wanted.pop(name, None)
        return [Refused(request.method, names, code, reason), *self._completed()]

    def _audited(self, listed: object) -> list[Command]:
        if not isinstance(listed, list):
            return []
        asked = {name for request in self._pending.values() for name in request.names}
        has = {name for name in listed if isinstance(name, str)}
        lacking = [name for name in self._wanted if name not in has | asked]
        surplus = sorted(has - asked - self._wanted.keys())
        self._acknowledged = has | (self._acknowledged & asked)
        if not lacking and not surplus:
            return []
        if self._audits >= AUDITS:
            return [Missing(tuple(lacking))] if lacking else []
        repairs = [*self._ask("SUBSCRIBE", lacking), *self._ask("UNSUBSCRIBE", surplus)]
        return [*repairs, *self.audit()]


# messages in


def _error(message: dict[str, object]) -> tuple[int | None, str] | None:
    """Code and text of a refusal, in either of the two shapes that the exchange uses."""
    error = message.get("error", message)
    if not isinstance(error, dict) or "code" not in error:
        return None
    code = error["code"]
    return code if isinstance(code, int) else None, str(error.get("msg", ""))


def is_control_reply(message: object, pending: bool = True) -> bool:
    """Is this an answer to a request of ours, and so nothing for the callback?

    ``{"result":..,"id":1}``, ``{"error":{..},"id":1}``, and, as long as a request is ``pending``,
    the bare ``{"code":2,"msg":".."}`` and ``{"result":..}``.
    """
    if not isinstance(message, dict) or "stream" in message or "e" in message:
        return False
    if "id" in message and ("result" in message or "error" in message):
        return True
    bare = "result" in message or ("code" in message and "msg" in message)
    return pending and bare


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
