"""Every private or undocumented name of a dependency that is used here, looked for once.

Each *way* is something that this package does faster or better by names which their authors may
rename.  Where one of them is missing in the versions installed, the way is not taken: what it did
is done the plain way, by public names alone, and one line in the log says so.

Attributes that are only ever set on instances are found in the code of the methods that set them.
"""

from __future__ import annotations

import dis
import functools
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType

from twisted.python.reflect import InvalidName, namedAny

__all__ = ["FRAME_HOOKS", "WAYS", "Way", "has"]

logger = logging.getLogger("binance")

# Autobahn's own receive path: where a subclass overrides one of these, all frames go that way.
FRAME_HOOKS = (
    "processData",
    "onFrameBegin",
    "onFrameData",
    "onFrameEnd",
    "onMessageBegin",
    "onMessageFrameBegin",
    "onMessageFrameData",
    "onMessageFrameEnd",
    "onMessageFrame",
    "onMessageEnd",
    "_onMessageBegin",
    "_onMessageFrameBegin",
    "_onMessageFrameData",
    "_onMessageFrameEnd",
    "_onMessageFrame",
    "_onMessageEnd",
    "_onMessage",
)


@dataclass(frozen=True, slots=True)
class Way:
    """Names that belong together, by what has them, and what is lost without one."""

    needs: tuple[tuple[str, tuple[str, ...]], ...]
    instead: str


WAYS = {
    # Decodes the whole text frames of a read in one loop, between what Autobahn does with the rest.
    "fast lane": Way(
        (
            (
                "autobahn.twisted.websocket.WebSocketClientProtocol",
                (
                    *FRAME_HOOKS,
                    # the protocol's hooks and steps
                    "_onOpen",
                    "_onPing",
                    "_onPong",
                    "_onClose",
                    "_connectionMade",
                    "_connectionLost",
                    "_closeConnection",
                    "_listeners",
                    "consumeData",
                    "failHandshake",
                    "onCloseFrame",
                    "onServerConnectionDropTimeout",
                    "processHandshake",
                    # where its parser stands
                    "STATE_CLOSED",
                    "STATE_CLOSING",
                    "STATE_CONNECTING",
                    "STATE_OPEN",
                    "current_frame",
                    "data",
                    "inside_message",
                    "state",
                    # its options, and what it counts and logs
                    "logFrames",
                    "logOctets",
                    "logRxOctets",
                    "maxFramePayloadSize",
                    "maxMessagePayloadSize",
                    "serverConnectionDropTimeout",
                    "tcpNoDelay",
                    "trackedTimings",
                    "trafficStats",
                    # its timers, and why it ended
                    "autoPingTimeoutCall",
                    "closeHandshakeTimeoutCall",
                    "failedByMe",
                    "localCloseCode",
                    "localCloseReason",
                    "serverConnectionDropTimeoutCall",
                    "wasNotCleanReason",
                ),
            ),
        ),
        "each frame is left to Autobahn, which is slower",
    ),
    # Tells the HTTP status of a refused handshake, and how long to stay away.
    "refusals": Way(
        (
            (
                "autobahn.twisted.websocket.WebSocketClientProtocol",
                ("data", "http_headers", "http_response_data", "http_status_line"),
            ),
        ),
        "a refused handshake is a lost connection, whatever its HTTP status and Retry-After are",
    ),
    # Keeps listen keys and signatures out of what Autobahn logs.
    "Autobahn's log": Way(
        (("autobahn.twisted.websocket.WebSocketClientProtocol", ("log",)),),
        "at its debug level Autobahn logs requests with all that is in them",
    ),
    # Keeps Autobahn's time by the factory's own reactor.
    "Autobahn's timers": Way(
        (("autobahn.twisted.websocket.WebSocketClientFactory", ("_batched_timer",)),),
        "handshakes are timed by the reactor that Autobahn knows of",
    ),
    # Verifies the exchange's certificate behind a proxy that a user has Autobahn itself ask.
    "Autobahn's proxies": Way(
        (
            ("autobahn.twisted.websocket.WebSocketClientFactory", ("contextFactory",)),
            ("autobahn.twisted.websocket.WebSocketClientProtocol", ("contextFactory",)),
        ),
        "a factory with Autobahn's own `proxy` connects to no wss:// address",
    ),
    # Lets a link that has a successor bring all it still has, after its closing handshake began.
    "patient closing": Way(
        (("autobahn.twisted.websocket.WebSocketClientProtocol", ("closeHandshakeTimeout",)),),
        "a link that is rotated away is dropped a second after its closing handshake has begun",
    ),
    # Reads a record of application data without the exceptions that Twisted waits for.
    "lean TLS": Way(
        (
            (
                "twisted.protocols.tls.BufferingTLSTransport",
                (
                    "_aborted",
                    "_appSendBuffer",
                    "_flushReceiveBIO",
                    "_handshakeDone",
                    "_lostTLSConnection",
                    "_tlsConnection",
                ),
            ),
        ),
        "each record is read by Twisted, which is slower",
    ),
    # Decrypts into one buffer, without asking OpenSSL for errors where there can be none.
    "OpenSSL by hand": Way(
        (
            ("OpenSSL.SSL", ("_ffi", "_lib")),
            ("OpenSSL.SSL._lib", ("SSL_read", "BIO_write")),
            ("OpenSSL.SSL.Connection", ("_ssl", "_into_ssl")),
        ),
        "each record is read by pyOpenSSL, which is slower",
    ),
    # Trusts the system's certificates besides certifi's.
    "roots": Way(
        (
            ("twisted.internet._sslverify", ("IOpenSSLTrustRoot",)),
            ("twisted.internet._sslverify.OpenSSLDefaultPaths", ("_addCACertsToContext",)),
        ),
        "only certifi's certificates and those of a CA file are trusted",
    ),
    # Takes the wrapper of Twisted's endpoint from between transport and protocol.
    "no wrapper": Way(
        (
            ("twisted.internet.endpoints._WrappingProtocol", ("_wrappedProtocol",)),
            ("twisted.internet.tcp.Client", ("protocol",)),
        ),
        "each read passes through Twisted's wrapper",
    ),
    # Goes back to waiting at once where there is nothing to do but read.
    "fast loop": Way(
        (
            (
                "twisted.internet.epollreactor.EPollReactor",
                (
                    "_disconnectSelectable",
                    "_doReadOrWrite",
                    "_justStopped",
                    "_newTimedCalls",
                    "_pendingTimedCalls",
                    "_poller",
                    "_selectables",
                    "_started",
                    "doIteration",
                    "mainLoop",
                    "runUntilCurrent",
                    "threadCallQueue",
                    "timeout",
                ),
            ),
            ("twisted.internet.base.DelayedCall", ("time",)),
            ("twisted.internet.tcp.Client", ("bufferSize", "doRead", "protocol", "socket")),
            ("twisted.logger.Logger", ("failureHandler",)),
        ),
        "the reactor keeps its own main loop, which is slower",
    ),
    # Gives a reactor that we run the monotonic clock.
    "steady clock": Way(
        (("twisted.internet.base.DelayedCall", ("seconds",)),),
        "timers are looked after once a second, in case the system's clock is set",
    ),
    # Knows at once that a reactor has run before.
    "stopped reactor": Way(
        (("twisted.internet.base.ReactorBase", ("_startedBefore", "_stopped")),),
        "a reactor that a program of yours ran and stopped is noticed only where a manager ran",
    ),
    # Starts an asyncio reactor in the loop beneath it, where the program runs that one.
    "users' loops": Way(
        (
            (
                "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
                ("_asyncioEventloop", "startRunning"),
            ),
        ),
        "whether your program runs the loop of its asyncio reactor is found out by trying it",
    ),
    # Keeps the threads that look up names from keeping a process alive.
    "daemon threads": Way(
        (("twisted.python.threadpool.ThreadPool", ("threadFactory",)),),
        "on a loop of your own a process ends only when Twisted's threads have ended",
    ),
    # Gives up the dial of a connector that a user's code made.
    "users' connectors": Way(
        (("twisted.internet.tcp.Connector", ("timeout", "transport")),),
        "a connector of yours is given up after its default time, by closing it",
    ),
    # Waits for the managers in the main thread, the only one where Ctrl-C arrives.
    "end of the main thread": Way(
        (("threading", ("_register_atexit",)),),
        "Ctrl-C after the end of the main thread is not noticed",
    ),
}


@functools.cache
def has(way: str) -> bool:
    """Whether all names of a way are there; where one is not, that is said, once."""
    lost = list(_missing(WAYS[way].needs))
    if lost:
        logger.info("%s: no %s here: %s", way, ", ".join(lost), WAYS[way].instead)
    return not lost


def _missing(needs: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    for where, names in needs:
        try:
            owner = namedAny(where)
        except (ImportError, AttributeError, InvalidName):
            yield where
            continue
        lost = {name for name in names if not hasattr(owner, name)}
        if lost and isinstance(owner, type):
            for code, of_module in _codes(owner):
                found = lost.intersection(code.co_names)
                if not found.isdisjoint(of_module):
                    found.intersection_update(_attributes(code))
                lost -= found
        yield from (f"{where}.{name}" for name in names if name in lost)


def _codes(owner: type) -> Iterator[tuple[CodeType, dict[str, object]]]:
    """The code of all methods of a class, and the globals that it sees."""
    for base in owner.__mro__:
        for value in vars(base).values():
            function = getattr(value, "__func__", value)
            if isinstance(function, FunctionType):
                for code in _and_within(function.__code__):
                    yield code, function.__globals__


def _and_within(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _and_within(constant)


def _attributes(code: CodeType) -> Iterator[str]:
    """The attributes that code reads or sets, but for those of globals: `socket.socket`."""
    of_global = False
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_ATTR", "LOAD_METHOD", "STORE_ATTR") and not of_global:
            yield instruction.argval
        of_global = instruction.opname == "LOAD_GLOBAL"
