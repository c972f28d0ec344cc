"""TLS: who is trusted, and that the lean transport differs from Twisted's in nothing but cost."""

import itertools
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from OpenSSL import SSL
from twisted.internet import ssl
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.task import Clock
from twisted.protocols.tls import BufferingTLSTransport, TLSMemoryBIOFactory
from twisted.python.failure import Failure

from binance.tx.wire import compat, tls
from tests.logs import ours

# -- record boundaries


def record(length: int, kind: int = 0x17) -> bytes:
    return bytes((kind, 3, 3)) + length.to_bytes(2, "big") + b"x" * length


RECORDS = st.lists(
    st.builds(record, st.integers(0, 40), st.sampled_from((0x17, 0x17, 0x17, 0x16, 0x15))),
    max_size=8,
)


@example([record(3, 0x16), record(0), record(3, 0x16)], [8, 14])  # alike, one of them in pieces
@given(RECORDS, st.lists(st.integers(0, 300), max_size=6))
def test_follow_counts_the_records_that_are_completed(parts: list[bytes], cuts: list[int]) -> None:
    data = b"".join(parts)
    begins = [0, *itertools.accumulate(map(len, parts))]
    places = sorted({cut for cut in cuts if cut <= len(data)} | {0, len(data)})
    records = tls.Records()
    for start, stop in itertools.pairwise(places):
        spans = list(zip(parts, begins, begins[1:], strict=False))
        touched = [(part, begin) for part, begin, end in spans if begin < stop and end > start]
        completed = [part for part, _, end in spans if start < end <= stop]
        # The type of a record whose header is not whole yet is not known: nothing is lost by it.
        known = [part for part, begin in touched if begin + 5 <= stop]
        got = records.follow(data[start:stop])
        if all(part[0] == 0x17 for part, _ in touched):
            assert got == len(completed)
        elif any(part[0] != 0x17 for part in known):
            assert got == -1
        assert records.aligned is (stop in begins)


def test_follow_octet_by_octet() -> None:
    records = tls.Records()
    got = [records.follow(bytes((octet,))) for octet in record(3) + record(0) + record(300)]
    assert [i for i, count in enumerate(got) if count] == [7, 12, 317]
    assert records.aligned
    assert records.follow(record(5) + record(6)) == 2
    assert records.follow(record(1, 0x15)) == -1
    assert records.follow(record(1)) == 1


# -- trust


def greet(
    wires: Any, client: Any, server: ssl.CertificateOptions
) -> tuple[Any, list[Any], BaseException | None]:
    """Shake hands in memory: the wires, what the server saw, why the client lost it if it did."""
    clock = Clock()
    lost: list[Failure] = []

    class Client(Protocol):
        def connectionMade(self) -> None:
            self.transport.write(b"hello")

        def connectionLost(self, reason: Failure = connectionDone) -> None:
            lost.append(reason)

    seen: list[bytes] = []

    class Server(Protocol):
        def dataReceived(self, data: bytes) -> None:
            seen.append(data)

    near = tls.LeanTLSFactory(client, True, Factory.forProtocol(Client), clock=clock)
    far = TLSMemoryBIOFactory(server, False, Factory.forProtocol(Server), clock=clock)
    pair = wires(near.buildProtocol(None), far.buildProtocol(None), clock)
    pair.pump()
    if pair.near.closed:
        pair.client.connectionLost(Failure(ConnectionLost()))
    return pair, seen, lost[0].value if lost else None


@pytest.mark.parametrize("host", ["stream.example", "127.0.0.1", "::1"])
def test_a_ca_file_makes_its_servers_trusted(wires: Any, authority: Any, host: str) -> None:
    server = authority.server("stream.example", "127.0.0.1", "::1")
    _, seen, lost = greet(wires, tls.context(host, authority.ca_file), server)
    assert (seen, lost) == ([b"hello"], None)


def test_the_server_is_told_the_name(wires: Any, authority: Any) -> None:
    server = authority.server("stream.example")
    pair, _, _ = greet(wires, tls.context("stream.example", authority.ca_file), server)
    assert pair.server.getHandle().get_servername() == b"stream.example"


@pytest.mark.parametrize("host", ["other.example", "example", "127.0.0.2"])
def test_a_wrong_host_is_refused_and_named(wires: Any, authority: Any, host: str) -> None:
    server = authority.server("stream.example", "127.0.0.1")
    _, seen, lost = greet(wires, tls.context(host, authority.ca_file), server)
    assert seen == []
    assert lost is not None
    assert tls.certificate_fault(lost, host) == f"wrong host: the certificate is not for {host}"


def test_an_unknown_authority_is_refused(wires: Any, authority: Any, stranger: Any) -> None:
    for ca_file in (None, authority.ca_file):
        server = stranger.server("stream.example")
        _, seen, lost = greet(wires, tls.context("stream.example", ca_file), server)
        assert seen == []
        assert str(tls.certificate_fault(lost, "stream.example")).startswith("untrusted")


def test_an_expired_certificate_is_refused(wires: Any, authority: Any) -> None:
    server = authority.server("stream.example", days=-2)
    _, seen, lost = greet(wires, tls.context("stream.example", authority.ca_file), server)
    assert seen == []
    assert str(tls.certificate_fault(lost, "stream.example")).startswith("untrusted")


def test_other_failures_are_not_the_certificates() -> None:
    assert tls.certificate_fault(ConnectionLost(), "x") is None
    assert tls.certificate_fault(SSL.Error([("SSL routines", "", "wrong version")]), "x") is None


def test_a_context_is_made_once_for_a_host_and_anew_when_its_file_changes(
    authority: Any, tmp_path: Path
) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(Path(authority.ca_file).read_bytes())
    first = tls.context("stream.example", str(file))
    assert tls.context("stream.example", str(file)) is first
    assert tls.context("other.example", str(file)) is not first
    os.utime(file, ns=(1, 1))
    assert tls.context("stream.example", str(file)) is not first


def test_a_ca_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing\.pem"):
        tls.context("stream.example", str(tmp_path / "missing.pem"))
    (tmp_path / "junk.pem").write_text("junk")
    with pytest.raises(ValueError, match=r"junk\.pem"):
        tls.context("stream.example", str(tmp_path / "junk.pem"))


def test_a_bare_or_missing_context_is_replaced_and_that_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tls._warn_of_replacement.cache_clear()
    verified = tls.context("stream.example")
    assert tls.verifying(None, "stream.example") is verified
    assert ours(caplog) == []
    for _ in range(3):
        assert tls.verifying(ssl.ClientContextFactory(), "stream.example") is verified
    assert [(r.name, r.levelno) for r in ours(caplog)] == [("binance", logging.WARNING)]


def test_a_context_of_the_users_own_stays() -> None:
    class Own(ssl.ClientContextFactory):
        pass

    for own in (Own(), ssl.optionsForClientTLS("stream.example")):
        assert tls.verifying(own, "stream.example") is own


# -- resumed sessions


class Sessions:
    """Connections to one server in memory; `once` says whether a session was resumed."""

    def __init__(self, wires: Any, authority: Any, **version: Any) -> None:
        self.wires, self.authority = wires, authority
        names = ("stream.example", "other.example", "127.0.0.1")
        self.server = authority.server(*names, enableSessionTickets=True, **version)
        self.pair: Any = None
        self.pairs: list[Any] = []  # none is freed, which would end it before it is lost

    def once(self, host: str = "stream.example", port: int = 9443, **context: Any) -> bool:
        creator = context.get("creator") or tls.context(
            host, context.get("ca_file", self.authority.ca_file)
        )
        clock = Clock()
        near = tls.LeanTLSFactory(creator, True, Factory.forProtocol(Talk), clock, port)
        far = TLSMemoryBIOFactory(self.server, False, Factory.forProtocol(Echo), clock)
        self.pair = self.wires(near.buildProtocol(None), far.buildProtocol(None), clock)
        self.pairs.append(self.pair)
        self.hello = b"".join(self.pair.near.written)
        self.pair.pump()
        assert self.pair.server.wrappedProtocol.got == b"hello"
        connection = self.pair.client.getHandle()
        certificate = connection.get_peer_certificate(as_cryptography=True)
        assert certificate.subject.rfc4514_string() == "CN=stream.example"
        return bool(SSL._lib.SSL_session_reused(connection._ssl))

    def lose(self, reason: Exception) -> None:
        """The TCP connection ends without a close alert."""
        self.pair.client.connectionLost(Failure(reason))
        self.pair.client = None


@pytest.fixture(params=[{}, {"lowerMaximumSecurityTo": ssl.TLSVersion.TLSv1_2}], ids=["1.3", "1.2"])
def sessions(request: pytest.FixtureRequest, wires: Any, authority: Any) -> Iterator[Sessions]:
    tls._context.cache_clear()
    yield Sessions(wires, authority, **request.param)
    tls._context.cache_clear()


def test_the_next_connections_resume_the_session(sessions: Sessions) -> None:
    assert [sessions.once() for _ in range(4)] == [False, True, True, True]


def groups_and_keys(hello: bytes) -> tuple[set[bytes], list[bytes]]:
    """The groups that a client offers, and those that it sends a key for (RFC 8446, 4.1.2)."""
    at, found = 5 + 4 + 2 + 32, {}
    at += 1 + hello[at]  # the session id
    at += 2 + int.from_bytes(hello[at : at + 2])  # the ciphers
    at += 1 + hello[at] + 2  # the compressions, and the length of the extensions
    while at < len(hello):
        kind, length = (int.from_bytes(hello[i : i + 2]) for i in (at, at + 2))
        found[kind] = hello[at + 6 : at + 4 + length]
        at += 4 + length
    groups = {found[10][i : i + 2] for i in range(0, len(found[10]), 2)}
    keys, at = [], 0
    while at < len(found[51]):
        keys.append(found[51][at : at + 2])
        at += 4 + int.from_bytes(found[51][at + 2 : at + 4])
    return groups, keys


@pytest.mark.skipif(not tls.chooses_keys(), reason="the key cannot be chosen")
def test_a_resumed_handshake_computes_one_key_and_the_server_may_ask_for_another(
    wires: Any, authority: Any
) -> None:
    tls._context.cache_clear()
    sessions = Sessions(wires, authority)

    def supports(group: bytes) -> None:
        lib = SSL._lib
        assert lib.SSL_CTX_set1_curves_list(sessions.server.getContext()._context, group)

    supports(b"X25519")
    assert not sessions.once()
    groups, keys = groups_and_keys(sessions.hello)
    assert len(keys) == 2
    assert sessions.once()
    again, (key,) = groups_and_keys(sessions.hello)
    assert key == keys[1]
    # X25519MLKEM768, X25519, secp256r1, secp384r1
    assert {b"\x11\xec", b"\x00\x1d", b"\x00\x17", b"\x00\x18"} <= groups & again
    supports(b"secp256r1")
    sessions.once()
    assert groups_and_keys(sessions.hello)[1] == [key]
    assert sessions.once()
    assert groups_and_keys(sessions.hello)[1] == [b"\x00\x17"]
    tls._context.cache_clear()


def test_sessions_are_resumed_though_the_key_cannot_be_chosen(
    wires: Any, authority: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with pyOpenSSL 26.0 and cryptography 46."""

    class Older:
        def __getattr__(self, name: str) -> Any:
            if name == "SSL_set1_curves_list":
                raise AttributeError(name)
            return getattr(newer, name)

    newer = SSL._lib  # type: ignore[attr-defined]
    monkeypatch.setattr(SSL, "_lib", Older())
    tls._context.cache_clear()
    compat.has.cache_clear()
    try:
        sessions = Sessions(wires, authority)
        assert [sessions.once() for _ in range(3)] == [False, True, True]
        assert compat.has("TLS sessions")
    finally:
        tls._context.cache_clear()
        compat.has.cache_clear()


def test_a_session_outlives_a_connection_that_is_lost_without_a_close(sessions: Sessions) -> None:
    sessions.once()
    sessions.lose(ConnectionLost())
    assert sessions.once()


def test_a_session_is_offered_to_its_own_host_port_and_roots_alone(
    sessions: Sessions, authority: Any, tmp_path: Path
) -> None:
    sessions.once()
    file = tmp_path / "ca.pem"
    file.write_bytes(Path(authority.ca_file).read_bytes())
    own = ssl.optionsForClientTLS(
        "stream.example", trustRoot=ssl.Certificate.loadPEM(file.read_bytes())
    )
    others: list[dict[str, Any]] = [
        {"host": "other.example"},
        {"host": "127.0.0.1"},
        {"port": 443},
        {"ca_file": str(file)},
        {"creator": own},
    ]
    assert [sessions.once(**other) for other in others] == [False] * len(others)
    assert sessions.once()
    assert sessions.once(ca_file=str(file))
    os.utime(file, ns=(1, 1))
    assert not sessions.once(ca_file=str(file))


def test_a_session_of_another_context_is_refused_by_openssl(sessions: Sessions) -> None:
    """Even if ours mixed them up, a session that another host's context verified is not used."""
    sessions.once()
    of_one = tls.context("stream.example", sessions.authority.ca_file)
    of_other = tls.context("other.example", sessions.authority.ca_file)
    of_other.sessions[9443] = of_one.sessions[9443]
    with pytest.raises(AssertionError):
        sessions.once(host="other.example")
    assert sessions.pair.near.closed


def test_a_server_that_nobody_trusts_any_more_is_verified_again(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(tls.KeptSession, "now", clock.seconds)
    resumed = []
    for seconds in (1, 1, tls.RESUMED_SECONDS - 1.5, 1, 1):
        clock.advance(seconds)
        resumed.append(sessions.once())
    assert resumed == [False, True, True, False, True]


@pytest.mark.parametrize("error", [SSL.Error([]), None])
def test_a_failed_connection_makes_the_next_handshake_a_full_one(
    sessions: Sessions, error: SSL.Error | None
) -> None:
    sessions.once()
    if error is None:  # lost during the handshake
        creator = tls.context("stream.example", sessions.authority.ca_file)
        near = tls.LeanTLSFactory(creator, True, Factory.forProtocol(Talk), Clock(), 9443)
        pair = sessions.wires(near.buildProtocol(None), Talk(), Clock())
        pair.client.connectionLost(Failure(ConnectionLost()))
    else:
        sessions.pair.far.written.append(record(40))  # no record of this connection's keys
        sessions.pair.pump()
        sessions.lose(ConnectionLost())
    assert [sessions.once(), sessions.once()] == [False, True]


def test_a_wrong_host_leaves_no_session(wires: Any, authority: Any) -> None:
    tls._context.cache_clear()
    creator = tls.context("third.example", authority.ca_file)
    for _ in range(2):
        _, seen, lost = greet(wires, creator, authority.server("stream.example"))
        assert seen == []
        assert tls.certificate_fault(lost, "third.example")
        assert [kept._session for kept in creator.sessions.values()] == [None]


# -- the lean transport beside Twisted's


class Talk(Protocol):
    """A client that writes down what it gets; an order in the text is carried out at once."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    def connectionMade(self) -> None:
        self.transport.write(b"hello")

    def dataReceived(self, data: bytes) -> None:
        self.got.append(data)
        if b"<lose>" in data:
            self.transport.loseConnection()
        if b"<abort>" in data:
            self.transport.abortConnection()
        if b"<answer>" in data:
            self.transport.write(b"an answer")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.got.append(type(reason.value))

    def text(self) -> list[Any]:
        """What was got: the octets as one, and the end if there was one."""
        octets = b"".join(part for part in self.got if isinstance(part, bytes))
        return [octets, *(part for part in self.got if not isinstance(part, bytes))]


class Echo(Protocol):
    def __init__(self) -> None:
        self.got = b""

    def dataReceived(self, data: bytes) -> None:
        self.got += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        pass


class LeanClient(TLSMemoryBIOFactory):
    protocol = tls.LeanTLS


class StockClient(TLSMemoryBIOFactory):
    protocol = BufferingTLSTransport


Plan = list[Any]


def run(
    kind: type[TLSMemoryBIOFactory], wires: Any, authority: Any, version: Any, plan: Plan, cut: Any
) -> tuple[list[Any], bytes, bool, Any]:
    """Carry out a plan of the server's; what the client got, what the server got, how it ended."""
    clock = Clock()
    context = authority.server("stream.example", **version)
    near = kind(
        tls.context("stream.example", authority.ca_file), True, Factory.forProtocol(Talk), clock
    )
    far = TLSMemoryBIOFactory(context, False, Factory.forProtocol(Echo), clock)
    pair = wires(near.buildProtocol(None), far.buildProtocol(None), clock)
    pair.pump()
    server = pair.server
    for step in plan:
        if isinstance(step, bytes):
            try:
                server.getHandle().send(step)  # a record of its own
            except SSL.Error:
                break  # the client has shut the connection down
        elif step == "flush":
            server._flushSendBIO()
            pair.pump(cut)
        elif step == "close":
            server.loseConnection()
            pair.pump(cut)
        elif step == "damage":
            server._flushSendBIO()
            data = bytearray(pair.far.take())
            data[-1] ^= 1
            pair.far.write(bytes(data))
            pair.pump(cut)
    server._flushSendBIO()
    pair.pump(cut)
    talk = pair.client.wrappedProtocol
    if pair.near.closed:
        pair.client.connectionLost(Failure(ConnectionDone()))
    return talk.text(), server.wrappedProtocol.got, pair.near.aborted, pair


VERSIONS = [
    pytest.param({}, id="newest"),
    pytest.param({"lowerMaximumSecurityTo": ssl.TLSVersion.TLSv1_2}, id="1.2"),
]

PLANS: dict[str, Plan] = {
    "one record a read": [b"a", "flush", b"b" * 200, "flush", b"c", "flush"],
    "several records a read": [b"a", b"b" * 300, b"c", "flush", b"d", b"e", "flush"],
    "the largest record": [b"x" * 16384, b"y" * 16384, "flush", b"z", "flush"],
    "an answer from within": [b"<answer>", b"b", "flush", b"<answer>", "flush"],
    "lost from within": [b"a", b"<lose>", b"b", "flush", b"c", "flush"],
    "aborted from within": [b"a", b"<abort>", "flush", b"b", "flush"],
    "more than one read of a socket": [*(bytes((i,)) * 16384 for i in range(7)), "flush", b"z"],
    "closed behind data": [b"a", b"b", "close"],
    "closed alone": [b"a", "flush", "close"],
    "a damaged record": [b"a", "flush", b"b", "damage", b"c", "flush"],
    "a damaged record behind a good one": [b"a", b"b", "damage"],
}


def whole(data: bytes) -> Iterator[bytes]:
    yield data


def by(size: int) -> Callable[[bytes], Iterator[bytes]]:
    def cut(data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), size):
            yield data[start : start + size]

    return cut


@pytest.mark.parametrize(
    "cut",
    [
        pytest.param(whole, id="whole"),
        pytest.param(by(1), id="1", marks=pytest.mark.slow),
        pytest.param(by(7), id="7"),
        pytest.param(by(1000), id="1000"),
    ],
)
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())
def test_lean_and_stock_do_the_same(
    wires: Any, authority: Any, plan: Plan, version: Any, cut: Any
) -> None:
    lean = run(LeanClient, wires, authority, version, plan, cut)
    stock = run(StockClient, wires, authority, version, plan, cut)
    assert lean[:3] == stock[:3]


def test_whole_records_are_taken_without_an_exception(wires: Any, authority: Any) -> None:
    """What the lean way is for: as many reads as records, and none that only finds nothing."""
    talk, _, _, pair = run(LeanClient, wires, authority, {}, [b"a", "flush"], whole)
    assert talk == [b"a"]
    client = pair.client
    reads: list[tuple[bytes, bool]] = []
    receive = client._receive
    client._receive = lambda records: reads.append(receive(records)) or reads[-1]
    client._flushReceiveBIO = client._flushSendBIO = None  # Twisted's way is not taken
    for texts in ([b"b"], [b"c", b"d" * 300, b"e"]):
        for text in texts:
            pair.server.getHandle().send(text)
        pair.server._flushSendBIO()
        pair.pump()
    pieces = [b"b", b"c" + b"d" * 300 + b"e"]
    assert reads == [(piece, True) for piece in pieces]
    assert client.wrappedProtocol.got[-2:] == pieces


def test_a_record_in_two_reads_is_read_once_it_is_whole(wires: Any, authority: Any) -> None:
    """Wherever it is cut behind its header: only its own length says that it is whole."""
    _, _, _, pair = run(LeanClient, wires, authority, {}, [b"a", "flush"], whole)
    client = pair.client
    client._flushReceiveBIO = client._flushSendBIO = None  # Twisted's way is not taken
    got = client.wrappedProtocol.got
    place, length = 6, 7
    while place < length:
        pair.server.getHandle().send(b"b" * 600)
        pair.server._flushSendBIO()
        sent = pair.far.take()
        length = len(sent)
        del got[:]
        client.dataReceived(sent[:place])
        assert got == []
        client.dataReceived(sent[place:])
        assert got == [b"b" * 600]
        place += 1
    assert place > 600


def test_nothing_waits_for_more_where_the_buffer_is_full(wires: Any, authority: Any) -> None:
    """Within the last of many records that come at once."""
    _, _, _, pair = run(LeanClient, wires, authority, {}, [b"a", "flush"], whole)
    got = pair.client.wrappedProtocol.got
    del got[:]
    for _ in range(6):
        pair.server.getHandle().send(b"b" * 16_000)
        pair.server._flushSendBIO()
    pair.client.dataReceived(pair.far.take())
    assert sum(map(len, got)) == 96_000


def test_a_record_before_a_damaged_one_is_handed_on(wires: Any, authority: Any) -> None:
    talk, _, _, pair = run(LeanClient, wires, authority, {}, [b"a", b"b", b"c", "damage"], whole)
    assert talk == [b"ab", SSL.Error]
    assert pair.near.closed


class Recorder:
    """A pyOpenSSL connection of a later time, that holds nothing under the names of today."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def bio_write(self, octets: bytes) -> int:
        self.written.append(octets)
        return len(octets)


def test_a_connection_of_another_make_is_used_by_its_own_methods() -> None:
    connection = Recorder()
    assert tls.reader(connection)(1) == (b"", False)
    tls.writer(connection)(b"record")
    assert connection.written == [b"record"]


@pytest.mark.parametrize(("taken", "rest"), [(4, b"rd"), (0, b"record"), (-1, b"record")])
def test_what_a_bio_does_not_take_is_left_to_pyopenssl(
    taken: int, rest: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection: Any = Recorder()
    connection._into_ssl = object()
    library = SimpleNamespace(BIO_write=lambda bio, octets, length: taken)
    monkeypatch.setattr(tls.SSL, "_lib", library)
    tls.writer(connection)(b"record")
    assert connection.written == [rest]
