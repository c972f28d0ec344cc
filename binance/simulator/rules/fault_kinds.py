"""The kinds of faults: what each does, its arguments, and the check of what is ordered. Pure.

A kind has one of four categories:

* an *action* happens once, to the connections in its scope that are open when it begins; with
  ``seconds`` or ``count``, also to those that open later;
* a *state* lasts, and changes what the simulator does meanwhile;
* an *event* fault changes the events of a stream on their way to a connection;
* a *connect* fault changes how a connection begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
    arguments: dict[str, Argument]

    @property
    def known(self) -> dict[str, Argument]:
        """All arguments, those of the scope first."""
        return {name: SCOPE[name] for name in self.scope} | self.arguments


_TYPES: Mapping[str, type] = {"int": int, "float": float, "str": str}
_LASTING = ("count", "seconds", "delay")
_SCOPES = {
    "lasting": _LASTING,
    "links": ("stream", "connection", "link", *_LASTING),
    "requests": ("path", *_LASTING),
}


def _lines(text: str) -> list[str]:
    """The lines of a table; what begins with four spaces belongs to the line before."""
    return re.sub(r"\n {4,}", " ", text).strip().split("\n")


def _argument(line: str) -> tuple[str, Argument]:
    """``name float 3: help``, ``name int -: help`` (no default), or ``name cut|silent: help``: one
    of these words, by default the first.
    """
    head, _, help = line.strip().partition(": ")
    name, *type, default = head.split()
    if not type:
        words = tuple(default.split("|"))
        return name, Argument(str, words[0], help, words)
    made = _TYPES[type[0]]
    return name, Argument(made, None if default == "-" else made(default), help)


def _kinds(text: str) -> dict[str, Kind]:
    """Each kind is a line ``name category scope: help``; its arguments are indented beneath."""
    found: dict[str, Kind] = {}
    name = ""
    for line in _lines(text):
        if line.startswith(" "):
            found[name].arguments.update([_argument(line)])
            continue
        head, _, help = line.partition(": ")
        name, category, *words = head.split()
        scope = (part for word in words for part in _SCOPES.get(word, (word,)))
        found[name] = Kind(category, help, tuple(scope), {})
    return found


_OF_SCOPES = """
stream str *: streams, or connections that listen to one: a name, or a pattern; an account's event
    is ``user@executionReport``, and so on
connection int -: the number of one connection, from the statistics
link any|stream|ws_api: which kind of connection
path str *: path of the request: a name, or a pattern
count int -: how many times, at most
seconds float -: for how long
delay float 0: seconds until it begins
"""
SCOPE = dict(map(_argument, _lines(_OF_SCOPES)))

KINDS = _kinds("""
refuse connect lasting: TCP connections are refused; with count: so many are accepted and reset at
    once
slow_handshake connect requests: the answer to a WebSocket handshake comes late
  by float 3: seconds
bad_certificate connect lasting: TLS connections get a bad certificate
  certificate wrong_host|untrusted|expired: what is wrong
http_status connect requests: requests and handshakes get an HTTP error (path: also a method of the
    WebSocket API)
  status int 503: HTTP status, 400 to 599
  retry_after int -: seconds, sent as Retry-After
  on all|handshake|rest|ws_api: which of them
slow_reply state requests: answers come late (path: also a method of the WebSocket API)
  by float 3: seconds
  probability float 1: of each request, 0 to 1
drop_request state requests: a request is not carried out: the connection is cut when it comes
    (path: also a method)
  probability float 1: of each request, 0 to 1
drop_reply state requests: a request is carried out, but its answer never comes (path: also a
    method)
  how cut|silent: the connection is cut, or it stays and is silent
  probability float 1: of each request, 0 to 1
double_reply state requests: a request on the WebSocket API is answered twice (path: its method)
  probability float 1: of each request, 0 to 1
wrong_page state requests: REST answers that are lists are not what was asked for
  shape shifted|short|empty|cut: the first half is missing, the second half, all, or the body ends
    in the middle
stale_snapshot state stream lasting: depth snapshots stay as they are when this begins
clock_drift state seconds delay: the exchange's clock is wrong: serverTime, and the checks of
    timestamps
  ms int 1500: milliseconds; negative: the clock is late
drop action links: connections are reset (TCP), without a close frame
halfopen action links: connections stay open, but nothing is read or written any more
server_shutdown action links: connections get serverShutdown, in the form of their kind
  close_after float -: seconds until they are closed with 1001
malformed action links: connections get a malformed frame
  shape json|text|utf8|reserved|opcode|masked|ping: what is wrong with it
end_user_stream action links: subscriptions to accounts' events end, each with eventStreamTerminated
end_listen_keys action delay: all listen keys expire
  how silently|reported: whether listenKeyExpired is sent
revoke_key state seconds delay: an API key is refused (-2015)
  key str *: the key, or a pattern such as K*
cut_after state links: connections are closed a fixed time after they open
  after float 10: seconds
  how close|drop: with a closing handshake, or a TCP reset
  code int 1001: of the closing handshake
late_pong state links: pings of the client are answered late, or never
  by float -: seconds; default: never
refuse_streams state links: SUBSCRIBE and UNSUBSCRIBE requests that name these streams are refused
    as a whole
  shape wrapped|bare|bare_with_id: of the refusal: {"error", "id"}, {"code", "msg"}, or that with an
    id
late_answer state links: SUBSCRIBE and similar requests are carried out, but the answer comes late,
    or never
  by float -: seconds; default: never
slow_link state stream connection link seconds delay: data from the server arrives slowly; nothing
    is lost
  rate float -: bytes a second
  latency float 0: seconds
stall event links: events of the streams are not sent
lose event links: some events are lost
  probability float -: of each event, 0 to 1; default: 1 with count, else 0.1
duplicate event links: some events are sent twice
  probability float -: of each event, 0 to 1; default: 1 with count, else 0.1
reorder event links: some events come later than those that follow them
  probability float -: of each event, 0 to 1; default: 1 with count, else 0.1
  by int 1: how many events later
""")


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
