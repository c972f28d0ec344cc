"""Faults on order: what may go wrong, where, how often and for how long. Pure.

Theory. A fault has a *kind* (what goes wrong), *arguments* of its kind, and a *scope* (which
streams, connections or paths; how many times; for how many seconds; after how many). Kinds come in
four sorts:

* *acts* happen once, to the connections in scope that are open when it begins; with ``seconds`` or
  ``count`` given, also to those that open later;
* *states* hold while they are in force, and are looked up by whoever they concern
  (:meth:`Faults.find`);
* *shapes* change the events of a stream on their way to a connection (:meth:`Faults.shape`);
* *door* faults concern connections before they are one.

Randomness is seeded, so a run can be repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from random import Random
from typing import Any

from binance.simulator.rules.settings import BARE, BARE_WITH_ID, WRAPPED


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a fault: its type, its default, what it means, which words it allows."""

    type: type
    default: Any
    help: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault: its sort, what it does, which scope it heeds, its own arguments."""

    sort: str
    help: str
    scope: tuple[str, ...]
    arguments: Mapping[str, Argument]


SCOPE = {
    "stream": Argument(
        str, "*", "streams, or connections that listen to one: a name, or a pattern"
    ),
    "connection": Argument(int, None, "the number of one connection, from the statistics"),
    "link": Argument(str, "any", "which sort of connection", ("any", "stream", "ws_api")),
    "path": Argument(str, "*", "path of the request: a name, or a pattern"),
    "count": Argument(int, None, "how many times, at most"),
    "seconds": Argument(float, None, "for how long"),
    "delay": Argument(float, 0.0, "seconds until it begins"),
}

_LASTING = ("count", "seconds", "delay")
_LINKS = ("stream", "connection", "link", *_LASTING)
_PROBABILITY = Argument(float, None, "of each event, 0 to 1; default: 1 with count, else 0.1")

KINDS: dict[str, Kind] = {
    "refuse": Kind(
        "door",
        "TCP connections are refused; with count: so many are accepted and reset at once",
        _LASTING,
        {},
    ),
    "slow_handshake": Kind(
        "door",
        "the answer to a WebSocket handshake comes late",
        ("path", *_LASTING),
        {"by": Argument(float, 3.0, "seconds")},
    ),
    "bad_certificate": Kind(
        "door",
        "TLS connections get a certificate that must not be trusted",
        _LASTING,
        {
            "certificate": Argument(
                str, "wrong_host", "what is wrong", ("wrong_host", "untrusted", "expired")
            )
        },
    ),
    "http_status": Kind(
        "door",
        "requests and handshakes get an HTTP error (path: also a method of the WebSocket API)",
        ("path", *_LASTING),
        {
            "status": Argument(int, 503, "HTTP status, 400 to 599"),
            "retry_after": Argument(int, None, "seconds, sent as Retry-After"),
            "on": Argument(str, "all", "which of them", ("all", "handshake", "rest", "ws_api")),
        },
    ),
    "slow_reply": Kind(
        "state",
        "REST answers come late",
        ("path", *_LASTING),
        {"by": Argument(float, 3.0, "seconds")},
    ),
    "drop_reply": Kind(
        "state",
        "a REST request is carried out, but its answer never comes: the connection is cut",
        ("path", *_LASTING),
        {},
    ),
    "stale_snapshot": Kind(
        "state", "depth snapshots stay as they are when this begins", ("stream", *_LASTING), {}
    ),
    "clock_drift": Kind(
        "state",
        "the exchange's clock, which it tells and checks timestamps against, is off",
        ("seconds", "delay"),
        {"ms": Argument(int, 1500, "milliseconds, negative: behind")},
    ),
    "drop": Kind("act", "connections are cut without a word (TCP reset)", _LINKS, {}),
    "halfopen": Kind(
        "act", "connections stay open, but nothing is read or written any more", _LINKS, {}
    ),
    "server_shutdown": Kind(
        "act",
        "connections are told serverShutdown, in the shape that suits them",
        _LINKS,
        {"close_after": Argument(float, None, "seconds until they are closed with 1001")},
    ),
    "malformed": Kind(
        "act",
        "connections are sent a frame that is not right",
        _LINKS,
        {
            "shape": Argument(
                str,
                "json",
                "what is wrong with it",
                ("json", "text", "utf8", "reserved", "opcode", "masked", "ping"),
            )
        },
    ),
    "end_user_stream": Kind(
        "act",
        "subscriptions to accounts' events are ended, and told so (eventStreamTerminated)",
        _LINKS,
        {},
    ),
    "end_listen_keys": Kind("act", "all listen keys end; nobody is told", ("delay",), {}),
    "revoke_key": Kind(
        "state",
        "an API key is refused (-2015)",
        ("seconds", "delay"),
        {"key": Argument(str, "*", "the key, or a pattern such as K*")},
    ),
    "cut_after": Kind(
        "state",
        "connections are closed when they have been open for some time",
        _LINKS,
        {
            "after": Argument(float, 10.0, "seconds"),
            "how": Argument(
                str, "close", "with a closing handshake, or a TCP reset", ("close", "drop")
            ),
            "code": Argument(int, 1001, "of the closing handshake"),
        },
    ),
    "late_pong": Kind(
        "state",
        "pings of the client are answered late, or never",
        _LINKS,
        {"by": Argument(float, None, "seconds; default: never")},
    ),
    "refuse_streams": Kind(
        "state",
        "SUBSCRIBE and UNSUBSCRIBE of these streams are refused; what else they name too",
        _LINKS,
        {
            "shape": Argument(
                str,
                "wrapped",
                'of the refusal: {"error", "id"}, {"code", "msg"}, or that with an id',
                (WRAPPED, BARE, BARE_WITH_ID),
            )
        },
    ),
    "late_answer": Kind(
        "state",
        "SUBSCRIBE and its kin are carried out, but answered late, or never",
        _LINKS,
        {"by": Argument(float, None, "seconds; default: never")},
    ),
    "slow_link": Kind(
        "state",
        "what the server sends arrives slowly; nothing is lost",
        _LINKS,
        {
            "rate": Argument(float, None, "bytes a second"),
            "latency": Argument(float, 0.0, "seconds"),
        },
    ),
    "stall": Kind("shape", "events of the streams are not sent", _LINKS, {}),
    "lose": Kind("shape", "some events are lost", _LINKS, {"probability": _PROBABILITY}),
    "duplicate": Kind("shape", "some events are sent twice", _LINKS, {"probability": _PROBABILITY}),
    "reorder": Kind(
        "shape",
        "some events come later than those that follow them",
        _LINKS,
        {"probability": _PROBABILITY, "by": Argument(int, 1, "how many events later")},
    ),
}


class Fault:
    """One fault in force. ``begins`` and ``ends`` are ms; ``left`` how many times it may still
    strike.
    """

    def __init__(self, number: int, kind: str, arguments: dict[str, Any], now: float) -> None:
        self.number = number
        self.kind = kind
        self.sort = KINDS[kind].sort
        self.arguments = arguments
        self.begins = now + arguments["delay"] * 1000.0
        seconds = arguments.get("seconds")
        self.ends = None if seconds is None else self.begins + seconds * 1000.0
        self.left: int | None = arguments.get("count")
        self.struck = 0
        self.begun = False
        self.held: dict[tuple[int, str], list[list[Any]]] = {}  # reorder: frames that wait

    def __getitem__(self, name: str) -> Any:
        return self.arguments[name]

    def active(self, now: float) -> bool:
        """Does it hold at ``now`` (ms)?"""
        return self.begins <= now and (self.ends is None or now < self.ends) and self.left != 0

    def over(self, now: float) -> bool:
        return (self.ends is not None and now >= self.ends) or self.left == 0

    @property
    def lasting(self) -> bool:
        """Does an act also concern connections that open later?"""
        return self.ends is not None or self.arguments.get("count") is not None

    def concerns(
        self,
        *,
        connection: int | None = None,
        link: str | None = None,
        streams: Iterable[str] | None = None,
        path: str | None = None,
    ) -> bool:
        """Is that in its scope? What is not told is not asked."""
        mine = self.arguments
        only = mine.get("connection")
        if connection is not None and only is not None and only != connection:
            return False
        if link is not None and mine.get("link", "any") not in ("any", link):
            return False
        if path is not None and not fnmatchcase(path, mine.get("path", "*")):
            return False
        pattern = mine.get("stream", "*")
        if streams is not None and pattern != "*":
            return any(fnmatchcase(stream, pattern) for stream in streams)
        return True

    def strike(self) -> None:
        """Count one time that it struck."""
        self.struck += 1
        if self.left is not None:
            self.left -= 1

    def describe(self) -> dict[str, Any]:
        """For the statistics."""
        given = {key: value for key, value in self.arguments.items() if value is not None}
        return {
            "id": self.number,
            "kind": self.kind,
            "struck": self.struck,
            "begun": self.begun,
            **given,
        }


def check(spec: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The kind and the whole arguments of a fault as it is ordered: ``{"kind": .., ..}``.

    Text is read as the type that the argument has, so that a command line can order faults.

    :raises ValueError: for an unknown kind, argument or value, saying what is allowed.
    """
    kind = spec.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"unknown fault kind {kind!r}; allowed: {', '.join(KINDS)}")
    known = {name: SCOPE[name] for name in KINDS[kind].scope} | dict(KINDS[kind].arguments)
    unknown = sorted(spec.keys() - known.keys() - {"kind"})
    if unknown:
        raise ValueError(
            f"fault {kind} has no argument {', '.join(unknown)}; allowed: {', '.join(known)}"
        )
    arguments = {
        name: _value(kind, name, argument, spec.get(name)) for name, argument in known.items()
    }
    arguments.setdefault("delay", 0.0)
    if "probability" in known and arguments["probability"] is None:
        arguments["probability"] = 0.1 if arguments["count"] is None else 1.0
    if kind == "slow_link" and not arguments["rate"] and not arguments["latency"]:
        raise ValueError("fault slow_link needs rate or latency")
    return kind, arguments


def _value(kind: str, name: str, argument: Argument, given: Any) -> Any:
    if given is None:
        return argument.default
    value = given
    if isinstance(given, str) and argument.type is not str:
        try:
            value = argument.type(given)
        except ValueError:
            pass
    elif argument.type is float and isinstance(given, int):
        value = float(given)
    if not isinstance(value, argument.type) or isinstance(value, bool):
        raise ValueError(
            f"{kind}: {name} ({argument.help}) must be {argument.type.__name__}, not {given!r}"
        )
    if argument.allowed and value not in argument.allowed:
        raise ValueError(
            f"fault {kind}: {name} must be one of {', '.join(argument.allowed)}, not {value!r}"
        )
    _check_range(kind, name, value)
    return value


def _check_range(kind: str, name: str, value: Any) -> None:
    if name == "probability" and not 0 <= value <= 1:
        raise ValueError(f"fault {kind}: probability must be 0 to 1, not {value}")
    if name == "status" and not 400 <= value <= 599:
        raise ValueError(f"fault {kind}: status must be 400 to 599, not {value}")
    if name in ("count", "seconds", "by", "after", "rate") and value <= 0:
        raise ValueError(f"fault {kind}: {name} must be more than 0, not {value}")
    if name in ("delay", "latency", "close_after", "retry_after") and value < 0:
        raise ValueError(f"fault {kind}: {name} must not be negative, not {value}")


def parse(text: str) -> dict[str, str]:
    """Read a fault from a command line: ``kind`` or ``kind:name=value,name=value``."""
    kind, _, rest = text.partition(":")
    spec = {"kind": kind}
    for part in rest.split(",") if rest else []:
        name, separator, value = part.partition("=")
        if not separator:
            raise ValueError(f"fault {text!r}: {part!r} is not name=value")
        spec[name.strip()] = value
    check(spec)
    return spec


class Faults:
    """The faults in force."""

    def __init__(self, seed: int = 1) -> None:
        self._random = Random(f"{seed}/faults").random
        self._made = 0
        self._all: list[Fault] = []
        self.shaping = False
        """Whether any fault shapes events: the way of an event is short while none does."""

    def add(self, spec: Mapping[str, Any], now: float) -> Fault:
        """Order a fault at ``now`` (ms).

        :raises ValueError: see :func:`check`.
        """
        kind, arguments = check(spec)
        self._made += 1
        fault = Fault(self._made, kind, arguments, now)
        self._all.append(fault)
        self._look()
        return fault

    def clear(self, number: int | None = None, kind: str | None = None) -> int:
        """End all faults, one by its number, or those of a kind; says how many."""
        kept = [
            fault
            for fault in self._all
            if (number is not None and fault.number != number)
            or (kind is not None and fault.kind != kind)
        ]
        ended = len(self._all) - len(kept)
        self._all = kept
        self._look()
        return ended

    def _look(self) -> None:
        self.shaping = any(fault.sort == "shape" for fault in self._all)

    def beginning(self, now: float) -> list[Fault]:
        """Those that begin by ``now`` and have not been told of; what is over is forgotten."""
        begun = [fault for fault in self._all if not fault.begun and fault.begins <= now]
        for fault in begun:
            fault.begun = True
        if any(fault.over(now) and not fault.held for fault in self._all):
            self._all = [fault for fault in self._all if not fault.over(now) or fault.held]
            self._look()
        return begun

    def find(self, kind: str, now: float, **what: Any) -> Fault | None:
        """The first active fault of a kind that concerns ``what`` (see :meth:`Fault.concerns`)."""
        for fault in self._all:
            if fault.kind == kind and fault.active(now) and fault.concerns(**what):
                return fault
        return None

    def acts(self, now: float, **what: Any) -> list[Fault]:
        """The acts in force that concern a connection which has just opened."""
        return [
            fault
            for fault in self._all
            if fault.sort == "act"
            and fault.lasting
            and fault.active(now)
            and fault.concerns(**what)
        ]

    def drift(self, now: float) -> int:
        """By how many ms the exchange's clock is off."""
        fault = self.find("clock_drift", now)
        return 0 if fault is None else int(fault["ms"])

    def revokes(self, api_key: str, now: float) -> bool:
        """Is this API key refused?"""
        for fault in self._all:
            revokes = fault.kind == "revoke_key" and fault.active(now)
            if revokes and fnmatchcase(api_key, fault["key"]):
                fault.strike()
                return True
        return False

    def describe(self) -> list[dict[str, Any]]:
        return [fault.describe() for fault in self._all]

    # events on their way

    def shape(self, now: float, connection: int, stream: str, frame: bytes) -> list[bytes]:
        """What a connection gets when ``stream`` says ``frame``: nothing, it, or more."""
        frames = [frame]
        for fault in self._all:
            if fault.sort != "shape":
                continue
            if fault.kind == "reorder":
                frames = self._reorder(fault, now, connection, stream, frames)
            elif self._strikes(fault, now, connection, stream):
                frames = [] if fault.kind in ("stall", "lose") else [*frames, *frames]
        return frames

    def _strikes(self, fault: Fault, now: float, connection: int, stream: str) -> bool:
        if not fault.active(now):
            return False
        if not fault.concerns(connection=connection, streams=(stream,), link="stream"):
            return False
        probability = fault.arguments.get("probability", 1.0)
        if probability < 1.0 and self._random() >= probability:
            return False
        fault.strike()
        return True

    def _reorder(
        self, fault: Fault, now: float, connection: int, stream: str, frames: list[bytes]
    ) -> list[bytes]:
        key = (connection, stream)
        out: list[bytes] = []
        for frame in frames:
            waiting = fault.held.get(key, [])
            if not waiting and self._strikes(fault, now, connection, stream):
                fault.held[key] = [[fault["by"], frame]]
                continue
            out.append(frame)
            for entry in waiting:
                entry[0] -= 1
            out.extend(held for left, held in waiting if left <= 0)
            waiting = [entry for entry in waiting if entry[0] > 0]
            if waiting:
                fault.held[key] = waiting
            else:
                fault.held.pop(key, None)
        return out

    def forget(self, connection: int) -> None:
        """A connection is gone, and what was held for it."""
        for fault in self._all:
            for key in [key for key in fault.held if key[0] == connection]:
                del fault.held[key]
