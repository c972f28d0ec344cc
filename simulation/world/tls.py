"""TLS in memory: the exchange's end of a connection whose client begins a handshake.

Authority, key and certificate are made once in a process and good for a day.  The key is an RSA
key: then all messages have the same length each time, and a run depends on its seed alone.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

__all__ = ["ServerSide", "ca_file", "is_handshake"]

#: The hosts that the certificate is for.
HOSTS = ("*.sim.example", "sim.example")
_HANDSHAKE = 0x16  # RFC 8446 section 5.1
_READ = 1 << 16


def is_handshake(data: bytes) -> bool:
    """Whether these are the first octets of TLS."""
    return data[:1] == bytes((_HANDSHAKE,))


@cache
def _made() -> tuple[Any, Any]:
    """The server's context, and the PEM file with the authority to trust."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a simulated exchange")])
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - day, now + day)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = tempfile.NamedTemporaryFile(suffix=".pem")  # noqa: SIM115 - as long as the process
    file.write(certificate.public_bytes(serialization.Encoding.PEM))
    file.write(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    file.flush()
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.use_privatekey_file(file.name)
    context.use_certificate_file(file.name)
    return context, file


def ca_file() -> str:
    """The PEM file to trust: a manager's `ca_file`."""
    name: str = _made()[1].name
    return name


class ServerSide:
    """Between a pipe of octets and a server: encrypts and decrypts.

    In place of the client's `down` pipe it takes what the server sends.
    """

    def __init__(
        self, pipe: Any, deliver: Callable[[bytes], object], fail: Callable[[], object]
    ) -> None:
        self._pipe, self._deliver, self._fail = pipe, deliver, fail
        self._tls = SSL.Connection(_made()[0], None)
        self._tls.set_accept_state()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pipe, name)  # hold, release, die, lag, total

    def received(self, data: bytes) -> None:
        """Octets from the client."""
        self._tls.bio_write(data)
        try:
            while plain := self._tls.recv(_READ):
                self._flush()
                self._deliver(plain)
        except SSL.WantReadError:
            self._flush()
        except SSL.ZeroReturnError:  # the client has said that it ends
            self._tls.shutdown()
            self._flush()
        except SSL.Error:  # the client refuses us
            self._fail()

    def send(self, data: bytes) -> None:
        """Send to the client."""
        self._tls.sendall(data)
        self._flush()

    def finish(self, end: Callable[[], object]) -> None:
        """Say that this is all, and call `end` when it has arrived."""
        self._tls.shutdown()
        self._flush()
        self._pipe.finish(end)

    def _flush(self) -> None:
        try:
            while True:
                self._pipe.send(self._tls.bio_read(_READ))
        except SSL.WantReadError:
            return  # that is all
