"""Relays and consumers of a NATS server with TLS, passwords and tokens: no secret gets out."""

import base64
import json
import os
import socket
import threading
from contextlib import closing

import nkeys
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from binance import events
from binance.relay import engine as engines
from binance.relay.engine import Engine
from binance.sansio.names.engines import servers
from binance.simulator.wire.certificates import Authority
from binance.tx.sockets import Links
from binance.websockets import BinanceSocketManager
from tests.relay.rig import DEADLINE, SERVER, NatsServer, RelayProcess, wait_for

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.thread,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.exchange(seed=3, symbols=["BTCUSDT"], rate=100, tls=False),
    pytest.mark.skipif(
        SERVER is None, reason="nats-server is not installed: no wheel for this platform"
    ),
]
SECRET = "s3cret/,:@%word"
QUOTED = "s3cret%2F%2C%3A%40%25word"
#: How a server asks who comes -> its options, and the user information of a URL.
WAYS = {
    "user and password": (("--user", "me", "--pass", SECRET), f"me:{QUOTED}"),
    "token": (("--auth", SECRET), QUOTED),
}


@pytest.fixture
def tls(tmp_path):
    """The options of a server with TLS, and the file of the authority that it has its key from."""
    authority = Authority("throw-away")
    key, certificate = authority.issue(("127.0.0.1",))
    pem = PrivateFormat.PKCS8
    files = {
        "ca.pem": authority.certificate.public_bytes(Encoding.PEM),
        "cert.pem": certificate.public_bytes(Encoding.PEM),
        "key.pem": key.private_bytes(Encoding.PEM, pem, NoEncryption()),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    options = ("--tlscert", str(tmp_path / "cert.pem"), "--tlskey", str(tmp_path / "key.pem"))
    return ("--tls", *options), str(tmp_path / "ca.pem")


@pytest.fixture
def start(tmp_path, ended):
    return lambda *options, **how: ended(NatsServer(tmp_path, *options, **how))


@pytest.mark.parametrize("way", WAYS)
def test_a_relay_and_a_consumer_use_tls_and_a_secret(
    way, exchange, tls, start, ended, monkeypatch, caplog
):
    caplog.set_level("DEBUG")
    (encrypted, ca_file), (options, access) = tls, WAYS[way]
    engine = start(*encrypted, *options, scheme="tls", access=access)
    monkeypatch.setitem(exchange.env, "BINANCE_CA_FILE", ca_file)
    monkeypatch.setenv("BINANCE_CA_FILE", ca_file)
    relay = ended(RelayProcess(exchange, engine, "btcusdt@trade")).ready()
    seen, messages = [], []
    bm = BinanceSocketManager(None, source=engine.url, on_event=seen.append)
    with bm:
        key = bm.start_trade_socket("BTCUSDT", messages.append)
        assert bm.wait_open(key, DEADLINE)
        wait_for(lambda: len(messages) > 5, "trades")
        shown = [repr(bm), repr(bm._open_sockets.links), repr(bm.stats()), bm.STREAM_URL]
    texts = [caplog.text, repr(seen), relay.stop(), *shown]
    assert all("s3cret" not in text and "word" not in text for text in texts)


class User:
    """Notes why there is no connection."""

    def __init__(self, fails_first=False):
        self.reasons, self.fails_first = [], fails_first
        self.is_connected = threading.Event()

    async def connected(self, client):
        if self.fails_first and not self.reasons:
            raise RuntimeError("s3cret")
        self.is_connected.set()

    def disconnected(self, reason):
        self.reasons.append(reason)


@pytest.fixture
def connect():
    started = []

    def start(url, ca_file=None, credentials=None, user=None):
        user = user or User()
        started.append(Engine(servers(url), user, credentials, ca_file))
        user.engine = started[-1]
        user.engine.start()
        return user

    yield start
    for one in started:
        one.stop()
        one.join(DEADLINE)


def reason_of(user):
    return wait_for(lambda: user.reasons and user.reasons[0], "why there is no connection")


@pytest.mark.parametrize("way", WAYS)
def test_a_wrong_secret_is_refused_and_not_shown(way, start, connect, caplog):
    caplog.set_level("DEBUG")
    options, access = WAYS[way]
    engine = start(*options, access=access)
    right, wrong = connect(engine.url), connect(engine.url.replace("word", "w0rd"))
    assert right.is_connected.wait(DEADLINE)
    assert "authorization violation" in reason_of(wrong).lower()
    assert not wrong.is_connected.is_set()
    assert "s3cret" not in caplog.text + repr(wrong.reasons)


def test_a_certificate_that_nobody_trusts_is_refused(tls, start, connect):
    options, ca_file = tls
    engine = start(*options, scheme="tls")
    stranger = connect(engine.url)
    assert "certificate verify failed" in reason_of(stranger)
    wait_for(lambda: len(stranger.reasons) > 1, "the next try")
    assert connect(engine.url, ca_file).is_connected.wait(DEADLINE)


@pytest.mark.parametrize("access", ["", "me:s3cret@", "s3cret@"])
def test_nothing_secret_goes_to_a_server_without_tls(access, connect):
    """It may stand between the client and the right server, and say that there is no TLS."""
    received = []

    def serve(listener):
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b'INFO {"max_payload":1048576,"auth_required":true}\r\n')
            while octets := connection.recv(4096):
                received.append(octets)
                if b"PING" in octets:
                    connection.sendall(b"PONG\r\n")

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        user = connect(f"tls://{access}127.0.0.1:{listener.getsockname()[1]}")
        assert "offers no TLS" in reason_of(user)
        thread.join(DEADLINE)
    assert not user.is_connected.is_set()
    assert b"s3cret" not in b"".join(received)


def test_a_file_without_certificates_is_refused_at_once(tmp_path):
    for path in (tmp_path / "none.pem", tmp_path):
        with pytest.raises(ValueError, match="is no file of certificates"):
            Engine(["nats://localhost"], User(), ca_file=str(path))


def pair(prefix):
    return nkeys.from_seed(nkeys.encode_seed(os.urandom(32), prefix))


def token(issuer, subject, kind, **claims):
    """A JWT as `nsc` writes it."""

    def encoded(octets):
        return base64.urlsafe_b64encode(octets).rstrip(b"=")

    key = subject.public_key.decode()
    about = {"iss": issuer.public_key.decode(), "sub": key, "name": kind, "iat": 1, "jti": key}
    nats = {"type": kind, "version": 2, **claims}
    parts = {"typ": "JWT", "alg": "ed25519-nkey"}, about | {"nats": nats}
    signed = b".".join(encoded(json.dumps(part).encode()) for part in parts)
    return (signed + b"." + encoded(issuer.sign(signed))).decode()


CREDENTIALS = """-----BEGIN NATS USER JWT-----
{}
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
{}
------END USER NKEY SEED------
"""


@pytest.fixture
def guarded(tmp_path, start):
    """A server that asks for credentials, and a file of them."""
    operator = pair(nkeys.PREFIX_BYTE_OPERATOR)
    system, account = pair(nkeys.PREFIX_BYTE_ACCOUNT), pair(nkeys.PREFIX_BYTE_ACCOUNT)
    user = pair(nkeys.PREFIX_BYTE_USER)
    limits = dict.fromkeys(("subs", "data", "payload", "imports", "exports", "conn", "leaf"), -1)
    limits = {"limits": limits | {"wildcards": True}}
    known = {
        one.public_key.decode(): token(operator, one, "account", **limits)
        for one in (system, account)
    }
    config = {
        "operator": token(operator, operator, "operator"),
        "system_account": system.public_key.decode(),
        "resolver": "MEMORY",
        "resolver_preload": known,
    }
    (tmp_path / "server.conf").write_text(json.dumps(config))
    credentials = tmp_path / "me.creds"
    own = token(account, user, "user", subs=-1, data=-1, payload=-1)
    credentials.write_text(CREDENTIALS.format(own, user.seed.decode()))
    return start("-c", str(tmp_path / "server.conf")), credentials


def test_a_relay_may_have_a_file_of_credentials(guarded, connect):
    engine, credentials = guarded
    assert connect(engine.url, credentials=str(credentials)).is_connected.wait(DEADLINE)
    assert "authorization violation" in reason_of(connect(engine.url)).lower()


def test_credentials_may_be_repaired_while_the_engine_tries(guarded, connect, caplog):
    caplog.set_level("DEBUG")
    engine, credentials = guarded
    whole = credentials.read_text()
    seed = whole.splitlines()[5]
    credentials.write_text(whole.replace(seed, "SUs3cret"))
    user = connect(engine.url, credentials=str(credentials))
    assert reason_of(user).endswith(": ErrInvalidSeed")
    credentials.write_text("s3cret")
    wait_for(lambda: "is no file of NATS credentials" in user.reasons[-1], "the other reason")
    credentials.write_text(whole)
    assert user.is_connected.wait(DEADLINE)
    shown = caplog.text + repr(user.reasons)
    assert not any(secret in shown for secret in ("s3cret", seed))


@pytest.mark.parametrize("missing", ["BEGIN NATS USER JWT", "BEGIN USER NKEY SEED"])
def test_a_file_that_is_no_credentials_is_refused_at_once(missing, tmp_path):
    path = tmp_path / "me.creds"
    path.write_text(CREDENTIALS.format("s3cret", "s3cret").replace(missing, ""))
    with pytest.raises(ValueError, match=f"no '{missing}' in it") as refused:
        Engine(["nats://localhost"], User(), str(path))
    assert "s3cret" not in str(refused.value)
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        Engine(["nats://localhost"], User(), str(tmp_path / "none.creds"))


def test_a_server_that_is_away_is_reported(connect):
    assert "no servers available" in reason_of(connect("nats://127.0.0.1:1"))


@pytest.mark.parametrize("can_drop", [True, False], ids=["dropping", "without the names"])
def test_a_server_that_reads_nothing_more_is_left(can_drop, connect, monkeypatch):
    """Its process is stopped, or the network drops what is sent: nats-py waits for it for ever."""
    monkeypatch.setattr(engines.compat, "has", lambda feature: can_drop)
    monkeypatch.setattr(engines, "PING_SECONDS", 0.1)
    accepted, octets = [], 2**26  # more than the system's buffers take

    class Busy(User):
        async def connected(self, client):
            if len(accepted) == 1:
                await client.publish("x", bytes(octets))

    def serve():
        while len(accepted) < 2:
            connection, _ = listener.accept()
            connection.sendall(b'INFO {"max_payload":%d}\r\n' % octets)
            received = b""
            while b"PING" not in received:
                received += connection.recv(4096)
            accepted.append(connection)
            connection.sendall(b"PONG\r\n")

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        user = connect(f"nats://127.0.0.1:{listener.getsockname()[1]}", user=Busy())
        assert reason_of(user).endswith(" was lost")
        thread.join(DEADLINE)
        left, _ = accepted  # whether it is dropped or not
        left.settimeout(DEADLINE)
        assert (
            not can_drop or sum(iter(lambda: len(left.recv(2**20)), 0)) < octets
        )  # the rest was dropped
    for connection in accepted:
        connection.close()


def test_an_unexpected_exception_is_a_failed_connection(start, connect, monkeypatch, caplog):
    caplog.set_level("DEBUG")
    whole, tries = engines._Client.connect, []

    async def fails_first(*args, **options):
        tries.append(args)
        if len(tries) == 1:
            raise RuntimeError("s3cret")
        await whole(*args, **options)

    monkeypatch.setattr(engines._Client, "connect", fails_first)
    user = connect(start().url)
    assert reason_of(user).endswith(": RuntimeError")
    assert user.is_connected.wait(DEADLINE)
    assert "s3cret" not in caplog.text


def test_an_unexpected_exception_of_the_user_ends_the_connection(start, connect, caplog):
    user = connect(start().url, user=User(fails_first=True))
    assert reason_of(user).endswith(": RuntimeError")
    assert user.is_connected.wait(DEADLINE)
    assert "JetStream of 127.0.0.1" in caplog.text
    assert "s3cret" not in caplog.text


def test_what_is_repeated_goes_on_after_an_exception(connect, caplog):
    calls = []

    def fail():
        calls.append(len(calls))
        raise RuntimeError(f"call {len(calls)}")

    connect("nats://127.0.0.1:1").engine.repeat(0.01, fail)
    wait_for(lambda: "call 2" in caplog.text, "the second exception")


def test_the_exception_of_a_subscription_is_reported(start, connect, caplog):
    async def fail(message):
        raise RuntimeError("a bad wish")

    user = connect(start().url)
    assert user.is_connected.wait(DEADLINE)

    async def ask():
        await user.engine.client.subscribe("wishes", cb=fail)
        await user.engine.client.publish("wishes")

    user.engine.submit(ask()).result(DEADLINE)
    wait_for(lambda: "a bad wish" in caplog.text, "the report")


def test_the_events_of_a_socket_without_a_connection_show_no_secret(start, caplog):
    caplog.set_level("DEBUG")
    options, access = WAYS["user and password"]
    engine = start(*options, access=access)
    seen = []
    url = engine.url.replace("word", "w0rd")
    bm = BinanceSocketManager(None, source=url, on_event=seen.append, max_retries=None)
    with bm:
        bm.start_trade_socket("BTCUSDT", print)
        wait_for(lambda: "authorization violation" in caplog.text.lower(), "the refusal")
    assert "s3cret" not in caplog.text + repr(seen) + repr(bm)
    assert not any(isinstance(event, events.Connected) for event in seen)


def test_options_show_no_secret():
    links = Links(proxy="http://me:s3cret@localhost:1", source="nats://s3cret@localhost")
    assert "s3cret" not in repr(links)
