"""The kinds of faults: what each does, its arguments, and the check of what is ordered. Pure.

A kind has one of four categories:

* an *action* happens once, to the connections in its scope that are open when it begins; with
  ``seconds`` or ``count``, also to those that open later;
* a *state* lasts, and changes what the simulator does meanwhile;
* an *event* fault changes the events of a stream on their way to a connection;
* a *connect* fault changes how a connection begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from binance.simulator.rules.settings import BARE, BARE_WITH_ID, WRAPPED


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a fault: its type, its default, its meaning, the allowed words."""

    type: type
    default: Any
    help: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault: its category, what it does, its scope, its own arguments."""

    category: str
    help: str
    scope: tuple[str, ...]
    arguments: Mapping[str, Argument]

    @property
    def known(self) -> dict[str, Argument]:
        """All arguments, those of the scope first."""
        return {name: SCOPE[name] for name in self.scope} | dict(self.arguments)


SCOPE = {
    "stream": Argument(
        str,
        "*",
        "streams, or connections that listen to one: a name, or a pattern; an account's event is "
        "``user@executionReport``, and so on",
    ),
    "connection": Argument(int, None, "the number of one connection, from the statistics"),
    "link": Argument(str, "any", "which kind of connection", ("any", "stream", "ws_api")),
    "path": Argument(str, "*", "path of the request: a name, or a pattern"),
    "count": Argument(int, None, "how many times, at most"),
    "seconds": Argument(float, None, "for how long"),
    "delay": Argument(float, 0.0, "seconds until it begins"),
}

_LASTING = ("count", "seconds", "delay")
_LINKS = ("stream", "connection", "link", *_LASTING)
_REQUESTS = ("path", *_LASTING)

KEY_ENDS = ("silently", "reported")


def _one_of(help: str, *allowed: str) -> Argument:
    """An argument that is one of these words; the first is the default."""
    return Argument(str, allowed[0], help, allowed)


def _kind(category: str, help: str, scope: tuple[str, ...] = _LINKS, **arguments: Argument) -> Kind:
    return Kind(category, help, scope, arguments)


_action, _state = partial(_kind, "action"), partial(_kind, "state")
_event, _connect = partial(_kind, "event"), partial(_kind, "connect")

_PROBABILITY = Argument(float, None, "of each event, 0 to 1; default: 1 with count, else 0.1")
_CHANCE = Argument(float, 1.0, "of each request, 0 to 1")
_LATE = Argument(float, 3.0, "seconds")
_LATE_OR_NEVER = Argument(float, None, "seconds; default: never")

KINDS: dict[str, Kind] = {
    "refuse": _connect(
        "TCP connections are refused; with count: so many are accepted and reset at once", _LASTING
    ),
    "slow_handshake": _connect(
        "the answer to a WebSocket handshake comes late", _REQUESTS, by=_LATE
    ),
    "bad_certificate": _connect(
        "TLS connections get a bad certificate",
        _LASTING,
        certificate=_one_of("what is wrong", "wrong_host", "untrusted", "expired"),
    ),
    "http_status": _connect(
        "requests and handshakes get an HTTP error (path: also a method of the WebSocket API)",
        _REQUESTS,
        status=Argument(int, 503, "HTTP status, 400 to 599"),
        retry_after=Argument(int, None, "seconds, sent as Retry-After"),
        on=_one_of("which of them", "all", "handshake", "rest", "ws_api"),
    ),
    "slow_reply": _state(
        "answers come late (path: also a method of the WebSocket API)",
        _REQUESTS,
        by=_LATE,
        probability=_CHANCE,
    ),
    "drop_request": _state(
        "a request is not carried out: the connection is cut when it comes (path: also a method)",
        _REQUESTS,
        probability=_CHANCE,
    ),
    "drop_reply": _state(
        "a request is carried out, but its answer never comes (path: also a method)",
        _REQUESTS,
        how=_one_of("the connection is cut, or it stays and is silent", "cut", "silent"),
        probability=_CHANCE,
    ),
    "double_reply": _state(
        "a request on the WebSocket API is answered twice (path: its method)",
        _REQUESTS,
        probability=_CHANCE,
    ),
    "wrong_page": _state(
        "REST answers that are lists are not what was asked for",
        _REQUESTS,
        shape=_one_of(
            "the first half is missing, the second half, all, or the body ends in the middle",
            *("shifted", "short", "empty", "cut"),
        ),
    ),
    "stale_snapshot": _state(
        "depth snapshots stay as they are when this begins", ("stream", *_LASTING)
    ),
    "clock_drift": _state(
        "the exchange's clock is wrong: serverTime, and the checks of timestamps",
        ("seconds", "delay"),
        ms=Argument(int, 1500, "milliseconds; negative: the clock is late"),
    ),
    "drop": _action("connections are reset (TCP), without a close frame"),
    "halfopen": _action("connections stay open, but nothing is read or written any more"),
    "server_shutdown": _action(
        "connections get serverShutdown, in the form of their kind",
        close_after=Argument(float, None, "seconds until they are closed with 1001"),
    ),
    "malformed": _action(
        "connections get a malformed frame",
        shape=_one_of(
            "what is wrong with it", "json", "text", "utf8", "reserved", "opcode", "masked", "ping"
        ),
    ),
    "end_user_stream": _action(
        "subscriptions to accounts' events end, each with eventStreamTerminated"
    ),
    "end_listen_keys": _action(
        "all listen keys expire",
        ("delay",),
        how=_one_of("whether listenKeyExpired is sent", *KEY_ENDS),
    ),
    "revoke_key": _state(
        "an API key is refused (-2015)",
        ("seconds", "delay"),
        key=Argument(str, "*", "the key, or a pattern such as K*"),
    ),
    "cut_after": _state(
        "connections are closed a fixed time after they open",
        after=Argument(float, 10.0, "seconds"),
        how=_one_of("with a closing handshake, or a TCP reset", "close", "drop"),
        code=Argument(int, 1001, "of the closing handshake"),
    ),
    "late_pong": _state("pings of the client are answered late, or never", by=_LATE_OR_NEVER),
    "refuse_streams": _state(
        "SUBSCRIBE and UNSUBSCRIBE requests that name these streams are refused as a whole",
        shape=_one_of(
            'of the refusal: {"error", "id"}, {"code", "msg"}, or that with an id',
            *(WRAPPED, BARE, BARE_WITH_ID),
        ),
    ),
    "late_answer": _state(
        "SUBSCRIBE and similar requests are carried out, but the answer comes late, or never",
        by=_LATE_OR_NEVER,
    ),
    "slow_link": _state(
        "data from the server arrives slowly; nothing is lost",
        rate=Argument(float, None, "bytes a second"),
        latency=Argument(float, 0.0, "seconds"),
    ),
    "stall": _event("events of the streams are not sent"),
    "lose": _event("some events are lost", probability=_PROBABILITY),
    "duplicate": _event("some events are sent twice", probability=_PROBABILITY),
    "reorder": _event(
        "some events come later than those that follow them",
        probability=_PROBABILITY,
        by=Argument(int, 1, "how many events later"),
    ),
}


def check(spec: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The kind and the whole arguments of a fault as it is ordered: ``{"kind": .., ..}``.

    Text is read as the type that the argument has, so that a command line can order faults.

    :raises ValueError: for an unknown kind, argument or value, saying what is allowed.
    """
    kind = spec.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"unknown fault kind {kind!r}; allowed: {', '.join(KINDS)}")
    known = KINDS[kind].known
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
