"""Over real sockets: TLS, late and dropped replies, threads, proxies; what is told of secrets."""

import datetime
import http.server
import ipaddress
import json
import logging
import socket
import ssl
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from binance.client import Client
from binance.exceptions import BinanceAPIException, OrderStatusUnknown
from binance.rest.sessions import CALLER, NotAwaitedError
from tests.pace import paced

pytestmark = pytest.mark.loopback

KEY = "Key" + "k1" * 31
SECRET = "Secret" + "s2" * 29
LISTEN_KEY = "Listen" + "l3" * 27
ORDER = {"symbol": "LTCBTC", "side": "BUY", "type": "MARKET", "quantity": 1}


class Exchange(http.server.ThreadingHTTPServer):
    """Answers by `rule(handler, path, params)`; remembers what was asked."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.rule: Callable[..., Any] = lambda handler, path, text: {}
        self.asked: list[tuple[str, str, str]] = []
        self.release = threading.Event()
        self.closed = threading.Semaphore(0)
        """Released for each connection that this end has closed."""

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.closed.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client that did not wait
            super().handle_error(request, client_address)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def paths(self, count: int, method: str) -> list[str]:
        """Of what was asked, once it is so much: a thread may run after its client has given up."""
        end = time.monotonic() + paced(10)
        while len(found := [path for each, path, _ in self.asked if each == method]) < count:
            assert time.monotonic() < end, found
            time.sleep(0.01)
        return found


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Exchange

    def handle_any(self) -> None:
        path, _, query = self.path.partition("?")
        text = query + self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.asked.append((self.command, path, text))
        if path.endswith("/time"):
            answer: Any = {"serverTime": 1_700_000_000_000}
        else:
            answer = self.server.rule(self, path, text)
        if answer is not None:
            self.answer(200, answer)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def answer(self, status: int, body: Any) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def drop(self) -> None:
        """Ends the connection without a reply."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *args: Any) -> None:
        pass


def serve(server: http.server.HTTPServer) -> None:
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    with Exchange() as server:
        serve(server)
        monkeypatch.setenv("BINANCE_API_URL", f"http://127.0.0.1:{server.port}")
        yield server
        server.release.set()
        server.shutdown()


# time


def test_a_server_that_hangs_times_out_in_a_typed_way(exchange) -> None:
    exchange.rule = lambda handler, path, text: handler.server.release.wait(30) and None
    client = Client(timeout=0.1)
    client._sleep = lambda seconds: None
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.ping()
    assert exchange.paths(3, "GET") == ["/api/v3/ping"] * 3


def test_a_reply_that_is_dropped_leaves_one_order_on_the_book(exchange) -> None:
    book: dict[str, str] = {}

    def rule(handler, path, text):
        fields = dict(pair.split("=") for pair in text.split("&"))
        if handler.command == "POST":
            assert fields["newClientOrderId"] not in book
            book[fields["newClientOrderId"]] = "FILLED"
            return handler.drop()
        return {"clientOrderId": fields["origClientOrderId"], "status": "FILLED"}

    exchange.rule = rule
    client = Client(KEY, SECRET)
    client._sleep = lambda seconds: None
    order = client.create_order(**ORDER)
    assert book == {order["clientOrderId"]: "FILLED"}


def test_a_reply_that_is_cut_is_noticed_where_bodies_are_streamed(exchange) -> None:
    def rule(handler, path, text):
        if handler.command == "POST":
            handler.send_response(200)
            handler.send_header("Content-Length", "100")
            handler.end_headers()
            handler.wfile.write(b'{"orderId": 7')
            return handler.drop()
        return {"orderId": 7, "status": "FILLED"}

    exchange.rule = rule
    client = Client(KEY, SECRET, {"stream": True})
    assert client.create_order(**ORDER)["status"] == "FILLED"
    assert [method for method, path, _ in exchange.asked if "order" in path] == ["POST", "GET"]


def test_a_late_reply_to_an_order_whose_fate_stays_unknown(exchange) -> None:
    exchange.rule = lambda handler, path, text: handler.server.release.wait(30) and None
    client = Client(KEY, SECRET, timeout=0.05)
    client._sleep = lambda seconds: None
    client.timestamp_offset = 0  # the clock is not asked for
    with pytest.raises(OrderStatusUnknown):
        client.create_order(**ORDER)
    assert exchange.paths(1, "POST") == ["/api/v3/order"]


def test_a_stale_connection_is_replaced(exchange) -> None:
    def rule(handler, path, text):
        handler.close_connection = True  # without saying so in a header
        return {"n": len(exchange.asked)}

    exchange.rule = rule
    client = Client()
    client._sleep = lambda seconds: None
    assert [client.ping()["n"] for _ in range(3)] == sorted(range(1, 4))


def test_an_order_after_the_server_closed_the_kept_connection_goes_out_once(exchange) -> None:
    def rule(handler, path, text):
        handler.close_connection = True  # without saying so in a header
        return {"orderId": 7}

    exchange.rule = rule
    client = Client(KEY, SECRET)
    client._sleep = lambda seconds: None
    client.timestamp_offset = 0
    client.ping()
    for _ in range(3):
        assert exchange.closed.acquire(timeout=paced(10))
        assert client.create_order(**ORDER)["orderId"] == 7
    assert [method for method, _, _ in exchange.asked] == ["GET", "POST", "POST", "POST"]


@pytest.mark.parametrize("options", [{}, {"allow_redirects": True}])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_an_order_that_is_redirected_is_not_sent_again(exchange, options, status) -> None:
    def rule(handler, path, text):
        handler.send_response(status)
        handler.send_header("Location", path)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    exchange.rule = rule
    client = Client(KEY, SECRET, options)
    client.timestamp_offset = 0
    with pytest.raises(BinanceAPIException):
        client.create_order(**ORDER)
    assert [method for method, _, _ in exchange.asked] == ["POST"]


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    client = Client()
    client.API_URL = f"http://127.0.0.1:{port}/api"
    pauses: list[float] = []
    client._sleep = pauses.append
    with pytest.raises(requests.exceptions.ConnectionError):
        client.ping()
    assert len(pauses) == 2


def test_sixteen_threads_at_once(exchange) -> None:
    exchange.rule = lambda handler, path, text: {"echo": text, "bids": [], "asks": []}
    client = Client()
    wrong: list[Any] = []

    def ask(number: int) -> None:
        for turn in range(20):
            symbol = f"S{number}X{turn}"
            echo = client.get_order_book(symbol=symbol)["echo"]
            if echo != f"symbol={symbol}" or client.response.json()["echo"] != echo:
                wrong.append((symbol, echo))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(paced(60))
    assert wrong == []
    assert len(exchange.asked) == 320


# TLS


class Authority:
    """A throw-away certificate authority and what it signs."""

    def __init__(self, folder: Any) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "throw-away")])
        self.file = folder / "ca.pem"
        self.file.write_bytes(
            self._sign(self.name, self.key, True, []).public_bytes(serialization.Encoding.PEM)
        )

    def context(self, *names: x509.GeneralName) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
        path = self.folder / "server.pem"
        path.write_bytes(
            self._sign(subject, key, False, list(names)).public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _sign(self, subject: x509.Name, key: Any, is_ca: bool, names: list[Any]) -> Any:
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
            # Python 3.13 and newer verify strictly (RFC 5280), which asks for these three.
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False
            )
        )
        if is_ca:
            other = ["digital_signature", "content_commitment", "key_encipherment", "crl_sign"]
            other += ["data_encipherment", "key_agreement", "encipher_only", "decipher_only"]
            usage = x509.KeyUsage(key_cert_sign=True, **dict.fromkeys(other, False))
            builder = builder.add_extension(usage, critical=True)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, hashes.SHA256())


LOCALHOST = (x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1")))


@pytest.fixture
def authority(tmp_path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def secure(exchange, monkeypatch) -> Callable[[ssl.SSLContext], Client]:
    def made(context: ssl.SSLContext, **options: Any) -> Client:
        exchange.socket = context.wrap_socket(exchange.socket, server_side=True)
        monkeypatch.setenv("BINANCE_API_URL", f"https://localhost:{exchange.port}")
        client = Client(KEY, SECRET, **options)
        client._sleep = lambda seconds: None  # type: ignore[method-assign]
        return client

    return made


def test_a_ca_file_is_trusted_besides_the_usual_roots(secure, authority, monkeypatch) -> None:
    monkeypatch.setenv("BINANCE_CA_FILE", str(authority.file))
    client = secure(authority.context(*LOCALHOST))
    assert client.ping() == {}
    assert client.get_account() == {}


def test_the_ca_file_of_a_socket_manager_holds_in_each_thread(secure, authority, exchange) -> None:
    secure(authority.context(*LOCALHOST))
    url = f"https://localhost:{exchange.port}/api"
    client = Client._of_address(url, None, str(authority.file))
    with client, ThreadPoolExecutor() as other:
        assert client.ping() == other.submit(client.ping).result() == {}


def test_a_bundle_of_requests_is_honoured_too(secure, authority, monkeypatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    assert secure(authority.context(*LOCALHOST)).ping() == {}


def test_the_authority_of_one_client_is_not_that_of_others(secure, authority) -> None:
    own = {"requests_params": {"verify": str(authority.file)}}
    assert secure(authority.context(*LOCALHOST), **own).ping() == {}
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        Client().ping()


def test_an_untrusted_certificate_is_refused_without_a_second_try(secure, authority) -> None:
    client = secure(authority.context(*LOCALHOST))
    pauses: list[float] = []
    client._sleep = pauses.append
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        client.get_account()
    assert pauses == []


@pytest.mark.parametrize("answers", [[True], [False, True]], ids=["before", "while connecting"])
def test_a_call_whose_caller_has_gone_is_not_sent(
    secure, authority, exchange, monkeypatch, answers
) -> None:
    client = secure(authority.context(*LOCALHOST), requests_params={"verify": str(authority.file)})
    monkeypatch.setattr(CALLER, "is_gone", lambda: answers.pop(0), raising=False)
    with pytest.raises(NotAwaitedError):
        client.cancel_order(symbol="LTCBTC", orderId=1, timestamp=1)
    assert (answers, exchange.asked) == ([], [])


def test_a_certificate_for_another_host_is_refused(secure, authority, monkeypatch) -> None:
    monkeypatch.setenv("BINANCE_CA_FILE", str(authority.file))
    client = secure(authority.context(x509.DNSName("elsewhere.example")))
    with pytest.raises(requests.exceptions.SSLError, match=r"(?i)host"):
        client.get_account()


def test_a_ca_file_that_cannot_be_read_is_told_at_once(monkeypatch) -> None:
    monkeypatch.setenv("BINANCE_CA_FILE", "/nowhere/ca.pem")
    with pytest.raises(ValueError, match=r"BINANCE_CA_FILE.*/nowhere/ca\.pem"):
        Client()


# proxies


class Proxy(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ProxyHandler)
        self.asked: list[tuple[str, str | None]] = []
        self.wanted = "Basic dXNlcjpwYXNz"  # user:pass


class ProxyHandler(http.server.BaseHTTPRequestHandler):
    server: Proxy

    def do_CONNECT(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Proxy-Authorization")))
        if self.headers.get("Proxy-Authorization") != self.server.wanted:
            self.send_error(407)
            return
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=paced(10)) as far:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=self.pump, args=(far, self.connection), daemon=True)
            back.start()
            self.pump(self.connection, far)
            back.join(paced(10))

    @staticmethod
    def pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy() as server:
        serve(server)
        yield server
        server.shutdown()


def test_calls_go_through_a_proxy_that_wants_a_password(
    secure, authority, proxy, exchange, monkeypatch
) -> None:
    monkeypatch.setenv("BINANCE_CA_FILE", str(authority.file))
    url = f"http://user:pass@127.0.0.1:{proxy.server_address[1]}"
    client = secure(authority.context(*LOCALHOST), proxy=url)
    assert client.ping() == {}
    assert proxy.asked == [(f"localhost:{exchange.port}", "Basic dXNlcjpwYXNz")]
    client.close()


def test_calls_to_this_computer_avoid_the_environments_proxies(
    exchange, proxy, monkeypatch
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server_address[1]}")
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.server_address[1]}")
    exchange.rule = lambda handler, path, text: {"path": path}
    with Client(KEY, SECRET) as client:
        client._sleep = lambda seconds: None
        assert client.ping() == {"path": "/api/v3/ping"}
        client.API_URL = "https://exchange.example/api"
        with pytest.raises(requests.exceptions.ProxyError):  # it wants a password
            client.ping()
    assert set(proxy.asked) == {("exchange.example:443", None)}


# secrets


def everything_told(caught: BaseException, client: Client) -> str:
    """All that a careless script could print of an error and a client."""
    parts = [
        repr(caught),
        str(caught),
        repr(caught.args),
        repr({n: v for n, v in vars(caught).items() if not n.startswith("_")}),
        "".join(traceback.format_exception(caught)),
        repr(client),
        repr(client.signer),
        repr(client.session),
    ]
    for response in (client.response, getattr(caught, "response", None)):
        if response is not None:
            request = response.request
            parts += [repr(response), response.url, repr(request)]
            if request is not None:
                parts += [repr(request.url), repr(request.body), repr(dict(request.headers))]
    link = caught.__context__ or caught.__cause__
    return "\n".join(parts) + (everything_told(link, client) if link else "")


@pytest.fixture(params=["HMAC", "Ed25519"])
def keyed(request) -> Client:
    if request.param == "HMAC":
        client = Client(KEY, SECRET, timeout=10)
    else:
        pem = ed25519.Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        client = Client(KEY, private_key=pem, timeout=10)
    client._sleep = lambda seconds: None  # type: ignore[method-assign]
    return client


def calls(client: Client) -> list[Callable[[], Any]]:
    return [
        client.get_account,
        lambda: client.create_order(**ORDER),
        lambda: client.cancel_order(symbol="LTCBTC", orderId=1),
        lambda: client.stream_keepalive(LISTEN_KEY),
        lambda: client.stream_close(LISTEN_KEY),
        lambda: client.request("GET", "/api/v3/anything", signed=True, listenKey=LISTEN_KEY),
        client.get_order_book,
    ]


def echo_error(handler: Handler, path: str, text: str) -> None:
    """A firewall's page that quotes the request."""
    page = f"<html>blocked: {path}?{text} {handler.headers.get('X-MBX-APIKEY')}</html>"
    handler.answer(403, page.encode())


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(lambda handler, path, text: {}, id="fine"),
        pytest.param(
            lambda handler, path, text: handler.answer(400, {"code": -1022, "msg": "Signature"}),
            id="refused",
        ),
        pytest.param(echo_error, id="quoted"),
        pytest.param(
            lambda handler, path, text: handler.answer(200, f"not JSON {text}".encode()),
            id="not json",
        ),
        pytest.param(lambda handler, path, text: handler.answer(410, b"<h1>Gone</h1>"), id="gone"),
        pytest.param(lambda handler, path, text: handler.drop(), id="dropped"),
        pytest.param(
            lambda handler, path, text: handler.server.release.wait(30) and None, id="hangs"
        ),
    ],
)
def test_nothing_secret_is_told(exchange, keyed, caplog, rule) -> None:
    caplog.set_level(logging.DEBUG)
    exchange.rule = rule
    keyed._measure_clock(keyed._of_path("GET", "/api/v3/account", True, {}))
    keyed.timeout = 0.1
    told = ""
    for call in calls(keyed):
        try:
            told += repr(keyed.response) + str(call() and "")
        except (BinanceAPIException, OrderStatusUnknown, requests.RequestException) as error:
            told += everything_told(error, keyed)
        except Exception as error:  # noqa: BLE001 (whatever it is must not tell either)
            told += everything_told(error, keyed)
    told += caplog.text + "".join(repr(vars(record)) for record in caplog.records)
    signatures = {
        text.rpartition("signature=")[2].partition("&")[0]
        for _, _, text in exchange.asked
        if "signature=" in text
    }
    assert signatures
    secrets = {KEY, SECRET, LISTEN_KEY} | signatures
    if keyed.signer.kind == "Ed25519":
        secrets.add(keyed._credentials.pem.decode().split("\n")[1])  # type: ignore[union-attr]
    assert [secret for secret in secrets if secret in told] == []
    assert '"GET /api/v3/time HTTP/1.1" 200' in caplog.text  # the log that has them is on


def test_a_proxys_password_is_not_told(exchange, caplog, proxy) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"http://user:wrong-password@127.0.0.1:{proxy.server_address[1]}"
    client = Client(KEY, SECRET, proxy=url, timeout=paced(5))
    client.API_URL = "https://localhost:1/api"
    client._sleep = lambda seconds: None
    with pytest.raises(requests.exceptions.ProxyError) as caught:
        client.ping()
    assert "wrong-password" not in everything_told(caught.value, client) + caplog.text
    assert proxy.asked
