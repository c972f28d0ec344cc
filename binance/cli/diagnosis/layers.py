"""Each layer between this computer and a stream, tried alone: a fault shows in the lowest one.

DNS, TCP, proxy and TLS use blocking sockets with a timeout. The proxy's rules, the trusted roots
and the check of the host name are the library's. The streams use the library's own sockets.
"""

from __future__ import annotations

import contextlib
import queue
import select
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Any

import certifi
from cryptography.x509 import Name
from cryptography.x509.oid import NameOID
from OpenSSL import SSL, crypto
from service_identity.exceptions import VerificationError
from service_identity.pyopenssl import verify_hostname, verify_ip_address

from binance import events
from binance.cli.streams import Stream
from binance.relay.frames import START, FrameManager
from binance.tx.wire.proxy import Proxy, Refused

#: Seconds that each layer below the streams may take.
TIMEOUT = 8.0
#: Seconds that the connection of the streams may take.
OPEN_SECONDS = 15.0


class LayerError(Exception):
    """A layer failed: ``kind`` says how, in one word, the message says why."""

    def __init__(self, kind: str, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.status = status


@dataclass(frozen=True, slots=True)
class Certificate:
    """The fields of a certificate that a reader needs."""

    subject: str
    issuer: str
    begins: datetime
    ends: datetime

    @classmethod
    def read(cls, x509: crypto.X509) -> Certificate:
        found = x509.to_cryptography()
        begins, ends = found.not_valid_before_utc, found.not_valid_after_utc
        return cls(_name(found.subject), _name(found.issuer), begins, ends)


def _name(name: Name) -> str:
    """The common name, or whatever else there is."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(kind):
            return str(attribute.value)
    return name.rfc4514_string() or "nobody"


@dataclass(frozen=True, slots=True)
class TlsSession:
    """A TLS connection to a verified server."""

    version: str
    chain: tuple[Certificate, ...]
    """The server's own certificate first."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, in the order in which they are tried.

    :raises LayerError: ``dns``.
    """
    found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.put(list(dict.fromkeys(str(info[4][0]) for info in infos)))
        except (OSError, UnicodeError) as error:
            found.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answered = found.get(timeout=TIMEOUT)
    except queue.Empty:
        raise LayerError("dns", f"no answer within {TIMEOUT:g} s") from None
    if isinstance(answered, OSError):
        raise LayerError("dns", answered.strerror or str(answered))
    return answered


def connect(host: str, port: int) -> socket.socket:
    """A TCP connection to one of the host's addresses.

    :raises LayerError: ``refused``, ``unreachable`` or ``late``.
    """
    try:
        return socket.create_connection((host, port), timeout=TIMEOUT)
    except ConnectionRefusedError:
        raise LayerError("refused", "connection refused") from None
    except TimeoutError:
        raise LayerError("late", f"no answer within {TIMEOUT:g} s") from None
    except OSError as error:
        raise LayerError("unreachable", error.strerror or str(error)) from None


def tunnel(sock: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    """Ask a proxy for a tunnel.

    :raises LayerError: ``proxy``, with the status 407 if user or password are missing or wrong.
    """
    dialogue = proxy.dialogue(host, port)
    try:
        sock.sendall(next(dialogue))
        while piece := sock.recv(4096):
            sock.sendall(dialogue.send(piece))
        raise LayerError("proxy", "it closed the connection without an answer")
    except StopIteration:
        return
    except Refused as refused:
        raise LayerError("proxy", str(refused), 407 if refused.login else None) from None
    except TimeoutError:
        raise LayerError("proxy", f"no answer within {TIMEOUT:g} s") from None
    except (OSError, ValueError) as error:
        raise LayerError("proxy", str(error)) from None


#: OpenSSL's numbers for faults of a certificate.
_FAULTS = {
    9: "is not valid yet",
    10: "has expired",
    18: "is self-signed",
    **dict.fromkeys((19, 20, 21), "was issued by an unknown authority"),
    23: "was revoked",
}


def secure(sock: socket.socket, host: str, ca_file: str | None) -> TlsSession:
    """Start TLS, and verify the server as the library does.

    :raises LayerError: ``certificate`` or ``tls``.
    """
    faults: list[str] = []

    def verify(_: object, x509: crypto.X509, number: int, depth: int, good: int) -> bool:
        if not good:
            cert = Certificate.read(x509)
            fault = _FAULTS.get(number, f"is refused by OpenSSL (error {number})")
            faults.append(
                f"the certificate of {cert.subject!r}, issued by {cert.issuer!r} and valid from "
                f"{cert.begins:%Y-%m-%d} to {cert.ends:%Y-%m-%d}, {fault}"
            )
        return bool(good)

    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_default_verify_paths()
    context.load_verify_locations(certifi.where())
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    context.set_verify(SSL.VERIFY_PEER, verify)
    connection = SSL.Connection(context, sock)
    is_address = _is_address(host)
    if not is_address:
        connection.set_tlsext_host_name(host.encode("idna"))
    connection.set_connect_state()
    try:
        _shake_hands(connection, sock)
        (verify_ip_address if is_address else verify_hostname)(connection, host)
    except VerificationError:
        named = Certificate.read(connection.get_peer_certificate() or crypto.X509())
        raise LayerError(
            "certificate",
            f"the certificate is for {named.subject!r}, issued by {named.issuer!r}, not for {host}",
        ) from None
    except SSL.Error as error:
        if faults:
            raise LayerError("certificate", faults[0]) from None
        raise LayerError("tls", _tls_text(error)) from None
    chain = connection.get_peer_cert_chain() or []
    return TlsSession(
        connection.get_protocol_version_name(), tuple(Certificate.read(each) for each in chain)
    )


def _shake_hands(connection: SSL.Connection, sock: socket.socket) -> None:
    deadline = time.monotonic() + TIMEOUT
    sock.setblocking(False)
    while True:
        try:
            connection.do_handshake()
            return
        except (SSL.WantReadError, SSL.WantWriteError) as wants:
            reading = isinstance(wants, SSL.WantReadError)
            left = max(0.0, deadline - time.monotonic())
            waiting = ([sock], []) if reading else ([], [sock])
            if not any(select.select(*waiting, [], left)):
                raise LayerError("tls", f"no answer within {TIMEOUT:g} s") from None
        except SSL.SysCallError as error:
            raise LayerError("tls", f"the connection was cut: {error.args[-1]}") from None


def _tls_text(error: SSL.Error) -> str:
    queued = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return ", ".join(str(entry[-1]) for entry in queued) or "TLS failed"


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@dataclass(slots=True)
class FirstMessages:
    """How long some streams took to send their first messages."""

    opened: float | None = None
    """Seconds until the connection was open; None: it never was."""
    delays: dict[Stream, float] = field(default_factory=dict)
    """Seconds from then to the first message of each stream that sent one."""
    reason: str = ""
    """Why the connection failed or was lost."""
    status: int | None = None
    """The HTTP status that refused the handshake."""


def first_messages(
    url_attribute: str, base: str, wanted: Sequence[Stream], wait: float
) -> FirstMessages:
    """Connect once, and wait until each stream has sent a message.

    :param url_attribute: the manager's attribute for the address of their market.
    :param base: the address.
    :param wait: seconds that a stream may take.
    """
    found = FirstMessages()
    done = threading.Event()
    began = time.monotonic()
    missing = {each.name: each for each in wanted}

    def on_frame(message: Any) -> None:
        stream = missing.pop(str(message.get("stream")), None)
        if stream is not None:
            found.delays[stream] = time.monotonic() - began - (found.opened or 0.0)
        if not missing:
            done.set()

    def on_event(event: events.Event) -> None:
        match event:
            case events.Connected():
                found.opened = time.monotonic() - began
            case events.Disconnected(reason=reason, http_status=status):
                found.reason, found.status = reason or "closed", status
            case events.GaveUp():
                done.set()

    manager = FrameManager(on_event, max_retries=0)
    setattr(manager, url_attribute, f"{base}/")
    with manager:
        key = START[wanted[0].market](manager, [each.name for each in wanted], on_frame)
        with contextlib.suppress(KeyError):  # it may have given up already, and be gone
            if manager.wait_open(str(key), OPEN_SECONDS):
                done.wait(wait)
    manager.close_and_wait()
    return found
