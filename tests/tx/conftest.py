"""A throw-away certificate authority, and in-memory connections to a TLS server."""

import datetime
import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from twisted.internet import ssl

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass
class Authority:
    """Signs certificates for servers; `ca_file` is its own, in PEM."""

    ca_file: str
    sign: Callable[..., tuple[ec.EllipticCurvePrivateKey, x509.Certificate]]

    def server(self, *names: str, days: int = 1, **options: Any) -> ssl.CertificateOptions:
        """The context of a server that has a certificate for these names, or addresses."""
        key, certificate = self.sign(*names, days=days)
        return ssl.CertificateOptions(privateKey=key, certificate=certificate, **options)


def _authority(folder: Path) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"throw-away {folder.name}")

    def build(subject: x509.Name, public: Any, end: datetime.datetime) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(NOW, end) - DAY)
            .not_valid_after(end)
        )

    root = (
        build(name, key.public_key(), NOW + 9 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )

    def sign(*names: str, days: int = 1) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        own = ec.generate_private_key(ec.SECP256R1())
        general: list[x509.GeneralName] = []
        for text in names:
            try:
                general.append(x509.IPAddress(ipaddress.ip_address(text)))
            except ValueError:
                general.append(x509.DNSName(text))
        certificate = (
            build(_name(names[0]), own.public_key(), NOW + days * DAY)
            .add_extension(x509.SubjectAlternativeName(general), critical=False)
            .sign(key, hashes.SHA256())
        )
        return own, certificate

    file = folder / "ca.pem"
    file.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    return Authority(str(file), sign)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority of this run of the tests."""
    return _authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Another one, that nobody trusts."""
    return _authority(tmp_path_factory.mktemp("stranger"))


class Pipe:
    """One end's transport: what is written there waits until `Pipe.pump` carries it over."""

    disconnecting = False

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False
        self.aborted = False
        self.protocol: Any = None

    def write(self, data: bytes) -> None:
        if not self.closed:
            self.written.append(data)

    def writeSequence(self, data: list[bytes]) -> None:
        self.write(b"".join(data))

    def loseConnection(self) -> None:
        self.closed = self.disconnecting = True

    def abortConnection(self) -> None:
        self.aborted = True
        self.loseConnection()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        self.producer = producer

    def unregisterProducer(self) -> None:
        self.producer = None

    def getPeer(self) -> None:
        return None

    getHost = getPeer

    def take(self) -> bytes:
        data = b"".join(self.written)
        self.written.clear()
        return data


class Wires:
    """Two protocols and the octets between them, carried in pieces of the size asked for."""

    def __init__(self, client: Any, server: Any, clock: Any) -> None:
        self.client, self.server, self.clock = client, server, clock
        self.near, self.far = Pipe(), Pipe()
        self.to_client: list[bytes] = []
        server.makeConnection(self.far)
        client.makeConnection(self.near)

    def pump(self, cut: Callable[[bytes], Iterator[bytes]] | None = None) -> None:
        """Carry octets both ways until there are none."""
        while True:
            self.clock.advance(0)
            up, down = self.near.take(), self.far.take()
            if not up and not down:
                return
            if up:
                self.server.dataReceived(up)
            if down:
                for piece in [down] if cut is None else cut(down):
                    self.to_client.append(piece)
                    if not self.near.closed:
                        self.client.dataReceived(piece)


@pytest.fixture
def wires() -> type[Wires]:
    """Connects two protocols in memory."""
    return Wires
