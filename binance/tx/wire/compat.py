"""Every private or undocumented name of a dependency that is used here, looked for once.

Each *way* is something that this package does faster or better by names which their authors may
rename.  Where one of them is missing in the versions installed, the way is not taken: what it did
is done the plain way, by public names alone, and one line in the log says so.

Attributes that are only ever set on instances are found in the code of the methods that set them.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

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
    "fast lane": Way(
        (
            (
                "WebSocketClientProtocol",
                (
                    *FRAME_HOOKS,
                    "_onOpen",
                    "_onPing",
                    "_onPong",
                    "_onClose",
                    "_connectionMade",
                    "_connectionLost",
                    "_closeConnection",
                    "_listeners",
                    "autoPingTimeoutCall",
                    "closeHandshakeTimeoutCall",
                    "consumeData",
                    "current_frame",
                    "failHandshake",
                    "failedByMe",
                    "http_headers",
                    "http_response_data",
                    "http_status_line",
                    "inside_message",
                    "localCloseCode",
                    "localCloseReason",
                    "logFrames",
                    "logOctets",
                    "logRxOctets",
                    "onCloseFrame",
                    "onServerConnectionDropTimeout",
                    "processHandshake",
                    "serverConnectionDropTimeoutCall",
                    "trackedTimings",
                    "trafficStats",
                    "wasNotCleanReason",
                ),
            ),
        ),
        "each frame is left to Autobahn, which is slower",
    ),
    "Autobahn's timers": Way(
        (("WebSocketClientFactory", ("_batched_timer",)),),
        "handshakes are timed by the reactor that Autobahn knows of",
    ),
    "lean TLS": Way(
        (
            (
                "BufferingTLSTransport",
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
    "OpenSSL by hand": Way(
        (
            ("SSL", ("_ffi", "_lib")),
            ("SSL._lib", ("SSL_read", "BIO_write")),
            ("SSL.Connection", ("_ssl", "_into_ssl")),
        ),
        "each record is read by pyOpenSSL, which is slower",
    ),
    "roots": Way(
        (("_sslverify", ("IOpenSSLTrustRoot",)),),
        "only certifi's certificates and those of a CA file are trusted",
    ),
    "no wrapper": Way(
        (("endpoints._WrappingProtocol", ("_wrappedProtocol",)),),
        "each read passes through Twisted's wrapper",
    ),
    "shorter loop": Way(
        (
            (
                "EPollReactor",
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
                    "running",
                    "runUntilCurrent",
                    "threadCallQueue",
                    "timeout",
                ),
            ),
            ("Logger", ("failureHandler",)),
        ),
        "the reactor keeps its own main loop, which is slower",
    ),
    "stopped reactor": Way(
        (("ReactorBase", ("_startedBefore", "_stopped")),),
        "a reactor that a program of yours ran and stopped is noticed only where a manager ran",
    ),
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
            owner = _owner(where)
        except (ImportError, AttributeError):
            yield where
            continue
        known = _names(owner) if isinstance(owner, type) else None
        for name in names:
            if not (hasattr(owner, name) if known is None else name in known):
                yield f"{where}.{name}"


def _owner(where: str) -> Any:
    """What has the names; ImportError or AttributeError where it is gone itself."""
    match where:
        case "WebSocketClientProtocol" | "WebSocketClientFactory":
            from autobahn.twisted import websocket

            return getattr(websocket, where)
        case "BufferingTLSTransport":
            from twisted.protocols import tls

            return tls.BufferingTLSTransport
        case "SSL" | "SSL._lib" | "SSL.Connection":
            from OpenSSL import SSL

            return getattr(SSL, where.partition(".")[2]) if "." in where else SSL
        case "_sslverify":
            from twisted.internet import _sslverify

            return _sslverify
        case "endpoints._WrappingProtocol":
            from twisted.internet import endpoints

            return endpoints._WrappingProtocol
        case "EPollReactor":
            from twisted.internet.epollreactor import EPollReactor

            return EPollReactor
        case "Logger":
            from twisted.logger import Logger

            return Logger
        case "ReactorBase":
            from twisted.internet.base import ReactorBase

            return ReactorBase
        case _:
            return threading


def _names(owner: type) -> set[str]:
    """The attributes of a class, and the names in the code of its methods."""
    names: set[str] = set()
    for base in owner.__mro__:
        names.update(vars(base))
        for value in vars(base).values():
            code = getattr(getattr(value, "__func__", value), "__code__", None)
            if isinstance(code, CodeType):
                names.update(_in_code(code))
    return names


def _in_code(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _in_code(constant)
