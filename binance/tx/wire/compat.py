"""All private or undocumented names of dependencies that are used here, checked once.

A *feature* is something that this package does faster or better with such names, which their
authors may rename.  If a name is missing in an installed version, the feature is off: the same
thing is done by public names alone, and one log line reports it.

Attributes that are set only on instances are found in the code of the methods that set them.
"""

import dis
import functools
import logging
import re
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType
from typing import NamedTuple

from twisted.python.reflect import InvalidName, namedAny

logger = logging.getLogger("binance")

# Autobahn's own receive path: if a subclass overrides one of these, all frames go that way.
_HOOKS = """
processData onFrameBegin onFrameData onFrameEnd onMessageBegin onMessageFrameBegin
onMessageFrameData onMessageFrameEnd onMessageFrame onMessageEnd _onMessageBegin
_onMessageFrameBegin _onMessageFrameData _onMessageFrameEnd _onMessageFrame _onMessageEnd _onMessage
"""
FRAME_HOOKS = tuple(_HOOKS.split())


class Feature(NamedTuple):
    """The names that a feature needs, by their owner, and the effect if one is missing."""

    needs: tuple[tuple[str, tuple[str, ...]], ...]
    instead: str


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
    "nats": "nats.aio.client.Client",
    "nats_parser": "nats.protocol.parser.Parser",
    "nats_tcp": "nats.aio.transport.TcpTransport",
}

#: A feature, the effect if a name is missing, what it does, and the names, by their owner.
_FEATURES = f"""
fast lane: Autobahn parses each frame, which is slower
  # Decodes the complete text frames of a read in one loop.  The protocol's hooks and steps:
  protocol {" ".join(FRAME_HOOKS)}
  protocol _onOpen _onPing _onPong _onClose _connectionMade _connectionLost _closeConnection
  protocol _listeners consumeData failHandshake onCloseFrame onServerConnectionDropTimeout
  protocol processHandshake onOpenHandshakeTimeout
  # where its parser stands
  protocol STATE_CLOSED STATE_CLOSING STATE_CONNECTING STATE_OPEN current_frame data inside_message
  protocol state
  # its options, and what it counts and logs
  protocol logFrames logOctets logRxOctets maxFramePayloadSize maxMessagePayloadSize
  protocol serverConnectionDropTimeout tcpNoDelay trackedTimings trafficStats
  # its timers, and why it ended
  protocol autoPingTimeoutCall closeHandshakeTimeoutCall failedByMe localCloseCode localCloseReason
  protocol serverConnectionDropTimeoutCall wasNotCleanReason
short details: opening a socket takes more CPU time
  # Begins the handshake without Autobahn's report of the certificate and of all options.
  protocol CONFIG_ATTRS _transport_details peer transport_details
whole frames: Autobahn writes each frame, which is slower
  # Writes a whole frame with one call.
  protocol applyMask logFrames logOctets maskClientFrames sendData sendFrame send_queue trafficStats
refusals: a refused handshake counts as a lost connection, without HTTP status and Retry-After
  # Reads the HTTP status and Retry-After of a refused handshake; forgets an accepted one's octets.
  protocol data http_headers http_request_data http_response_data http_status_line
Autobahn's log: at its debug level Autobahn logs complete requests, with listen keys and signatures
  # Keeps listen keys and signatures out of Autobahn's log.
  protocol log
Autobahn's timers: Autobahn's timers of handshakes run on its default reactor
  # Runs Autobahn's timers on the factory's reactor.
  factory _batched_timer
Autobahn's proxies: a factory with Autobahn's own `proxy` cannot connect to a wss:// address
  # Verifies the exchange's certificate behind a proxy of Autobahn's own support.
  factory contextFactory
  protocol contextFactory
patient closing: a replaced link is dropped one second after the start of its closing handshake
  # Lets a replaced link deliver its last messages after the start of its closing handshake.
  protocol closeHandshakeTimeout
lean TLS: Twisted reads each record, which is slower
  # Reads a record of application data without Twisted's exceptions.
  tls _aborted _appSendBuffer _flushReceiveBIO _handshakeDone _lostTLSConnection _reason
  tls _tlsConnection
OpenSSL by hand: pyOpenSSL reads each record, which is slower
  # Decrypts into one buffer, and asks OpenSSL for an error only if there can be one.
  openssl _ffi _lib
  openssl_lib SSL_read BIO_write
  openssl_connection _ssl _into_ssl
TLS sessions: each connection makes a full handshake, which takes more CPU time
  # Resumes the newest session of a server.
  openssl _ffi _lib
  openssl_lib SSL_SESSION_free SSL_get1_session SSL_get_session SSL_session_reused SSL_set_session
  openssl_lib d2i_SSL_SESSION i2d_SSL_SESSION
  openssl_connection _ssl
one key: a resumed handshake computes two keys, which takes more CPU time
  # Computes a key only for the group that the server has chosen before.
  openssl _lib
  openssl_lib SSL_set1_curves_list
roots: only certifi's certificates and those of a CA file are trusted
  # Trusts the system's certificates in addition to certifi's.
  verifying IOpenSSLTrustRoot
  default_paths _addCACertsToContext
no wrapper: each read passes through Twisted's wrapper
  # Removes the wrapper of Twisted's endpoint between transport and protocol.
  wrapper _wrappedProtocol
  tcp protocol
fast loop: the reactor keeps its own main loop, which is slower
  # Waits for the next read at once if there is nothing else to do.
  epoll _disconnectSelectable _doReadOrWrite _justStopped _newTimedCalls _pendingTimedCalls _poller
  epoll _selectables _started doIteration mainLoop runUntilCurrent threadCallQueue timeout
  delayed_call time
  tcp bufferSize doRead protocol socket
  logger failureHandler
steady clock: timers are checked once a second, in case the system clock is set
  # Gives a reactor that we run the monotonic clock.
  delayed_call seconds
stopped reactor: a reactor that your program ran and stopped is detected only if a manager used it
  # Detects a reactor that has run and was stopped.
  reactor _startedBefore _stopped
users' loops: a test call shows whether your program runs the loop of its asyncio reactor
  # Starts an asyncio reactor in its loop, if the program runs that loop.
  asyncio _asyncioEventloop startRunning
daemon threads: on your own asyncio loop a process ends only after Twisted's threads
  # Makes the threads that resolve names daemons, so that they do not keep a process alive.
  threads threadFactory
users' connectors: a connector of your own code is closed after the default timeout
  # Stops the dial of a connector of user code after its timeout.
  connector timeout transport
end of the main thread: Ctrl-C after the end of the main thread has no effect
  # Waits for the managers in the main thread, where Ctrl-C arrives.
  threading _register_atexit
bulk publishing: nats-py writes and reads each message of a relay, which is slower
  # Publishes many messages with one write, and reads their acknowledgements together.
  nats _flush_pending _flush_queue _ps _send_command
  nats_parser buf state
frozen servers: a connection to a NATS server that reads nothing stays until the system closes it
  # Drops what such a server has not read.
  nats _transport
  nats_tcp _io_writer
"""


def _read(text: str) -> Iterator[tuple[str, Feature]]:
    for block in re.split(r"\n(?=\S)", text.strip()):
        head, *lines = block.splitlines()
        name, _, instead = head.partition(": ")
        needs: dict[str, list[str]] = {}
        for owner, *names in map(str.split, lines):
            if owner != "#":
                needs.setdefault(_OWNERS[owner], []).extend(names)
        yield name, Feature(tuple((owner, tuple(names)) for owner, names in needs.items()), instead)


FEATURES = dict(_read(_FEATURES))


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
