"""TLS for the client: always verified, and faster for many small records.

Verification cannot be turned off. Twisted's `optionsForClientTLS` checks certificates against the
system's roots, certifi's and a CA file of the user, and against the host name, and sends the name
to the server (SNI).
"""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from struct import Struct
from typing import Any

from OpenSSL import SSL
from service_identity import VerificationError
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.internet.protocol import connectionDone
from twisted.internet.ssl import (
    Certificate,
    ClientContextFactory,
    optionsForClientTLS,
    trustRootFromCertificates,
)
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol
from twisted.python.failure import Failure
from zope.interface import implementer

from binance.tx.wire import compat

logger = logging.getLogger("binance")

# RFC 8446 section 5.1: type, version, length, then that many octets.
_RECORD_HEADER = 5
_APPLICATION_DATA = 0x17
_record_header = Struct("!BxxH").unpack_from
# The size of one read of Twisted, and the rest of a record from an earlier read.
_SCRATCH_OCTETS = (1 << 16) + (1 << 14)
#: The seconds after a full handshake for which its session is resumed: then the certificate is
#: verified again.
RESUMED_SECONDS = 3600.0
#: The groups for the exchange of keys that OpenSSL offers by default; `?`: those that it knows.
_GROUPS = (
    "?X25519MLKEM768:?SecP256r1MLKEM768:?SecP384r1MLKEM1024"
    ":?X25519:?secp256r1:?X448:?secp384r1:?secp521r1"
)


def _bundle() -> str:
    """The file with certifi's roots."""
    from certifi import where  # the first link needs it, and the import of this package does not

    return where()


class _Roots:
    """The system's roots, certifi's, and those of a PEM file."""

    def __init__(self, ca_file: str | None) -> None:
        self._ca_file = ca_file

    def _addCACertsToContext(self, context: SSL.Context) -> None:
        context.set_default_verify_paths()
        # On Windows OpenSSL cannot read the system's store, and many containers have none.
        context.load_verify_locations(_bundle())
        if self._ca_file is not None:
            context.load_verify_locations(self._ca_file)


def _roots(ca_file: str | None) -> Any:
    """The roots to trust, for Twisted."""
    if compat.has("roots"):
        from twisted.internet._sslverify import IOpenSSLTrustRoot

        return implementer(IOpenSSLTrustRoot)(_Roots)(ca_file)
    pems = []
    for name in filter(None, (_bundle(), ca_file)):
        with open(name, encoding="latin-1") as file:
            pems += _PEM.findall(file.read())
    return trustRootFromCertificates([Certificate.loadPEM(pem) for pem in pems])


_PEM = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def context(host: str, ca_file: str | None = None) -> ResumingCreator:
    """The verifying connection creator of a host, cached because it is slow to read the roots.

    `ca_file` (PEM) is trusted in addition to the system's roots and certifi's; it is read again
    after a change. OSError or ValueError if it cannot be read.
    """
    if ca_file is None:
        return _context(host, None, 0, 0)
    status = os.stat(ca_file)
    return _context(host, ca_file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _context(host: str, ca_file: str | None, mtime: int, size: int) -> ResumingCreator:
    if ca_file is not None:
        try:  # check it now: Twisted would read it at the first connection only
            SSL.Context(SSL.TLS_CLIENT_METHOD).load_verify_locations(ca_file)
        except SSL.Error as error:
            raise ValueError(f"no PEM certificate in the CA file {ca_file!r}") from error
    tickets = {"enableSessionTickets": True}  # for TLS 1.2; newer versions always have them
    verifying = optionsForClientTLS(
        host, trustRoot=_roots(ca_file), extraCertificateOptions=tickets
    )
    return ResumingCreator(verifying)


class KeptSession:
    """The newest TLS session with one port of a host, which the next connections resume.

    That takes half of the CPU time: the server proves by the session's secret that it is the one
    whose certificate was verified.  A session belongs to one context, that is to one host and one
    set of roots; OpenSSL refuses it in any other.
    """

    now: Callable[[], float] = staticmethod(time.monotonic)

    def __init__(self) -> None:
        self._session: Any = None
        self._group: str | None = None  # how that connection exchanged its keys, if it is known
        self._verified = 0.0  # the time of the full handshake

    def offer(self, connection: SSL.Connection) -> None:
        """Make a connection, before its handshake, ask the server to resume the session.

        OpenSSL computes keys for two groups, as it does not know which one the server prefers.
        For a server that has chosen one, it need not; the server may still ask for any other.
        """
        if self._session is None or self.now() - self._verified >= RESUMED_SECONDS:
            return
        lib = SSL._lib  # type: ignore[attr-defined]
        lib.SSL_set_session(connection._ssl, self._session)
        if self._group is not None:
            lib.SSL_set1_curves_list(connection._ssl, f"?*{self._group}:{_GROUPS}".encode())

    def keep(self, connection: SSL.Connection, began: float) -> None:
        """Keep the session of a connection that may have got a ticket."""
        lib, ffi = SSL._lib, SSL._ffi  # type: ignore[attr-defined]
        if not lib.SSL_session_reused(connection._ssl):
            self._verified = began
        self._session = ffi.gc(lib.SSL_get1_session(connection._ssl), lib.SSL_SESSION_free)
        self._group = connection.get_group_name() if chooses_keys() else None

    def lost(self, connection: SSL.Connection) -> None:
        """A connection will end: if the kept session is its own, keep a copy instead.

        OpenSSL resumes no session of a connection that ends without a close alert, as most do.
        """
        lib, ffi = SSL._lib, SSL._ffi  # type: ignore[attr-defined]
        session = lib.SSL_get_session(connection._ssl)
        if session != self._session:
            return
        size = lib.i2d_SSL_SESSION(session, ffi.NULL)
        octets = ffi.new("unsigned char[]", size)
        lib.i2d_SSL_SESSION(session, ffi.new("unsigned char **", octets))
        copy = lib.d2i_SSL_SESSION(ffi.NULL, ffi.new("const unsigned char **", octets), size)
        self._session = None if copy == ffi.NULL else ffi.gc(copy, lib.SSL_SESSION_free)

    def drop(self) -> None:
        """Make the next handshake a full one."""
        self._session = None


def chooses_keys() -> bool:
    """Whether the group to compute a key for can be chosen; older versions compute only one."""
    knows = SSL.OPENSSL_VERSION_NUMBER >= 0x30500000 and hasattr(SSL.Connection, "get_group_name")
    return knows and compat.has("one key")


@implementer(IOpenSSLClientConnectionCreator)
class ResumingCreator:
    """The verifying connection creator of a host, with the kept session of each port."""

    def __init__(self, creator: Any) -> None:
        self._creator = creator
        self.sessions: defaultdict[int, KeptSession] = defaultdict(KeptSession)

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        """A connection that verifies the host, and resumes a session where there is one."""
        connection: SSL.Connection = self._creator.clientConnectionForTLS(protocol)
        if getattr(protocol, "session", None) is not None:
            protocol.session.offer(connection)
        return connection


@lru_cache(maxsize=1)
def _warn_of_replacement() -> None:
    logger.warning(
        "ssl.ClientContextFactory verifies no certificate: it is replaced by a verifying context"
    )


def verifying(given: Any, host: str, ca_file: str | None = None) -> Any:
    """A verifying context in place of None or of Twisted's bare `ClientContextFactory`.

    Old scripts pass the bare one, which checks no certificate and sends no server name. One warning
    says that it is replaced. Any other context of the user is kept.
    """
    if given is not None and type(given) is not ClientContextFactory:
        return given
    if given is not None:
        _warn_of_replacement()
    return context(host, ca_file)


def certificate_fault(reason: BaseException, host: str) -> str | None:
    """Why the server's certificate was refused, as text; None for any other failure."""
    if isinstance(reason, VerificationError):
        return f"wrong host: the certificate is not for {host}"
    if isinstance(reason, SSL.Error) and "certificate verify failed" in str(reason):
        return f"untrusted: the certificate of {host} has no trusted issuer, or is not valid today"
    return None


class Records:
    """Tracks the record boundaries of one direction of a TLS connection, from its first octet."""

    def __init__(self) -> None:
        self.aligned = True  # the next octet begins a record
        self._head = b""  # an incomplete header
        self._skip = 0  # missing octets of the present record
        self._is_data = True  # whether the present record is application data

    def follow(self, data: bytes) -> int:
        """The number of records of application data that these octets complete.

        -1 if any of the octets belong to a record of another type, or may do so.
        """
        position = self._skip
        is_data = self._is_data
        clean = is_data or position == 0
        if self._head:
            data = self._head + data
            self._head = b""
        end = len(data)
        count = 1 if 0 < position <= end else 0
        last = end - _RECORD_HEADER
        while position <= last:
            kind, length = _record_header(data, position)
            is_data = kind == _APPLICATION_DATA
            if not is_data:
                clean = False
            position += _RECORD_HEADER + length
            if position <= end:
                count += 1
        if position < end:  # an incomplete header, of a type that the next octets show
            self._head = data[position:]
            position = end
            is_data = True
        self._is_data = is_data
        self._skip = position - end
        self.aligned = not self._skip and not self._head
        return count if clean else -1


class _Scratch(threading.local):
    """The buffer for decrypted records: one for all connections of a thread.

    Its content is copied before the next read.
    """

    def __init__(self) -> None:
        if not compat.has("OpenSSL by hand"):
            return
        self.buffer = SSL._ffi.new("char[]", _SCRATCH_OCTETS)  # type: ignore[attr-defined]
        self.view = SSL._ffi.buffer(self.buffer)  # type: ignore[attr-defined]


_scratch = _Scratch()


def reader(connection: Any) -> Callable[[int], tuple[bytes, bool]]:
    """A function that decrypts a number of records: their content, and whether that was all.

    pyOpenSSL creates a buffer for each call, and asks OpenSSL for an error each time, although a
    read that returns octets has none. This function stops at the first read without octets;
    `connection.recv` then raises the error. If pyOpenSSL lacks the private names, it reads nothing.
    """
    if not compat.has("OpenSSL by hand") or not hasattr(connection, "_ssl"):
        return lambda records: (b"", False)
    read, handle = SSL._lib.SSL_read, connection._ssl  # type: ignore[attr-defined]
    buffer, view = _scratch.buffer, _scratch.view

    def receive(records: int) -> tuple[bytes, bool]:
        filled = 0
        for _ in range(records):
            octets = read(handle, buffer + filled, _SCRATCH_OCTETS - filled)
            if octets <= 0:
                return view[:filled], False
            filled += octets
        return view[:filled], filled < _SCRATCH_OCTETS  # a full one has no room for the rest

    return receive


def writer(connection: Any) -> Callable[[bytes], object]:
    """A function that does the same as `connection.bio_write`, without a copy of the octets.

    A BIO in memory takes all octets; if it does not, pyOpenSSL raises the error.
    """
    if not compat.has("OpenSSL by hand") or not hasattr(connection, "_into_ssl"):
        put: Callable[[bytes], object] = connection.bio_write
        return put
    write, bio = SSL._lib.BIO_write, connection._into_ssl  # type: ignore[attr-defined]

    def send(data: bytes) -> None:
        taken = write(bio, data, len(data))
        if taken != len(data):
            connection.bio_write(data[max(taken, 0) :])

    return send


class LeanTLS(TLSMemoryBIOProtocol):
    """Twisted's TLS transport, without the exceptions at the end of each read.

    Each write is encrypted at once; Twisted's factory of today collects what is written, and
    encrypts it in the next iteration of the reactor.  But we write whole messages, one at a time.

    For each read from the socket, Twisted reads until OpenSSL raises, and then asks for octets to
    send until that raises too. But a read of application data alone needs one `SSL_read` for each
    complete record, and leaves nothing to send. The content of its records goes to the protocol in
    one piece, as without TLS. In any other case Twisted's own code runs from that point on. This
    includes records with other content: TLS 1.3 sends handshake messages in such records. Handshake
    and verification are not changed.
    """

    wrappedProtocol: Any
    _lostTLSConnection: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._records = Records()
        self._receive: Callable[[int], tuple[bytes, bool]]
        self._feed: Callable[[bytes], object]
        self.session: KeptSession | None = getattr(self.factory, "session", None)
        self._began = KeptSession.now()

    def makeConnection(self, transport: Any) -> None:
        """Begin the handshake."""
        super().makeConnection(transport)
        self._receive = reader(self._tlsConnection)
        self._feed = writer(self._tlsConnection)

    def dataReceived(self, data: bytes) -> None:
        """Decrypt the data of a read, and pass it to the protocol."""
        octets = len(data)
        if (
            self._records.aligned
            and octets > _RECORD_HEADER
            and data[0] == _APPLICATION_DATA
            and (data[3] << 8 | data[4]) + _RECORD_HEADER == octets
        ):
            count = 1
        else:
            count = self._records.follow(data)
        if count < 0 or not self._handshakeDone or self._appSendBuffer or self._lostTLSConnection:
            was_done = self._handshakeDone
            super().dataReceived(data)
            self._keep_session(was_done)
            return
        self._feed(data)
        plain, is_all = self._receive(count)
        if plain and not self._aborted:
            self.wrappedProtocol.dataReceived(plain)
        if not is_all and not self._lostTLSConnection:
            self._flushReceiveBIO()
            self._keep_session(True)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection has ended; the session of one that failed is not used again."""
        if self.session is not None and (self._reason is not None or not self._handshakeDone):
            self.session.drop()
        elif self.session is not None and not self._lostTLSConnection:
            self.session.lost(self._tlsConnection)
        super().connectionLost(reason)

    def _keep_session(self, was_done: bool) -> None:
        """Keep the session after a read that may have brought a ticket.

        The server of TLS 1.3 sends tickets after the handshake, that of TLS 1.2 within it.
        """
        connection = self._tlsConnection
        if self.session is None or not self._handshakeDone or self._lostTLSConnection:
            return
        if was_done or connection.get_protocol_version() < SSL.TLS1_3_VERSION:
            self.session.keep(connection, self._began)


class LeanTLSFactory(TLSMemoryBIOFactory):
    """Adds `LeanTLS` to the connections of another factory.

    :param port: the server's; its sessions are resumed if `creator` came from `context`.
    """

    protocol = LeanTLS if compat.has("lean TLS") else TLSMemoryBIOFactory.protocol

    def __init__(
        self, creator: Any, is_client: bool, wrapped: Any, clock: Any = None, port: int = 0
    ) -> None:
        super().__init__(creator, is_client, wrapped, clock)
        keeps = isinstance(creator, ResumingCreator) and compat.has("TLS sessions")
        self.session = creator.sessions[port] if keeps else None
