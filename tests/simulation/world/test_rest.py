import threading
from collections.abc import Callable

import requests

from binance.client import Client
from binance.exceptions import BinanceAPIException
from simulation.world import install
from simulation.world.install import reactor
from simulation.world.rest import Lost, Refused
from tests.simulation.echo import Echo

TIME = (200, {}, b'{"serverTime":1700000000000}')
BOOK = (200, {}, b'{"lastUpdateId":7,"bids":[],"asks":[]}')


def asked(answers: list[object], call: Callable[[Client], object]) -> tuple[object, Echo]:
    """What a thread gets that makes a call, and the exchange that was asked."""
    network = install.reset(1)
    exchange = network.exchange = Echo()
    exchange.answers = answers
    got: list[object] = []

    def work() -> None:
        try:
            got.append(call(Client("k" * 64, "s" * 64)))
        except (BinanceAPIException, requests.RequestException) as error:
            got.append(error)

    threading.Thread(target=work).start()
    reactor.run_until(300)
    assert not reactor.errors
    return got[0], exchange


def test_an_answer_takes_its_time() -> None:
    answer, exchange = asked([BOOK], lambda client: client.get_order_book(symbol="BNBBTC"))
    assert answer == {"lastUpdateId": 7, "bids": [], "asks": []}
    [(method, path, params)] = exchange.asked
    assert (method, path, params["symbol"]) == ("GET", "/api/v3/depth", "BNBBTC")


def test_a_lost_reply_of_an_order_has_the_client_ask_for_it() -> None:
    found = (200, {}, b'{"orderId":5}')
    answer, exchange = asked(
        [TIME, Lost(), found],
        lambda client: client.create_order(symbol="A", side="BUY", type="MARKET", quantity=1),
    )
    assert answer == {"orderId": 5}
    sent = [(method, path) for method, path, _ in exchange.asked[1:]]
    assert sent == [("POST", "/api/v3/order"), ("GET", "/api/v3/order")]
    assert exchange.asked[1][2]["newClientOrderId"] == exchange.asked[2][2]["origClientOrderId"]


def test_what_was_never_sent_is_sent_again() -> None:
    answer, exchange = asked(
        [Refused(), BOOK], lambda client: client.get_order_book(symbol="BNBBTC")
    )
    assert answer["lastUpdateId"] == 7  # type: ignore[index]
    assert len(exchange.asked) == 2


def test_a_ban_reaches_the_client() -> None:
    answer, _ = asked(
        [(418, {"Retry-After": "500"}, b'{"code":-1003,"msg":"banned"}')],
        lambda client: client.get_order_book(symbol="BNBBTC"),
    )
    assert isinstance(answer, BinanceAPIException)
    assert answer.status_code == 418


def test_nobody_answers_where_the_network_is_a_hole() -> None:
    def call(client: Client) -> object:
        reactor.network.mode = "hole"
        return client.get_order_book(symbol="BNBBTC")

    answer, exchange = asked([], call)
    assert isinstance(answer, requests.exceptions.ConnectTimeout)
    assert exchange.asked == []


def test_doubled_parameters_are_refused() -> None:
    network = install.reset(1)
    network.exchange = Echo()
    got: list[int] = []

    def work() -> None:
        session = Client()._sessions.current()
        got.append(session.get("https://api.binance.com/api/v3/depth?a=1&a=2").status_code)

    threading.Thread(target=work).start()
    reactor.run_until(10)
    assert got == [400]
