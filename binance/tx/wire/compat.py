"""All private or undocumented names of dependencies that are used here, checked once.

A *feature* is something that this package does faster or better with such names, which their
authors may rename.  If a name is missing in an installed version, the feature is off: the same
thing is done by public names alone, and one log line reports it.

Attributes that are set only on instances are found in the code of the methods that set them.
"""

from __future__ import annotations

import dis
import functools
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType

from twisted.python.reflect import InvalidName, namedAny

logger = logging.getLogger("binance")

# Autobahn's own receive path: if a subclass overrides one of these, all frames go that feature.
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
class Feature:
    """The names that a feature needs, by their owner, and the effect if one is missing."""

    needs: tuple[tuple[str, tuple[str, ...]], ...]
    instead: str


FEATURES = {
    # Decodes the complete text frames of a read in one loop.
    "fast lane": Feature(
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
        "Autobahn parses each frame, which is slower",
    ),
    # Reads the HTTP status and Retry-After of a refused handshake.
    "refusals": Feature(
        (
            (
                "autobahn.twisted.websocket.WebSocketClientProtocol",
                ("data", "http_headers", "http_response_data", "http_status_line"),
            ),
        ),
        "a refused handshake counts as a lost connection, without HTTP status and Retry-After",
    ),
    # Keeps listen keys and signatures out of Autobahn's log.
    "Autobahn's log": Feature(
        (("autobahn.twisted.websocket.WebSocketClientProtocol", ("log",)),),
        "at its debug level Autobahn logs complete requests, with listen keys and signatures",
    ),
    # Runs Autobahn's timers on the factory's reactor.
    "Autobahn's timers": Feature(
        (("autobahn.twisted.websocket.WebSocketClientFactory", ("_batched_timer",)),),
        "Autobahn's timers of handshakes run on its default reactor",
    ),
    # Verifies the exchange's certificate behind a proxy of Autobahn's own support.
    "Autobahn's proxies": Feature(
        (
            ("autobahn.twisted.websocket.WebSocketClientFactory", ("contextFactory",)),
            ("autobahn.twisted.websocket.WebSocketClientProtocol", ("contextFactory",)),
        ),
        "a factory with Autobahn's own `proxy` cannot connect to a wss:// address",
    ),
    # Lets a replaced link deliver its last messages after the start of its closing handshake.
    "patient closing": Feature(
        (("autobahn.twisted.websocket.WebSocketClientProtocol", ("closeHandshakeTimeout",)),),
        "a replaced link is dropped one second after the start of its closing handshake",
    ),
    # Reads a record of application data without Twisted's exceptions.
    "lean TLS": Feature(
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
        "Twisted reads each record, which is slower",
    ),
    # Decrypts into one buffer, and asks OpenSSL for an error only if there can be one.
    "OpenSSL by hand": Feature(
        (
            ("OpenSSL.SSL", ("_ffi", "_lib")),
            ("OpenSSL.SSL._lib", ("SSL_read", "BIO_write")),
            ("OpenSSL.SSL.Connection", ("_ssl", "_into_ssl")),
        ),
        "pyOpenSSL reads each record, which is slower",
    ),
    # Trusts the system's certificates in addition to certifi's.
    "roots": Feature(
        (
            ("twisted.internet._sslverify", ("IOpenSSLTrustRoot",)),
            ("twisted.internet._sslverify.OpenSSLDefaultPaths", ("_addCACertsToContext",)),
        ),
        "only certifi's certificates and those of a CA file are trusted",
    ),
    # Removes the wrapper of Twisted's endpoint between transport and protocol.
    "no wrapper": Feature(
        (
            ("twisted.internet.endpoints._WrappingProtocol", ("_wrappedProtocol",)),
            ("twisted.internet.tcp.Client", ("protocol",)),
        ),
        "each read passes through Twisted's wrapper",
    ),
    # Waits for the next read at once if there is nothing else to do.
    "fast loop": Feature(
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
    "steady clock": Feature(
        (("twisted.internet.base.DelayedCall", ("seconds",)),),
        "timers are checked once a second, in case the system clock is set",
    ),
    # Detects a reactor that has run and was stopped.
    "stopped reactor": Feature(
        (("twisted.internet.base.ReactorBase", ("_startedBefore", "_stopped")),),
        "a reactor that your program ran and stopped is detected only if a manager used it",
    ),
    # Starts an asyncio reactor in its loop, if the program runs that loop.
    "users' loops": Feature(
        (
            (
                "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
                ("_asyncioEventloop", "startRunning"),
            ),
        ),
        "a test call shows whether your program runs the loop of its asyncio reactor",
    ),
    # Makes the threads that resolve names daemons, so that they do not keep a process alive.
    "daemon threads": Feature(
        (("twisted.python.threadpool.ThreadPool", ("threadFactory",)),),
        "on your own asyncio loop a process ends only after Twisted's threads",
    ),
    # Stops the dial of a connector of user code after its timeout.
    "users' connectors": Feature(
        (("twisted.internet.tcp.Connector", ("timeout", "transport")),),
        "a connector of your own code is closed after the default timeout",
    ),
    # Waits for the managers in the main thread, where Ctrl-C arrives.
    "end of the main thread": Feature(
        (("threading", ("_register_atexit",)),),
        "Ctrl-C after the end of the main thread has no effect",
    ),
}


@functools.cache
def has(feature: str) -> bool:
    """Whether all names of a feature exist; if one is missing, that is logged once."""
    lost = list(_missing(FEATURES[feature].needs))
    if lost:
        logger.info("%s: missing %s; %s", feature, ", ".join(lost), FEATURES[feature].instead)
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
    """The code of all methods of a class, with their globals."""
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
    """The attributes that code reads or sets, except those of globals, as in `socket.socket`."""
    of_global = False
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_ATTR", "LOAD_METHOD", "STORE_ATTR") and not of_global:
            yield instruction.argval
        of_global = instruction.opname == "LOAD_GLOBAL"
