"""A throw-away certificate authority, and the simulator's certificates: a good one and bad ones.

The authority's key stays in this process; only its certificate is written to a file.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from OpenSSL import SSL
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from zope.interface import implementer

Key = ec.EllipticCurvePrivateKey

HOSTS = ("localhost", "127.0.0.1", "::1")
WRONG_HOST = "wrong-host.invalid"

GOOD = "good"
CERTIFICATES = (GOOD, "wrong_host", "untrusted", "expired")


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


_USES = (
    *("digital_signature", "key_cert_sign", "crl_sign", "content_commitment", "key_encipherment"),
    *("data_encipherment", "key_agreement", "encipher_only", "decipher_only"),
)
_OF_AN_AUTHORITY = x509.KeyUsage(**{use: use in _USES[:3] for use in _USES})


class Authority:
    """A certificate authority."""

    def __init__(self, name: str) -> None:
        self._name = _named(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        extensions = {
            x509.BasicConstraints(ca=True, path_length=0): True,
            _OF_AN_AUTHORITY: True,
            identifier: False,
        }
        self.certificate = self._sign(self._name, self._key, 30, extensions)

    def _sign(
        self, name: x509.Name, key: Key, days: int, extensions: dict[x509.ExtensionType, bool]
    ) -> x509.Certificate:
        """A certificate that ends in so many days. Extension -> is it critical?"""
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(
            self._name,
            name,
            key.public_key(),
            x509.random_serial_number(),
            now - timedelta(days=2),
            now + timedelta(days=days),
        )
        for extension, is_critical in extensions.items():
            builder = builder.add_extension(extension, critical=is_critical)
        return builder.sign(self._key, hashes.SHA256())

    def issue(
        self, hosts: tuple[str, ...], *, expired: bool = False
    ) -> tuple[Key, x509.Certificate]:
        """A key and a certificate for some hosts, valid for a month or until yesterday."""
        key = ec.generate_private_key(ec.SECP256R1())
        extensions: dict[x509.ExtensionType, bool] = {
            x509.BasicConstraints(ca=False, path_length=None): True,
            x509.SubjectAlternativeName([_alternative(host) for host in hosts]): False,
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]): False,
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()): False,
        }
        return key, self._sign(_named(hosts[0]), key, -1 if expired else 30, extensions)


def _context(key: Any, certificate: Any) -> SSL.Context:
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.use_privatekey(key)
    context.use_certificate(certificate)
    context.check_privatekey()
    return context


@implementer(IOpenSSLServerConnectionCreator)
class Certificates:
    """The simulator's TLS contexts, each made when first needed.

    :param which: called for each new connection; the word for the certificate that it is shown.
    """

    def __init__(self, which: Callable[[], str] = lambda: GOOD) -> None:
        self._which = which
        self._authority = Authority("Binance simulator CA (throw-away)")
        self._contexts: dict[str, SSL.Context] = {}
        self.ca_pem = self._authority.certificate.public_bytes(Encoding.PEM)
        """The authority's certificate, for clients to trust."""

    def context(self, which: str = GOOD) -> SSL.Context:
        """A server context: ``good``, ``wrong_host``, ``untrusted`` or ``expired``.

        :raises ValueError: for another word.
        """
        if which not in CERTIFICATES:
            raise ValueError(f"certificate must be one of {', '.join(CERTIFICATES)}, not {which!r}")
        if which not in self._contexts:
            if which == "wrong_host":
                issued = self._authority.issue((WRONG_HOST,))
            elif which == "untrusted":
                issued = Authority("Nobody trusts this CA").issue(HOSTS)
            else:
                issued = self._authority.issue(HOSTS, expired=which == "expired")
            self._contexts[which] = _context(*issued)
        return self._contexts[which]

    def serverConnectionForTLS(self, protocol: object) -> SSL.Connection:
        return SSL.Connection(self.context(self._which()), None)
