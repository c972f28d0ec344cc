"""The layers below a stream, one by one, so that a fault can be told from the one below it.

Blocking sockets and a deadline. Proxies, trusted roots and the check of the host name are the
library's; certificates are verified here as everywhere.
"""

from __future__ import annotations

import queue
import select
import socket
import threading
import time
from dataclasses import dataclass
from datetime import datetime

import certifi
from cryptography.x509 import Name
from cryptography.x509.oid import NameOID
from OpenSSL import SSL, crypto
from service_identity.exceptions import VerificationError
from service_identity.pyopenssl import verify_hostname, verify_ip_address

from binance.tx.wire.proxy import Proxy, answer

__all__ = ["Certificate", "Refused", "Secured", "connect", "resolve", "secure", "tunnel"]

#: Seconds that each layer may take.
PATIENCE = 8.0


class Refused(Exception):
    """A layer could not be had; ``kind`` says how it failed, the message says why."""

    def __init__(self, kind: str, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.status = status


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says of itself."""

    subject: str
    issuer: str
    begins: datetime
    ends: datetime

    @classmethod
    def read(cls, x509: crypto.X509) -> Certificate:
        found = x509.to_cryptography()
        return cls(
            _name(found.subject),
            _name(found.issuer),
            found.not_valid_before_utc,
            found.not_valid_after_utc,
        )


def _name(name: Name) -> str:
    """The common name, or whatever else there is."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(kind):
            return str(attribute.value)
    return name.rfc4514_string() or "nobody"


@dataclass(frozen=True, slots=True)
class Secured:
    """A TLS connection that was verified."""

    version: str
    chain: tuple[Certificate, ...]
    """The server's own certificate first."""


def resolve(host: str, port: int, patience: float = PATIENCE) -> list[str]:
    """The addresses of a name, in the order in which they are tried.

    :raises Refused: ``dns``.
    """
    found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def look() -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.put(list(dict.fromkeys(str(info[4][0]) for info in infos)))
        except (OSError, UnicodeError) as error:
            found.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=look, daemon=True).start()
    try:
        answered = found.get(timeout=patience)
    except queue.Empty:
        raise Refused("dns", f"no answer within {patience:g} s") from None
    if isinstance(answered, OSError):
        raise Refused("dns", answered.strerror or str(answered))
    return answered


def connect(host: str, port: int, patience: float = PATIENCE) -> socket.socket:
    """A TCP connection to one of the host's addresses.

    :raises Refused: ``refused``, ``unreachable`` or ``late``.
    """
    try:
        return socket.create_connection((host, port), timeout=patience)
    except ConnectionRefusedError:
        raise Refused("refused", "connection refused") from None
    except TimeoutError:
        raise Refused("late", f"no answer within {patience:g} s") from None
    except OSError as error:
        raise Refused("unreachable", error.strerror or str(error)) from None


def tunnel(sock: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    """Ask a proxy for a tunnel.

    :raises Refused: ``proxy``, with the HTTP status if it gave one.
    """
    received = b""
    try:
        sock.sendall(proxy.request(host, port))
        while (answered := answer(received)) is None:
            piece = sock.recv(4096)
            if not piece:
                raise Refused("proxy", "it closed the connection without an answer")
            received += piece
    except TimeoutError:
        raise Refused("proxy", f"no answer within {PATIENCE:g} s") from None
    except (OSError, ValueError) as error:
        raise Refused("proxy", str(error)) from None
    if not answered.granted:
        words = f"it answers {answered.status} {answered.phrase}".strip()
        raise Refused("proxy", words, answered.status)


#: OpenSSL's numbers of what may be wrong with a certificate, as far as they have a plain word.
_FAULTS = {
    9: "is not valid yet",
    10: "has expired",
    18: "vouches for itself alone",
    19: "comes from an authority that nobody here knows",
    20: "comes from an authority that nobody here knows",
    21: "comes from an authority that nobody here knows",
    23: "was revoked",
}


def secure(sock: socket.socket, host: str, ca_file: str | None) -> Secured:
    """Speak TLS, and verify the server as the library does.

    :raises Refused: ``certificate`` or ``tls``.
    """
    faults: list[str] = []

    def verify(_: object, x509: crypto.X509, number: int, depth: int, good: int) -> bool:
        if not good:
            cert = Certificate.read(x509)
            word = _FAULTS.get(number, f"is refused by OpenSSL (error {number})")
            faults.append(
                f"the certificate of {cert.subject!r}, issued by {cert.issuer!r} and valid from "
                f"{cert.begins:%Y-%m-%d} to {cert.ends:%Y-%m-%d}, {word}"
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
        raise Refused(
            "certificate",
            f"it is for {named.subject!r}, issued by {named.issuer!r}, not for {host}",
        ) from None
    except SSL.Error as error:
        if faults:
            raise Refused("certificate", faults[0]) from None
        raise Refused("tls", _tls_words(error)) from None
    chain = connection.get_peer_cert_chain() or []
    return Secured(
        connection.get_protocol_version_name(), tuple(Certificate.read(each) for each in chain)
    )


def _shake_hands(connection: SSL.Connection, sock: socket.socket) -> None:
    deadline = time.monotonic() + PATIENCE
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
                raise Refused("tls", f"no answer within {PATIENCE:g} s") from None
        except SSL.SysCallError as error:
            raise Refused("tls", f"the connection was cut: {error.args[-1]}") from None


def _tls_words(error: SSL.Error) -> str:
    queued = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return ", ".join(str(entry[-1]) for entry in queued) or "TLS failed"


def _is_address(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except OSError:
            continue
        return True
    return False
