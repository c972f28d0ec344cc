"""All private or undocumented names of dependencies that are used here, checked once.

A *feature* is something that this package does faster or better with such names, which their
authors may rename.  If a name is missing in an installed version, the feature is off: the same
thing is done by public names alone, and one log line reports it.

Attributes that are set only on instances are found in the code of the methods that set them.
"""

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


def _feature(instead: str, **needs: str) -> Feature:
    """A feature by `_OWNERS` and their names, separated by spaces."""
    return Feature(tuple((_OWNERS[key], tuple(needs[key].split())) for key in needs), instead)


_OWNERS = {
    "protocol": "autobahn.twisted.websocket.WebSocketClientProtocol",
    "factory": "autobahn.twisted.websocket.WebSocketClientFactory",
    "tls": "twisted.protocols.tls.TLSMemoryBIOProtocol",
    "openssl": "OpenSSL.SSL",
    "openssl_lib": "OpenSSL.SSL._lib",
    "openssl_connection": "OpenSSL.SSL.Connection",
    "verifying": "twisted.internet._sslverify",
    "default_paths": "twisted.internet._sslverify.OpenSSLDefaultPaths",
    "wrapper": "twisted.internet.endpoints._WrappingProtocol",
    "tcp": "twisted.internet.tcp.Client",
    "connector": "twisted.internet.tcp.Connector",
    "reactor": "twisted.internet.base.ReactorBase",
    "epoll": "twisted.internet.epollreactor.EPollReactor",
    "asyncio": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    "delayed_call": "twisted.internet.base.DelayedCall",
    "logger": "twisted.logger.Logger",
    "threads": "twisted.python.threadpool.ThreadPool",
    "threading": "threading",
}

FEATURES = {
    # Decodes the complete text frames of a read in one loop.
    "fast lane": _feature(
        "Autobahn parses each frame, which is slower",
        protocol=" ".join(FRAME_HOOKS)
        # the protocol's hooks and steps
        + " _onOpen _onPing _onPong _onClose _connectionMade _connectionLost _closeConnection"
        " _listeners consumeData failHandshake onCloseFrame onServerConnectionDropTimeout"
        " processHandshake"
        # where its parser stands
        " STATE_CLOSED STATE_CLOSING STATE_CONNECTING STATE_OPEN current_frame data inside_message"
        " state"
        # its options, and what it counts and logs
        " logFrames logOctets logRxOctets maxFramePayloadSize maxMessagePayloadSize"
        " serverConnectionDropTimeout tcpNoDelay trackedTimings trafficStats"
        # its timers, and why it ended
        " autoPingTimeoutCall closeHandshakeTimeoutCall failedByMe localCloseCode localCloseReason"
        " serverConnectionDropTimeoutCall wasNotCleanReason",
    ),
    # Writes a whole frame with one call.
    "whole frames": _feature(
        "Autobahn writes each frame, which is slower",
        protocol="applyMask logFrames logOctets maskClientFrames sendData sendFrame send_queue"
        " trafficStats",
    ),
    # Reads the HTTP status and Retry-After of a refused handshake.
    "refusals": _feature(
        "a refused handshake counts as a lost connection, without HTTP status and Retry-After",
        protocol="data http_headers http_response_data http_status_line",
    ),
    # Keeps listen keys and signatures out of Autobahn's log.
    "Autobahn's log": _feature(
        "at its debug level Autobahn logs complete requests, with listen keys and signatures",
        protocol="log",
    ),
    # Runs Autobahn's timers on the factory's reactor.
    "Autobahn's timers": _feature(
        "Autobahn's timers of handshakes run on its default reactor", factory="_batched_timer"
    ),
    # Verifies the exchange's certificate behind a proxy of Autobahn's own support.
    "Autobahn's proxies": _feature(
        "a factory with Autobahn's own `proxy` cannot connect to a wss:// address",
        factory="contextFactory",
        protocol="contextFactory",
    ),
    # Lets a replaced link deliver its last messages after the start of its closing handshake.
    "patient closing": _feature(
        "a replaced link is dropped one second after the start of its closing handshake",
        protocol="closeHandshakeTimeout",
    ),
    # Reads a record of application data without Twisted's exceptions.
    "lean TLS": _feature(
        "Twisted reads each record, which is slower",
        tls="_aborted _appSendBuffer _flushReceiveBIO _handshakeDone _lostTLSConnection"
        " _tlsConnection",
    ),
    # Decrypts into one buffer, and asks OpenSSL for an error only if there can be one.
    "OpenSSL by hand": _feature(
        "pyOpenSSL reads each record, which is slower",
        openssl="_ffi _lib",
        openssl_lib="SSL_read BIO_write",
        openssl_connection="_ssl _into_ssl",
    ),
    # Trusts the system's certificates in addition to certifi's.
    "roots": _feature(
        "only certifi's certificates and those of a CA file are trusted",
        verifying="IOpenSSLTrustRoot",
        default_paths="_addCACertsToContext",
    ),
    # Removes the wrapper of Twisted's endpoint between transport and protocol.
    "no wrapper": _feature(
        "each read passes through Twisted's wrapper", wrapper="_wrappedProtocol", tcp="protocol"
    ),
    # Waits for the next read at once if there is nothing else to do.
    "fast loop": _feature(
        "the reactor keeps its own main loop, which is slower",
        epoll="_disconnectSelectable _doReadOrWrite _justStopped _newTimedCalls _pendingTimedCalls"
        " _poller _selectables _started doIteration mainLoop runUntilCurrent threadCallQueue"
        " timeout",
        delayed_call="time",
        tcp="bufferSize doRead protocol socket",
        logger="failureHandler",
    ),
    # Gives a reactor that we run the monotonic clock.
    "steady clock": _feature(
        "timers are checked once a second, in case the system clock is set", delayed_call="seconds"
    ),
    # Detects a reactor that has run and was stopped.
    "stopped reactor": _feature(
        "a reactor that your program ran and stopped is detected only if a manager used it",
        reactor="_startedBefore _stopped",
    ),
    # Starts an asyncio reactor in its loop, if the program runs that loop.
    "users' loops": _feature(
        "a test call shows whether your program runs the loop of its asyncio reactor",
        asyncio="_asyncioEventloop startRunning",
    ),
    # Makes the threads that resolve names daemons, so that they do not keep a process alive.
    "daemon threads": _feature(
        "on your own asyncio loop a process ends only after Twisted's threads",
        threads="threadFactory",
    ),
    # Stops the dial of a connector of user code after its timeout.
    "users' connectors": _feature(
        "a connector of your own code is closed after the default timeout",
        connector="timeout transport",
    ),
    # Waits for the managers in the main thread, where Ctrl-C arrives.
    "end of the main thread": _feature(
        "Ctrl-C after the end of the main thread has no effect", threading="_register_atexit"
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
