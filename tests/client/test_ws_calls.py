"""Requests over the WebSocket API on a clock and a wire in memory: what goes out, and when."""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from requests.exceptions import ConnectTimeout
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock

from binance.client import Client
from binance.exceptions import (
    BinanceAPIException,
    BinanceConnectionError,
    BinanceReactorError,
    BinanceRequestException,
    OrderStatusUnknown,
)
from binance.rest import ws_calls
from binance.rest.sessions import CALLER
from binance.sansio.account.wsrequests import QUERY_SECONDS
from binance.sansio.link.budget import ConnectBudget
from binance.sansio.link.reconnect import Failure
from binance.simulator.accounts import api_keys
from binance.tx.loop import reactor
from binance.tx.sessions import requests
from tests.client.conftest import NOW
from tests.logs import ours
from tests.programs import exit_code
from tests.tx.rig import Wire

ORDER = {"symbol": "BNBBTC", "side": "BUY", "type": "MARKET", "quantity": 1}


class Loop:
    """The reactor's queue, clock and connections."""

    running = True

    def __init__(self, links: Any) -> None:
        self.clock, self.wire, self.is_inside = Clock(), Wire(), False
        self.posted: list[Callable[[], object]] = []
        links._dependencies = links._dependencies._replace(
            clock=self.clock,
            dial=self.wire,
            connects=ConnectBudget(),
            call=self.callFromThread,
            may_act=lambda: True,
            in_thread=maybeDeferred,
            chance=lambda: 0.5,
        )
        links._checking = requests.DelayedCall(self.clock)

    def callFromThread(self, function: Callable[..., object], *args: Any) -> None:
        self.posted.append(lambda: function(*args))

    def run(self, seconds: float = 0.0) -> None:
        """What was posted; then let time pass."""
        self.is_inside = True
        while self.posted:
            self.posted.pop(0)()
        self.clock.pump([0.25] * int(seconds * 4))
        self.is_inside = False

    @property
    def sent(self) -> list[str]:
        """The methods that were sent on the last link."""
        return [each["method"] for each in self.protocol.sent]

    def open(self) -> None:
        self.protocol = self.wire.open()


@pytest.fixture
def loop(make: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> Loop:
    """The client of it is `loop.client`."""
    client: Any = make("K" * 64, "S" * 64)
    monkeypatch.setattr(reactor, "_process", reactor._Process())
    links = client._ws_of("spot")
    made = Loop(links)
    made.client = client  # type: ignore[attr-defined]
    monkeypatch.setattr(reactor, "may_act", lambda: True)
    monkeypatch.setattr(reactor, "get", lambda: made)
    monkeypatch.setattr(reactor, "ensure_running", lambda: None)
    monkeypatch.setattr(reactor, "in_reactor_thread", lambda: made.is_inside)
    monkeypatch.setattr(ws_calls, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(ws_calls, "GRACE_SECONDS", 0.0)
    return made


def test_an_order_that_the_reactor_has_not_taken_in_time_is_never_sent(loop: Any) -> None:
    with pytest.raises(BinanceConnectionError, match=r"order\.place was not sent: the reactor"):
        loop.client.ws_create_order(**ORDER, timeout=0.01)
    loop.run(1)
    assert loop.wire.dials == []


def test_nor_one_that_it_has_taken_too_late(loop: Any) -> None:
    """As of a caller who still waits."""
    order = loop.client.ws_request("order.place", **ORDER, timeout=5)
    loop.clock.advance(5)
    loop.run(1)
    with pytest.raises(BinanceConnectionError, match="was not sent within 5 s"):
        order.result(0)
    assert loop.wire.dials == []


def test_nor_where_the_link_opens_too_late(loop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(self: Any, seconds: float) -> None:
        loop.run()
        loop.clock.rightNow += 60  # the reactor is blocked: no timer of it is called
        loop.open()
        raise TimeoutError

    monkeypatch.setattr(Future, "result", answer)
    with pytest.raises(OrderStatusUnknown, match="does not run"):
        loop.client.ws_create_order(**ORDER)
    assert loop.sent == []


def test_nor_one_that_nobody_waits_for_when_the_link_opens(loop: Any, monkeypatch: Any) -> None:
    """As of a task that was cancelled."""
    gone: list[bool] = []
    monkeypatch.setattr(CALLER, "is_gone", lambda: bool(gone), raising=False)
    order = loop.client.ws_request("order.place", **ORDER)
    loop.run()
    gone.append(True)
    loop.open()
    with pytest.raises(BinanceConnectionError, match="was not sent: its caller does not wait"):
        order.result(0)
    assert loop.sent == []


def test_a_link_that_answers_is_proven(loop: Any) -> None:
    """So that the tries begin anew, however often it is lost."""
    for dials in range(8):
        asked = loop.client.ws_request("ping", timeout=60)
        loop.run()
        while len(loop.wire.dials) == dials:
            loop.run(0.25)
        loop.open()
        loop.protocol.say({"id": loop.protocol.sent[-1]["id"], "status": 200, "result": {}})
        assert asked.result(0) == {}
        loop.protocol.lose()


def test_a_link_that_ends_as_soon_as_it_is_replaced_costs_no_events(loop: Any, caplog: Any) -> None:
    """It has none, and its lost answers are asked for."""
    asked = loop.client.ws_request("ping", timeout=60)
    loop.run()
    loop.open()
    old = loop.protocol
    old.say({"id": old.sent[-1]["id"], "status": 200, "result": {}})
    assert asked.result(0) == {}
    old.say({"event": {"e": "serverShutdown", "E": 1}})
    loop.open()
    assert loop.protocol is not old
    loop.run(1)
    old.lose()
    loop.run(1)
    assert loop.client._ws_of("spot")._ledger.links == [loop.protocol.link]
    assert ours(caplog) == []


@pytest.mark.parametrize("end", ["idle", "given up", "closed", "reactor stopped"])
def test_a_client_whose_link_has_ended_is_not_kept(
    loop: Any, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "IDLE_SECONDS", 10.0)
    links = loop.client._ws_of("spot")
    for _ in range(2):
        asked = loop.client.ws_request("ping")
        loop.run()
        loop.open()
        loop.protocol.say({"id": loop.protocol.sent[-1]["id"], "status": 200, "result": {}})
        assert asked.result(0) == {}
        assert reactor._current_lifetimes() == [links._lifetime]
        if end == "idle":
            loop.run(20)
        elif end == "given up":
            links._socket.gave_up(Failure("refused"))
        elif end == "closed":
            links.close()
        else:
            ended: list[Any] = []
            links.stop_all().addCallback(ended.append)
        loop.run()
        loop.protocol.lose(True)
        loop.run()
        assert reactor._current_lifetimes() == []
    assert end != "reactor stopped" or ended == [None]


def asked_for_without_a_link(loop: Any, asked: "Deferred[Any]") -> tuple[Any, Any]:
    """The links, and an order that was sent; the link has given up, and the query hangs."""
    links = loop.client._ws_of("spot")
    links._dependencies = links._dependencies._replace(in_thread=lambda ask: asked)
    order = loop.client.ws_request("order.place", **ORDER, timeout=5)
    loop.run()
    loop.open()
    loop.protocol.lose(True)
    links._socket.gave_up(Failure("refused"))
    loop.run(1)
    return links, order


def test_the_stop_of_the_reactor_ends_an_order_that_is_asked_for_without_a_link(loop: Any) -> None:
    links, order = asked_for_without_a_link(loop, Deferred())
    lifetime, ended = links._lifetime, []
    assert reactor._current_lifetimes() == [lifetime]
    loop.is_inside = True
    lifetime.stop_all().addCallback(ended.append)
    with pytest.raises(OrderStatusUnknown, match="the reactor was stopped"):
        order.result(0)
    loop.run()
    assert ended == [None]
    assert reactor._current_lifetimes() == []


def test_a_client_is_not_kept_once_the_last_order_without_a_link_is_over(loop: Any) -> None:
    asked: Deferred[Any] = Deferred()
    links, order = asked_for_without_a_link(loop, asked)
    assert reactor._current_lifetimes() == [links._lifetime]
    asked.callback(({"orderId": 7, "time": NOW * 1000}, ""))
    loop.run(1)
    loop.run()
    assert order.result(0)["orderId"] == 7
    assert reactor._current_lifetimes() == []


def test_nor_one_whose_caller_was_interrupted(loop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by Ctrl-C in a notebook, whose process lives on."""

    def interrupt(self: Any, seconds: float) -> None:
        loop.run()
        raise KeyboardInterrupt

    monkeypatch.setattr(Future, "result", interrupt)
    with pytest.raises(KeyboardInterrupt):
        loop.client.ws_create_order(**ORDER)
    loop.open()
    loop.run(1)
    assert loop.sent == []


@pytest.mark.parametrize("timeout", [0, -1, float("inf"), float("nan"), 1e10])
def test_a_timeout_that_nothing_can_wait_for_is_refused_at_once(loop: Any, timeout: float) -> None:
    with pytest.raises(ValueError, match="timeout must be more than 0 and at most 86400 seconds"):
        loop.client.ws_create_order(**ORDER, timeout=timeout)
    assert loop.posted == []


def test_a_wait_in_the_loop_that_is_to_run_the_reactor_is_refused(
    loop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop.running = False
    monkeypatch.setitem(sys.modules, "twisted.internet.reactor", loop)
    monkeypatch.setattr(reactor, "is_loops_thread", lambda twisted: twisted is loop)
    with pytest.raises(BinanceReactorError, match="use ws_request"):
        loop.client.ws_ping()
    loop.client.ws_request("ping")
    loop.running = True  # in a thread of its own: another loop may wait for it
    monkeypatch.setattr(Future, "result", lambda self, seconds: "answer")
    assert loop.client.ws_ping() == "answer"


@pytest.mark.parametrize("key", ["HMAC", "Ed25519"])
def test_an_assigned_recv_window_holds_from_the_next_order(loop: Any, key: str) -> None:
    if key == "Ed25519":  # its second order has no signature
        loop.client._credentials.use(api_keys.ED25519_KEY, api_keys.ED25519_PRIVATE_KEY)
    loop.client.recv_window = 60_000
    loop.client.ws_request("order.place", **ORDER)
    loop.run()
    loop.open()
    assert {each["params"]["recvWindow"] for each in loop.protocol.sent} == {60_000}
    loop.protocol.say({"id": loop.protocol.sent[0]["id"], "status": 200, "result": {}})
    loop.client.recv_window = 500
    loop.client.ws_request("order.place", **ORDER)
    loop.run()
    params = loop.protocol.sent[-1]["params"]
    assert params["recvWindow"] == 500
    assert ("signature" in params) == (key == "HMAC")


@pytest.mark.parametrize("key", ["HMAC", "Ed25519"])
def test_a_lost_order_with_a_timestamp_of_its_callers_is_asked_for(loop: Any, key: str) -> None:
    if key == "Ed25519":
        loop.client._credentials.use(api_keys.ED25519_KEY, api_keys.ED25519_PRIVATE_KEY)
    order = loop.client.ws_request("order.place", **ORDER, timestamp=NOW * 1000, timeout=5)
    loop.run()
    loop.open()
    assert loop.sent[-1] == "order.place"
    loop.protocol.lose()
    loop.run(1)
    loop.open()
    loop.run(1)
    assert loop.sent[-1] == "order.status"
    found = {"orderId": 7, "time": NOW}
    loop.protocol.say({"id": loop.protocol.sent[-1]["id"], "status": 200, "result": found})
    assert order.result(0) == found


def test_an_order_may_be_answered_with_an_error_that_is_null(loop: Any) -> None:
    order = loop.client.ws_request("order.place", **ORDER)
    loop.run()
    loop.open()
    answer = {"status": 200, "result": {"orderId": 7}, "error": None}
    loop.protocol.say({"id": loop.protocol.sent[-1]["id"], **answer})
    assert order.result(0) == {"orderId": 7}


def test_an_order_is_found_by_queries_that_are_all_answered_late(loop: Any, script: Any) -> None:
    """As by an overloaded exchange, which loses the answer to the order as well."""
    script.rule = lambda asked: ConnectTimeout("connect timed out")
    order = loop.client.ws_request("order.place", **ORDER, timeout=5)
    loop.run()
    loop.open()
    loop.run(6)
    first = loop.protocol.sent[-1]
    assert loop.sent == ["order.place", "order.status"]
    loop.run(QUERY_SECONDS)
    error = {"code": -2013, "msg": "Order does not exist."}
    loop.protocol.say({"id": first["id"], "status": 400, "error": error})
    asked = len(script.asked)
    loop.run(2)
    assert len(script.asked) > asked, "the next query goes by REST"
    loop.run(4)
    assert loop.sent == ["order.place", "order.status", "order.status"]
    found = {"orderId": 7, "time": NOW}
    loop.protocol.say({"id": first["id"], "status": 200, "result": found})
    assert not order.done(), "it was answered before"
    loop.protocol.say({"id": loop.protocol.sent[-1]["id"], "status": 200, "result": found})
    assert order.result(0) == found


def test_an_order_that_a_late_answer_shows_is_not_asked_for_again(loop: Any, script: Any) -> None:
    script.rule = lambda asked: ConnectTimeout("connect timed out")
    order = loop.client.ws_request("order.place", **ORDER, timeout=5)
    loop.run()
    loop.open()
    loop.run(6 + QUERY_SECONDS)
    assert loop.sent == ["order.place", "order.status"]
    found = {"orderId": 7, "time": NOW}
    loop.protocol.say({"id": loop.protocol.sent[-1]["id"], "status": 200, "result": found})
    assert order.result(0) == found


def test_the_callback_of_a_future_may_close_the_client(loop: Any) -> None:
    """Although another request is about to be sent."""
    ping = loop.client.ws_request("ping", timeout=1)
    order = loop.client.ws_request("order.place", **ORDER)
    ping.add_done_callback(lambda _: loop.client.close())
    loop.run()
    loop.clock.rightNow += 2  # the reactor is blocked: the time of the first is over
    links = loop.client._ws_of("spot")
    links._dependencies = links._dependencies._replace(call=lambda close, why: close(why))
    loop.open()
    loop.run()
    assert (ping.done(), loop.sent, loop.protocol.closing) == (True, [], True)
    with pytest.raises(OrderStatusUnknown, match="the client was closed"):
        order.result(0)


def test_a_query_that_cannot_be_signed_leaves_the_fate_unknown(loop: Any) -> None:
    order = loop.client.ws_request("order.place", **ORDER, timeout=5)
    loop.run()
    loop.open()
    loop.client.API_SECRET = None
    loop.run(40)
    with pytest.raises(OrderStatusUnknown, match="needs Client"):
        order.result(0)
    assert loop.sent == ["order.place"]


def test_in_the_reactor_thread_nothing_waits_for_room_or_for_a_lock(loop: Any, script: Any) -> None:
    loop.is_inside = True
    with loop.client._clock_locks["api"]:  # of a thread that measures for long
        order = loop.client.ws_request("order.place", **ORDER)
        assert script.clock_asked == []
        loop.client.weight_budget.answered(200, None, {"X-MBX-USED-WEIGHT-1M": "6000"})
        with pytest.raises(BinanceAPIException, match=r"no room.*dispatch='thread'"):
            loop.client.ws_request("depth", symbol="BNBBTC")
    assert loop.client.slept == []
    loop.run()
    loop.open()
    assert (loop.sent, script.clock_asked) == (["order.place"], ["/api/v3/time"])
    assert not order.done()


def test_an_order_whose_clock_cannot_be_measured_raises_why(loop: Any, script: Any) -> None:
    script.clock = lambda: None
    loop.is_inside = True
    order = loop.client.ws_request("order.place", **ORDER)
    loop.run()
    with pytest.raises(BinanceRequestException, match="no serverTime"):
        order.result(0)


@pytest.mark.parametrize("is_inside", [False, True])
def test_a_request_whose_clock_cannot_be_asked_for_was_not_sent(
    loop: Any, script: Any, is_inside: bool
) -> None:
    def fail() -> None:
        raise ConnectTimeout("connect timed out")

    def outcome() -> Any:
        future = loop.client.ws_request("order.place", **ORDER)
        loop.run()
        return future.result(0)

    script.clock, loop.is_inside = fail, is_inside
    with pytest.raises(BinanceConnectionError, match=r"was not sent: .* connect timed out"):
        outcome()


CANCELED_LIST = {"symbol": "BNBBTC", "orderListId": 5}
AMENDED = {"symbol": "BNBBTC", "orderId": 5, "newQty": 1}


@pytest.mark.parametrize(
    ("method", "params", "what"),
    [
        ("order.amend.keepPriority", AMENDED, "order.amend.keepPriority of orderId=5 on BNBBTC"),
        ("openOrders.cancelAll", {"symbol": "BNBBTC"}, "openOrders.cancelAll on BNBBTC"),
        ("orderList.cancel", CANCELED_LIST, "orderList.cancel of orderListId=5 on BNBBTC"),
    ],
)
def test_an_unknown_status_is_no_refusal_where_nothing_can_be_asked(
    loop: Any, method: str, params: Any, what: str
) -> None:
    future = loop.client.ws_request(method, **params)
    loop.run()
    loop.open()
    error = {"code": -1007, "msg": "Send status unknown; execution status unknown."}
    reply = {"id": loop.protocol.sent[-1]["id"], "status": 500, "error": error}
    loop.protocol.say(reply)
    with pytest.raises(OrderStatusUnknown, match="execution status unknown") as raised:
        future.result(0)
    assert f" {what}: " in str(raised.value)
    assert loop.sent == [method]


@pytest.mark.parametrize(
    ("id", "ours"),
    [
        ({"orderId": 5}, ""),
        ({"origClientOrderId": "mine"}, "mine"),
        ({"orderId": 5, "origClientOrderId": "mine"}, "mine"),
    ],
)
def test_a_cancel_of_unknown_status_does_not_name_the_order_as_a_new_one(
    loop: Any, id: Any, ours: str
) -> None:
    """Who queried an order by the exchange's id as if it were ours would not find it."""
    cancel = loop.client._ws_submit("order.cancel", "spot", False, None, {"symbol": "B", **id})
    error = cancel.unknown("the order is NEW")
    assert (error.symbol, error.client_order_id) == ("B", ours)
    given = ", ".join(f"{name}={value}" for name, value in id.items())
    assert error.request == f"order.cancel of {given}"


@pytest.mark.parametrize("params", [ORDER, ORDER | {"cancelOrderId": 5}])
def test_a_new_order_of_unknown_status_is_named_by_its_own_id(loop: Any, params: Any) -> None:
    method = "order.cancelReplace" if "cancelOrderId" in params else "order.place"
    placed = loop.client._ws_submit(method, "spot", False, None, params)
    error = placed.unknown("the link was lost")
    assert error.client_order_id == placed.params["newClientOrderId"]
    assert error.request == ""


def test_the_lost_cancel_of_an_order_list_is_unknown(loop: Any, script: Any) -> None:
    """A list that was executed looks like one that was cancelled."""
    future = loop.client.ws_request("orderList.cancel", **CANCELED_LIST, timeout=5)
    loop.run()
    loop.open()
    loop.run(6)
    with pytest.raises(OrderStatusUnknown, match="no answer came"):
        future.result(0)
    assert loop.sent == ["orderList.cancel"]


def test_an_answer_that_waits_unread_while_the_reactor_is_blocked_is_in_time(loop: Any) -> None:
    future = loop.client.ws_request("openOrders.cancelAll", symbol="BNBBTC", timeout=5)
    loop.run()
    loop.open()
    loop.run(1)
    loop.clock.advance(60)
    loop.protocol.say({"id": loop.protocol.sent[-1]["id"], "status": 200, "result": []})
    assert future.result(0) == []


def test_the_answer_is_not_awaited_for_ever_while_every_callback_is_slow(loop: Any) -> None:
    future = loop.client.ws_request("openOrders.cancelAll", symbol="BNBBTC", timeout=5)
    loop.run()
    loop.open()
    for _ in range(2):
        loop.clock.advance(2.5)
        assert not future.done()
    loop.clock.advance(2.5)
    with pytest.raises(OrderStatusUnknown, match="no answer came"):
        future.result(0)


def test_the_requests_follow_an_assigned_address(make: Callable[..., Client]) -> None:
    """Those of a test must not be real orders."""
    client: Any = make("K" * 64, "S" * 64)
    production = client._ws_of("spot")
    assert client._ws_of("spot") is production
    client.API_URL = "http://localhost:8000/api"
    with pytest.raises(ValueError, match="BINANCE_WS_API_URL"):
        client.ws_create_order(**ORDER)
    client.API_URL = "https://testnet.binance.vision/api"
    assert client._ws_of("spot")._caller.urls[0].startswith("wss://ws-api.testnet.binance.vision")
    client.FUTURES_URL = "http://localhost:8000/fapi"
    with pytest.raises(ValueError, match="BINANCE_WS_FAPI_URL"):
        client.ws_futures_create_order(**ORDER)
    client.FUTURES_COIN_URL = "http://localhost:8000/dapi"
    with pytest.raises(ValueError, match="BINANCE_WS_DAPI_URL"):
        client.ws_request("ticker.price", market="coinm")


@pytest.mark.thread
def test_a_client_may_be_closed_while_a_thread_makes_its_first_link(
    make: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, closed = make("K" * 64, "S" * 64), []
    made = requests.Requests.__init__

    def close(self: Any) -> None:
        closed.append(self)

    def slow(self: Any, caller: Any) -> None:
        closing.start()
        closing.join(0.1)  # it waits for the link
        made(self, caller)

    closing = threading.Thread(target=client.close)
    monkeypatch.setattr(requests.Requests, "close", close)
    monkeypatch.setattr(requests.Requests, "__init__", slow)
    links = client._ws_of("spot")
    closing.join()
    assert closed == [links]


PROGRAM = """
import os
from binance.client import Client

client = Client()
client._ws_of("spot")
child = os.fork()
if not child:
    client._sessions.close = lambda: os._exit(7)
    client.close()
    os._exit(1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.process
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_client_can_be_closed_in_a_child_forked_after_a_request() -> None:
    assert exit_code(PROGRAM) == 7


@pytest.mark.parametrize("kind", ["Ed25519", "HMAC"])
def test_a_logon_counts_for_the_key_that_it_was_signed_with(loop: Any, kind: str) -> None:
    """The key may be assigned anew meanwhile; and an answer without id is none to it."""
    client, of_user = loop.client, ("K" * 64, "S" * 64)
    if kind == "Ed25519":
        of_user = (api_keys.ED25519_KEY, api_keys.ED25519_PRIVATE_KEY)
    client.API_KEY, client.API_SECRET = of_user
    client.ws_request("order.place", **ORDER)
    loop.run()
    loop.open()
    first = loop.protocol.sent[0]
    assert first["method"] == ("session.logon" if kind == "Ed25519" else "order.place")
    client.API_KEY, client.API_SECRET = "K" * 64, "T" * 64
    answered = first["id"] if kind == "Ed25519" else None
    loop.protocol.say({"id": answered, "status": 200, "result": {}})
    client.ws_request("order.place", **ORDER)
    loop.run()
    assert loop.sent.count("order.place") == 2
    assert "signature" in loop.protocol.sent[-1]["params"]


def test_an_address_of_the_class_is_followed_too(make: Callable[..., Client], monkeypatch) -> None:
    monkeypatch.setattr(Client, "API_URL", "https://testnet.binance.{}/api")
    with pytest.raises(ValueError, match="BINANCE_WS_API_URL"):
        make("K" * 64, "S" * 64).ws_create_order(**ORDER)


def test_no_repr_shows_the_password_of_a_proxy(make: Callable[..., Client]) -> None:
    caller = make(proxy="http://user:opensesam@proxy:3128")._ws_caller("spot")
    assert caller.proxy.endswith("sam@proxy:3128")
    assert "sam" not in repr(caller)


def test_only_requests_with_a_conditional_twin_take_conditional_out():
    given = {"symbol": "A", "orderId": 7, "conditional": False}
    method, _, sent = ws_calls._chosen("order.cancel", "usdm", True, given)
    assert (method, sent) == ("order.cancel", {"symbol": "A", "orderId": 7})
    method, _, sent = ws_calls._chosen("order.cancel", "usdm", True, given | {"conditional": True})
    assert (method, sent) == ("algoOrder.cancel", {"symbol": "A", "orderId": 7})
    assert ws_calls._chosen("order.status", "usdm", True, given)[2] == given
