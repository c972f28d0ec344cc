"""What the client does when a reply is lost behind a proxy, as counted by the simulated exchange.

A real proxy loses it, at each point where one can, and as often as it is told to. Nothing with
effects may reach the exchange twice.
"""

import contextlib
import select
import socket
import socketserver
import threading

import pytest
import requests
from requests.adapters import HTTPAdapter

from binance.client import Client
from binance.exceptions import OrderStatusUnknown
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.pace import paced

pytestmark = pytest.mark.loopback

KEY, SECRET = "K" * 64, "S" * 64
PATIENCE = paced(20)
ALWAYS = 1000

REFUSE = "the proxy refuses the tunnel"
NO_WORD = "it closes without an answer to CONNECT"
NO_TUNNEL = "it closes after its answer to CONNECT"
NO_REQUEST = "it closes when the request comes"
NO_REPLY = "it closes when the reply comes"
HALF = "it closes after half of the reply"
BEFORE = (REFUSE, NO_WORD, NO_TUNNEL)  # on a new connection; the others on one that is up
NOT_SENT = (*BEFORE, NO_REQUEST)
POINTS = (*NOT_SENT, NO_REPLY, HALF)


class Tunnel(socketserver.StreamRequestHandler):
    """One CONNECT."""

    def handle(self):
        target = self.rfile.readline().split()[1].decode()
        while self.rfile.readline().strip():
            pass
        if self.server.loses(NO_WORD):
            return
        if self.server.loses(REFUSE):
            self.wfile.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", int(target.rpartition(":")[2]))) as there:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            if not self.server.loses(NO_TUNNEL):
                with contextlib.suppress(ConnectionError):
                    self.pass_on(there)

    def pass_on(self, there):
        here = self.connection
        while True:
            for end in select.select([here, there], [], [])[0]:
                data = end.recv(65536)
                if not data or self.server.loses(NO_REQUEST if end is here else NO_REPLY):
                    return
                if end is there and self.server.loses(HALF):
                    here.sendall(data[: len(data) // 2])
                    return
                (there if end is here else here).sendall(data)


class Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.point, self.times = "", 0
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def loses(self, point):
        if self.point != point or not self.times:
            return False
        self.times -= 1
        return True

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def proxy():
    with Proxy() as running:
        yield running
        running.shutdown()


@pytest.fixture(scope="module")
def exchange():
    with ExchangeProcess(seed=2, symbols=["BTCUSDT"], rate=1, limits="off") as running:
        yield running
        assert running.errors() == ""


@pytest.fixture
def direct(exchange, monkeypatch):
    """A client past the proxy: what the exchange knows."""
    for name, value in exchange.env.items():
        monkeypatch.setenv(name, value)
    with Client(KEY, SECRET) as client:
        client.session.trust_env = False
        client.timestamp_offset = 0
        yield client


@pytest.fixture(params=["proxy=", "retrying session"])
def client(request, proxy, direct):
    """A client behind the proxy, by each way that there is to say so; it has a connection."""
    if request.param == "requests_params=":
        options = {"proxies": {"https": proxy.url}}
        made = Client(KEY, SECRET, options, timeout=PATIENCE)
    else:
        made = Client(KEY, SECRET, proxy=proxy.url, timeout=PATIENCE)
    if request.param == "retrying session":
        session = requests.Session()
        session.proxies = {"https": proxy.url}
        session.verify = direct.endpoints.ca_file
        session.mount("https://", HTTPAdapter(max_retries=3))
        made.session = session
    made._sleep = lambda seconds: None
    made.timestamp_offset = 0
    made.ping()
    with made:
        yield made


def arm(proxy, client, point, times):
    if point in BEFORE:
        client.close()  # the next call opens a connection
    proxy.point, proxy.times = point, times


def order():
    return {
        "symbol": "BTCUSDT",
        "side": "BUY",
        "type": "LIMIT",
        "timeInForce": "GTC",
        "quantity": "0.001",
        "price": "50000",
    }


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize(
    ("client", "times"),
    [
        ("proxy=", 1),
        ("requests_params=", 1),
        ("retrying session", 1),
        ("proxy=", ALWAYS),
        ("retrying session", ALWAYS),
    ],
    indirect=["client"],
)
def test_an_order(proxy, client, direct, point, times):
    before = {each["orderId"] for each in direct.get_all_orders(symbol="BTCUSDT")}
    arm(proxy, client, point, times)
    placed = error = None
    try:
        placed = client.create_order(**order())["orderId"]
    except (OrderStatusUnknown, requests.exceptions.ProxyError) as raised:
        error = raised
    after = {each["orderId"] for each in direct.get_all_orders(symbol="BTCUSDT")} - before
    # Nothing but a refused tunnel is known not to have been sent, and then is just an error.
    assert error is None or isinstance(error, OrderStatusUnknown) is (point != REFUSE)
    if times == 1 and point == REFUSE:  # sent again: it had not left
        assert after == {placed}
    elif point in NOT_SENT:
        assert (placed, after) == (None, set())
    elif times == 1:
        assert after == {placed}
    else:
        assert placed is None
        assert len(after) == 1
    proxy.times = 0
    direct.cancel_all_open_orders(symbol="BTCUSDT") if after else None


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize(
    ("path", "call"),
    [
        (
            "/sapi/v1/asset/transfer",
            lambda client: client.universal_transfer(type="MAIN_MARGIN", asset="USDT", amount=1),
        ),
        ("/fapi/v1/listenKey", lambda client: client.futures_stream_keepalive()),
    ],
    ids=["POST", "PUT"],
)
def test_what_cannot_be_asked_for(proxy, client, direct, exchange, point, path, call):
    direct.futures_stream_get_listen_key()
    before = exchange.stats()["requests"].get(path, 0)
    arm(proxy, client, point, ALWAYS)
    with pytest.raises(requests.exceptions.ConnectionError):
        call(client)
    done = exchange.stats()["requests"].get(path, 0) - before
    assert done == (0 if point in NOT_SENT else 1)
    arm(proxy, client, point, 1)
    if point == REFUSE:
        call(client)
    else:
        with pytest.raises(requests.exceptions.ConnectionError):
            call(client)


@pytest.mark.parametrize("point", POINTS)
def test_a_cancel(proxy, client, direct, exchange, point):
    path = "/api/v3/order"
    standing = direct.create_order(**order())
    name = {"symbol": "BTCUSDT", "orderId": standing["orderId"]}
    before = exchange.stats()["requests"][path]
    arm(proxy, client, point, ALWAYS)
    with pytest.raises(requests.exceptions.ConnectionError):
        client.cancel_order(**name)
    assert exchange.stats()["requests"][path] - before == (0 if point in NOT_SENT else 1)
    is_open = direct.get_order(**name)["status"] == "NEW"
    assert is_open is (point in NOT_SENT)
    if is_open:
        direct.cancel_order(**name)


@pytest.mark.parametrize("point", POINTS)
def test_a_question_is_asked_again(proxy, client, point):
    arm(proxy, client, point, 2)
    assert client.get_account()["canTrade"] is True
    assert proxy.times == 0
