"""TLS for the client: always verified, and lean where one record brings one message.

There is no switch to turn verification off: certificates are checked against the system's roots,
certifi's and a CA file of the user's, and against the host name, by Twisted's
`optionsForClientTLS`; the server is told the name (SNI).
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable
from functools import lru_cache
from struct import Struct
from typing import Any

import certifi
from OpenSSL import SSL
from service_identity import VerificationError
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.internet.ssl import (
    Certificate,
    ClientContextFactory,
    optionsForClientTLS,
    trustRootFromCertificates,
)
from twisted.protocols import tls as twisted_tls
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol
from zope.interface import implementer

from binance.tx.wire import compat

_Transport: Any = getattr(twisted_tls, "BufferingTLSTransport", TLSMemoryBIOProtocol)

logger = logging.getLogger("binance")

# RFC 8446 section 5.1: type, version, length, then that many octets.
_RECORD_HEADER = 5
_APPLICATION_DATA = 0x17
_record_header = Struct("!BxxH").unpack_from
# What Twisted reads at once, and the rest of a record that an earlier read began.
_SCRATCH_OCTETS = (1 << 16) + (1 << 14)


class _Roots:
    """The system's roots, certifi's, and those of a PEM file."""

    def __init__(self, ca_file: str | None) -> None:
        self._ca_file = ca_file

    def _addCACertsToContext(self, context: SSL.Context) -> None:
        context.set_default_verify_paths()
        # Windows has no store that OpenSSL could read, and many containers have none at all.
        context.load_verify_locations(certifi.where())
        if self._ca_file is not None:
            context.load_verify_locations(self._ca_file)


def _roots(ca_file: str | None) -> Any:
    """What Twisted takes as the roots to trust."""
    if compat.has("roots"):
        from twisted.internet._sslverify import IOpenSSLTrustRoot

        return implementer(IOpenSSLTrustRoot)(_Roots)(ca_file)
    pems = []
    for name in filter(None, (certifi.where(), ca_file)):
        with open(name, encoding="latin-1") as file:
            pems += _PEM.findall(file.read())
    return trustRootFromCertificates([Certificate.loadPEM(pem) for pem in pems])


_PEM = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def context(host: str, ca_file: str | None = None) -> IOpenSSLClientConnectionCreator:
    """The verifying connection creator for one host, made once: reading the roots takes long.

    `ca_file` (PEM) is trusted besides the system's roots and certifi's; it is read anew when it
    has changed. OSError or ValueError where it cannot be read.
    """
    if ca_file is None:
        return _context(host, None, 0, 0)
    status = os.stat(ca_file)
    return _context(host, ca_file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _context(
    host: str, ca_file: str | None, mtime: int, size: int
) -> IOpenSSLClientConnectionCreator:
    if ca_file is not None:
        try:  # now: Twisted reads the roots at the first connection, where nobody would look
            SSL.Context(SSL.TLS_CLIENT_METHOD).load_verify_locations(ca_file)
        except SSL.Error as error:
            raise ValueError(f"no PEM certificate in the CA file {ca_file!r}") from error
    return optionsForClientTLS(host, trustRoot=_roots(ca_file))


@lru_cache(maxsize=1)
def _say_that_it_is_replaced() -> None:
    logger.warning("ssl.ClientContextFactory verifies nothing; certificates are verified here")


def verifying(given: Any, host: str, ca_file: str | None = None) -> Any:
    """A context that verifies, in place of none or of Twisted's bare `ClientContextFactory`.

    The bare one, which old scripts pass, checks no certificate and sends no server name; that it
    is replaced is said once. Any other context is the user's own and stays.
    """
    if given is not None and type(given) is not ClientContextFactory:
        return given
    if given is not None:
        _say_that_it_is_replaced()
    return context(host, ca_file)


def certificate_fault(reason: BaseException, host: str) -> str | None:
    """Why the server's certificate was refused, in words; None where it was not for that."""
    if isinstance(reason, VerificationError):
        return f"wrong host: the certificate is not for {host}"
    if isinstance(reason, SSL.Error) and "certificate verify failed" in str(reason):
        return f"untrusted: no known authority vouches for the certificate of {host}, or not today"
    return None


class Records:
    """Follows the record boundaries of one direction of a TLS connection, from its first octet."""

    def __init__(self) -> None:
        self.aligned = True  # the next octet begins a record
        self._head = b""  # a header that is not whole yet
        self._skip = 0  # octets still to come of the record at hand
        self._is_data = True  # whether that record is application data

    def follow(self, data: bytes) -> int:
        """How many records of application data these octets complete.

        -1 where any part of them belongs to a record of another type, or may do so.
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
        if position < end:  # a header in pieces: of what, will be seen
            self._head = data[position:]
            position = end
            is_data = True
        self._is_data = is_data
        self._skip = position - end
        self.aligned = not self._skip and not self._head
        return count if clean else -1


class _Scratch(threading.local):
    """Where records are decrypted to: one buffer for all connections of a thread.

    What is read there is copied before anything else is read.
    """

    def __init__(self) -> None:
        if not compat.has("OpenSSL by hand"):
            return
        self.buffer = SSL._ffi.new("char[]", _SCRATCH_OCTETS)  # type: ignore[attr-defined]
        self.view = SSL._ffi.buffer(self.buffer)  # type: ignore[attr-defined]


_scratch = _Scratch()


def reader(connection: Any) -> Callable[[int], tuple[bytes, bool]]:
    """What so many records hold, in one piece, and whether that was all of them.

    pyOpenSSL makes a buffer for each call and asks OpenSSL each time whether there was an error; a
    read that has brought octets has had none. At the first one that has not, this stops, and
    `connection.recv` will say why; where pyOpenSSL does not hold its connection as it always has,
    all is left to that.
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
        return view[:filled], True

    return receive


def writer(connection: Any) -> Callable[[bytes], object]:
    """What `connection.bio_write` does, without wrapping the octets first.

    A BIO in memory takes all that it is given; where it does not, pyOpenSSL says why.
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


class LeanTLS(_Transport):
    """Twisted's TLS transport without the exceptions that it takes to find a record drained.

    Twisted reads until OpenSSL raises, for each read from the socket, and then asks for octets to
    send until that raises too. A read of application data, and nothing but, needs one `SSL_read`
    for each record that it completes and leaves nothing to send; what its records hold is handed on
    in one piece, as a socket without TLS would. In any other case, or where a record turns out to
    hold something else (TLS 1.3 hides its handshake messages in such records), Twisted's own way is
    taken from that point on. Handshake and verification are untouched.
    """

    wrappedProtocol: Any
    _lostTLSConnection: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._records = Records()
        self._receive: Callable[[int], tuple[bytes, bool]]
        self._feed: Callable[[bytes], object]

    def makeConnection(self, transport: Any) -> None:
        """Begin the handshake."""
        super().makeConnection(transport)
        self._receive = reader(self._tlsConnection)
        self._feed = writer(self._tlsConnection)

    def dataReceived(self, data: bytes) -> None:
        """Decrypt what the socket brought and hand it on."""
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
            super().dataReceived(data)
            return
        self._feed(data)
        plain, is_all = self._receive(count)
        if plain and not self._aborted:
            self.wrappedProtocol.dataReceived(plain)
        if not is_all and not self._lostTLSConnection:
            self._flushReceiveBIO()


class LeanTLSFactory(TLSMemoryBIOFactory):
    """Adds `LeanTLS` to the connections of another factory."""

    protocol = LeanTLS if compat.has("lean TLS") else _Transport
