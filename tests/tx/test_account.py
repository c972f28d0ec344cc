"""Account sockets on a fake wire: subscriptions, renewals, refusals, listen keys."""

import json
import logging
from functools import partial
from urllib.parse import urlsplit

import pytest
from twisted.internet.defer import Deferred

from binance.events import Connected, Disconnected, Gap, GaveUp, Resumed, Retrying, Rotated
from binance.exceptions import BinanceAPIException, BinanceCredentialsError
from binance.sansio.account.signing import sign_websocket
from binance.sansio.feed.continuity import LEAD_SECONDS
from binance.sansio.link.budget import ConnectBudget
from binance.sansio.link.reconnect import PROOF_SECONDS
from binance.sansio.link.rotation import State
from binance.sansio.names.endpoints import resolve
from binance.sansio.names.sites import site
from binance.tx.sessions import client_accounts
from binance.tx.sessions.account import KeyedSession
from tests.tx.rig import Rig

KEY, SECRET = "K" * 64, "S" * 64
ERROR = {"e": "error", "m": "Max reconnect retries reached"}
REPORT = {"e": "executionReport", "E": 1, "s": "BNBBTC", "i": 7, "X": "NEW"}


class Client:
    """What an account socket needs of a client."""

    API_KEY, API_SECRET = KEY, SECRET


class Response:
    """An answer of the exchange, as an exception holds it."""

    def __init__(self, status, code, message="no"):
        self.status_code, self.headers, self.request = status, {}, None
        self.text = json.dumps({"code": code, "msg": message})

    def json(self):
        return json.loads(self.text)


API = "wss://api:1/ws-api/v3"
SITE = site(resolve({"BINANCE_WS_API_URL": API}), "spot", "wss://a:1/")
OLD_SITE = site(resolve({"BINANCE_WS_API_URL": API}, tld="us"), "spot", "wss://a:1/")


def ignore(socket, listen_key):
    """Is told of listen keys."""


def rig_of(make_session, **options):
    return Rig(sessions=lambda socket: [make_session(socket)], **options)


def spot(**options):
    return rig_of(client_accounts.spot(Client(), SITE, 1800.0, ignore), **options)


def answer(protocol, server_ms=1_700_000_000_000, subscription=0, **error):
    """Answer what was asked, one after the other; the requests, in order."""
    asked = []
    while protocol.sent:
        request = protocol.sent.pop(0)
        asked.append(request)
        if request["method"] == "time":
            protocol.say({"id": request["id"], "status": 200, "result": {"serverTime": server_ms}})
        elif error:
            protocol.say({"id": request["id"], "status": 400, "error": error})
        else:
            result = {"subscriptionId": subscription}
            if "listenToken" in request["method"]:
                result["expirationTime"] = server_ms + 3_600_000
            protocol.say({"id": request["id"], "status": 200, "result": result})
    return asked


def event(data, subscription=0):
    return {"subscriptionId": subscription, "event": data}


def subscribed(rig):
    rig.start()
    protocol = rig.wire.open()
    answer(protocol)
    return protocol


def test_it_is_open_when_the_signed_subscription_is_acknowledged():
    rig = spot().start()
    protocol = rig.wire.open()
    assert rig.wire.urls == ["wss://api:1/ws-api/v3?returnRateLimits=false"]
    assert not rig.socket.is_open
    asked = answer(protocol)
    assert rig.socket.is_open
    assert [request["method"] for request in asked] == [
        "time",
        "userDataStream.subscribe.signature",
    ]
    params = asked[1]["params"]
    assert params["timestamp"] == 1_700_000_000_000
    signer = client_accounts._signer(Client())
    assert params == sign_websocket(signer, {}, params["timestamp"], None)


def test_a_link_whose_subscription_is_unanswered_is_closed_by_a_handshake():
    rig = spot().start()
    protocol = rig.wire.open()
    rig.socket.stop()
    assert (protocol.closing, protocol.is_lost) == (True, False)
    answer(protocol)
    protocol.lose(clean=True, code=1000)
    assert (rig.got, rig.owner.events) == ([], [])
    rig.assert_nothing_left()


def test_the_callback_gets_the_plain_event():
    rig = spot()
    protocol = subscribed(rig)
    protocol.say(event(REPORT), event({"e": "balanceUpdate", "a": "BTC"}))
    assert rig.got == [REPORT, {"e": "balanceUpdate", "a": "BTC"}]
    assert rig.socket.stats()["messages"] == 2


def test_each_reconnect_signs_anew():
    rig = spot()
    protocol = subscribed(rig)
    signatures = set()
    for number in range(20):
        protocol.say(event({**REPORT, "i": number}))
        protocol.lose()
        rig.pass_time_until_dial()
        protocol = rig.wire.open()
        for request in answer(protocol):
            signatures.add(request["params"]["signature"])
    assert len(signatures) == 20
    assert [message["i"] for message in rig.got] == list(range(20))
    assert rig.kinds.count(Connected) == 21
    assert rig.kinds.count(Resumed) == 19  # the last link has brought no event yet
    assert len(rig.wire.urls) == 21


@pytest.mark.parametrize("code", [-2015, -2014, -1022])
def test_a_refused_key_ends_it_at_once_with_code_and_reason(code):
    rig = spot().start()
    answer(rig.wire.open(), code=code, msg="Invalid API-key")
    assert rig.got == [ERROR]
    assert rig.kinds == [Disconnected, GaveUp]
    assert rig.owner.events[-1].code == code
    assert "Invalid API-key" in rig.owner.events[-1].reason
    assert len(rig.wire.urls) == 1
    rig.assert_nothing_left()


REVOKED = {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}


def test_one_refusal_of_a_key_that_has_worked_is_a_failed_try():
    rig = spot()
    for _ in range(3):
        protocol = subscribed(rig) if rig.wire.urls == [] else rig.wire.open()
        answer(protocol)
        protocol.say(event(REPORT))
        protocol.say({"id": None, "status": 401, "error": REVOKED})
        rig.pass_time_until_dial()
    assert rig.got == [REPORT] * 3
    assert len(rig.wire.urls) == 4


def test_a_key_that_is_refused_again_ends_it():
    rig = spot()
    protocol = subscribed(rig)
    protocol.say(event(REPORT))
    protocol.say({"id": None, "status": 401, "error": REVOKED})
    rig.pass_time_until_dial()
    rig.wire.fail()  # something else in between is no word on the key
    rig.pass_time_until_dial()
    answer(rig.wire.open(), **REVOKED)
    assert rig.got == [REPORT, ERROR]
    assert rig.owner.events[-1].code == -2015
    rig.assert_nothing_left()


def test_each_link_signs_with_the_key_and_the_window_that_the_client_has_then():
    """The user may exchange his keys without a restart."""
    client = Client()
    client.recv_window = 5000
    rig = rig_of(client_accounts.spot(client, SITE, 1800.0, ignore))
    protocol = subscribed(rig)
    client.API_KEY, client.API_SECRET, client.recv_window = "L" * 64, "T" * 64, 60_000
    protocol.say(event(REPORT))
    protocol.lose()
    rig.pass_time_until_dial()
    (request,) = answer(rig.wire.open())
    signer = client_accounts._signer(client)
    assert request["params"] == sign_websocket(signer, {}, request["params"]["timestamp"], 60_000)
    assert request["params"]["apiKey"] == "L" * 64


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [("API_SECRET", None, "API key and a secret"), ("recv_window", 0, "recv_window must be 1")],
)
def test_a_key_that_is_taken_from_the_client_is_a_refused_one(name, value, why):
    client = Client()
    rig = rig_of(client_accounts.spot(client, SITE, 1800.0, ignore))
    protocol = subscribed(rig)
    protocol.say(event(REPORT))
    setattr(client, name, value)
    protocol.lose()
    for _ in range(2):
        rig.pass_time_until_dial()
        assert rig.wire.open().sent == []
    assert rig.got == [REPORT, ERROR]
    assert why in rig.owner.events[-1].reason
    rig.assert_nothing_left()


def test_an_event_of_a_foreign_subscription_is_counted_and_written_of(caplog):
    caplog.set_level(logging.DEBUG, "binance")
    rig = spot()
    protocol = subscribed(rig)
    protocol.say(event(REPORT, subscription=7), event(REPORT))
    assert rig.got == [REPORT]
    assert rig.socket.foreign_messages == 1
    assert "an event of another subscription, 7" in caplog.text


def test_a_refused_timestamp_measures_the_clock_and_tries_again():
    rig = spot().start()
    protocol = rig.wire.open()
    time_asked, subscription = protocol.sent[0], None
    protocol.sent = []
    protocol.say(
        {"id": time_asked["id"], "status": 200, "result": {"serverTime": 1_700_000_000_000}}
    )
    subscription = protocol.sent.pop()
    protocol.say(
        {"id": subscription["id"], "status": 400, "error": {"code": -1021, "msg": "Timestamp"}}
    )
    asked = answer(protocol, server_ms=1_700_000_009_000)
    assert asked[0]["method"] == "time"
    assert asked[1]["params"]["timestamp"] == 1_700_000_009_000
    assert rig.socket.is_open
    assert len(rig.wire.urls) == 1


def test_a_stream_that_is_terminated_is_subscribed_to_again_and_told():
    rig = spot()
    protocol = subscribed(rig)
    protocol.say(event(REPORT))
    for _ in range(20):
        rig.pass_time(1)
        protocol.link.link_read(6, 0, 0.0)
    protocol.say(event({"e": "eventStreamTerminated", "E": 1}))
    assert rig.kinds == [Connected]  # told when events arrive again: no gap after the telling
    assert answer(protocol, subscription=1)
    assert rig.kinds == [Connected, Gap]
    protocol.say(event({**REPORT, "i": 8}, subscription=1))
    assert [message["i"] for message in rig.got] == [7, 8]
    assert rig.kinds == [Connected, Gap]


def test_a_server_that_announces_its_end_is_replaced_and_no_event_doubled():
    rig = spot()
    old = subscribed(rig)
    old.say(event(REPORT))
    old.say({"event": {"e": "serverShutdown", "E": 1}})
    new = rig.wire.open()
    answer(new, subscription=5)
    second = {**REPORT, "i": 8}
    old.say(event(second))
    new.say(event(second, subscription=5))
    rig.pass_time(30)
    old.lose(True, 1001)
    third = {**REPORT, "i": 9}
    new.say(event(third, subscription=5))
    assert rig.got == [REPORT, second, third]
    assert rig.kinds == [Connected, Rotated]


def test_a_reply_that_never_comes_is_a_failed_try():
    rig = spot().start()
    protocol = rig.wire.open()
    for _ in range(15):
        rig.pass_time(1)
        if not protocol.is_lost:
            protocol.link.link_read(6, 0, 0.0)
    assert protocol.is_lost
    assert rig.kinds == [Disconnected, Retrying]


def test_too_many_requests_are_waited_for():
    rig = spot().start()
    now = 1_700_000_000_000
    limits = {"serverTime": now, "retryAfter": now + 90_000}
    answer(rig.wire.open(), code=-1003, msg="banned", data=limits)
    assert rig.owner.events[-1].delay <= 2.4  # 400 is no limit
    rig = spot().start()
    protocol = rig.wire.open()
    request = protocol.sent.pop()
    error = {"code": -1003, "msg": "banned", "data": limits}
    protocol.say({"id": request["id"], "status": 418, "error": error})
    assert rig.owner.events[-1].delay == 90.0


# Margin: listen tokens


def spot_of(client, place):
    return client_accounts.spot(client, place, 1800.0, ignore)


def margin_of(client, place):
    return client_accounts.margin(client, place)


class MarginClient(Client):
    def __init__(self):
        self.calls = []
        self.error = None
        self.life = 3600.0

    def margin_create_listen_token(self, **params):
        self.calls.append(params)
        if self.error is not None:
            raise self.error
        ends = 1_700_000_000_000 + len(self.calls) * self.life * 1000
        return {"token": f"T{len(self.calls)}" * 30, "expirationTime": ends}


def test_a_margin_account_subscribes_by_token_and_renews_on_the_same_link():
    client = MarginClient()
    rig = rig_of(client_accounts.margin(client, SITE, "ETHBTC")).start()
    protocol = rig.wire.open()
    asked = answer(protocol)
    assert [request["method"] for request in asked] == [
        "time",
        "userDataStream.subscribe.listenToken",
    ]
    assert asked[1]["params"] == {"listenToken": "T1" * 30}
    assert client.calls == [{"isIsolated": True, "symbol": "ETHBTC", "validity": 86_400_000}]
    assert rig.socket.is_open
    renewed = []
    for _ in range(3600):
        rig.pass_time(1)
        protocol.link.link_read(6, 0, 0.0)
        if protocol.sent:
            renewed += answer(protocol, subscription=1)
    assert client.calls[1:] == client.calls[:1] * (len(client.calls) - 1)
    assert renewed[0]["params"] == {"listenToken": "T2" * 30}
    assert len(rig.wire.urls) == 1
    protocol.say(event(REPORT, subscription=1))
    assert rig.got == [REPORT]


@pytest.mark.parametrize(
    ("address", "env", "host"),
    [
        ("https://testnet.binance.vision/api", {}, "ws-api.testnet.binance.vision"),
        ("https://api3.binance.com/api", {}, "ws-api.binance.com"),
        ("https://gateway.example/api", {}, "ws-api.binance.com"),  # of the user's own
        ("https://data-api.binance.vision/api", {}, "ws-api.binance.com"),  # has no accounts
        ("https://testnet.binance.vision/api", {"BINANCE_WS_API_URL": API}, "api"),
    ],
)
@pytest.mark.parametrize(
    ("make", "attribute"), [(spot_of, "API_URL"), (margin_of, "MARGIN_API_URL")]
)
def test_an_account_is_beside_the_rest_address_of_its_client(make, attribute, address, env, host):
    client = MarginClient()
    client.API_KEY, client.API_SECRET = KEY, SECRET
    setattr(client, attribute, address)
    rig = rig_of(make(client, site(resolve(env), "spot"))).start()
    assert urlsplit(rig.wire.urls[0]).hostname == host


def test_a_token_that_cannot_be_had_is_a_failed_try_without_a_secret_in_its_reason(caplog):
    caplog.set_level(logging.DEBUG)
    client = MarginClient()
    client.error = OSError(f"GET https://api/x?signature={SECRET}")
    rig = rig_of(client_accounts.margin(client, SITE)).start()
    answer(rig.wire.open())
    assert rig.kinds == [Disconnected, Retrying]
    assert "OSError" in rig.owner.events[0].reason
    assert SECRET not in caplog.text + repr(rig.owner.events)


def test_a_refused_margin_key_is_final():
    client = MarginClient()
    client.error = BinanceAPIException(Response(401, -2015, "Invalid API-key"))
    rig = rig_of(client_accounts.margin(client, SITE)).start()
    answer(rig.wire.open())
    assert rig.got == [ERROR]
    assert rig.owner.events[-1].code == -2015


@pytest.fixture(params=["signature", "token"])
def subscribing(request):
    """A socket whose link is open when its subscription is acknowledged."""
    if request.param == "signature":
        return spot()
    return rig_of(client_accounts.margin(MarginClient(), SITE))


def test_an_acknowledgement_proves_no_link(subscribing):
    rig = subscribing.start()
    for _ in range(6):
        protocol = rig.wire.open()
        answer(protocol)
        assert rig.socket.is_open
        assert rig.socket.stats()["last_message_age"] is None
        protocol.lose()
        rig.pass_time_until_dial()
    assert rig.got == [ERROR]
    assert [one.attempt for one in rig.owner.events if isinstance(one, Retrying)] == [1, 2, 3, 4, 5]
    assert Resumed not in rig.kinds
    rig.assert_nothing_left()


def test_a_quiet_account_is_proven_by_the_time_that_its_link_was_open(subscribing):
    rig = subscribing.start()
    for _ in range(8):
        protocol = rig.wire.open()
        answer(protocol)
        rig.pass_time(PROOF_SECONDS)
        protocol.lose()
        rig.pass_time_until_dial()
    assert rig.got == []
    assert {one.attempt for one in rig.owner.events if isinstance(one, Retrying)} == {1}


def test_an_acknowledgement_proves_no_successor():
    rig = spot()
    subscribed(rig)
    rig.socket.rotate()
    rig.pass_time(LEAD_SECONDS)
    new = rig.wire.open()
    answer(new, subscription=5)
    machine = rig.socket.connections[0].rotation.machine
    assert machine.state is State.OVERLAPPING
    new.say(event(REPORT, subscription=5))
    assert machine.state is State.PROVEN


# Listen keys, where they live


class KeyClient(Client):
    def __init__(self):
        self.made, self.kept, self.error, self.closed = 0, [], None, []

    def stream_get_listen_key(self):
        if self.error is not None:
            raise self.error
        self.made += 1
        return f"L{self.made}" * 30

    def stream_keepalive(self, listenKey):
        self.kept.append(listenKey)
        if self.error is not None:
            raise self.error
        return {}

    def stream_close(self, listenKey):
        self.closed.append(listenKey)


def listen_key_rig(client, **options):
    return rig_of(client_accounts.spot(client, OLD_SITE, 1800.0, ignore), **options)


def live(rig, protocol, seconds):
    for _ in range(int(seconds // 4)):
        rig.pass_time(4, step=2)
        if not protocol.is_lost:
            protocol.link.link_read(6, 0, 0.0)


def test_a_listen_key_is_kept_alive_and_never_deleted():
    client = KeyClient()
    rig = listen_key_rig(client).start()
    assert rig.wire.urls == ["wss://a:1/ws/" + "L1" * 30]
    protocol = rig.wire.open()
    protocol.say(REPORT)
    live(rig, protocol, 3 * 1800 + 60)
    assert client.kept == ["L1" * 30] * 3
    assert rig.got == [REPORT]
    rig.socket.stop()
    protocol.lose(True, 1000)
    assert client.closed == []
    rig.assert_nothing_left()


@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize("message", [None, 1, "text", [], [REPORT]])
def test_what_is_no_object_on_a_listen_key_is_malformed(message, is_kept, caplog):
    of_user = partial(KeyedSession, bases=["wss://a:1/"], path="ws/" + "L1" * 30, market="spot")
    rig = (listen_key_rig(KeyClient()) if is_kept else rig_of(of_user)).start()
    protocol = rig.wire.open()
    protocol.say(message, REPORT)
    assert rig.got == [REPORT]
    assert caplog.text.count("no JSON object or list") == 1


def test_a_keepalive_that_fails_is_tried_again_and_a_dead_key_replaced():
    client = KeyClient()
    rig = listen_key_rig(client).start()
    old = rig.wire.open()
    old.say(REPORT)
    client.error = OSError("no network")
    live(rig, old, 1800 + 60)
    assert len(client.kept) > 1
    client.error = BinanceAPIException(Response(400, -1125, "This listenKey does not exist."))
    live(rig, old, 600)
    client.error = None
    live(rig, old, 600)
    assert client.made == 2
    assert rig.wire.urls[-1] == "wss://a:1/ws/" + "L2" * 30
    new = rig.wire.open()
    new.say({**REPORT, "i": 8})
    rig.pass_time(30)
    assert old.closing or old.is_lost  # closed when the new one delivers
    assert [message["i"] for message in rig.got] == [7, 8]


class ForgetfulClient(KeyClient):
    """The exchange has forgotten its key, and gives another at once; or refuses."""

    refusal = None

    def stream_keepalive(self, listenKey):
        self.kept.append(listenKey)
        raise BinanceAPIException(Response(400, -1125, "This listenKey does not exist."))

    def stream_get_listen_key(self):
        if self.made and self.refusal is not None:
            raise self.refusal
        return super().stream_get_listen_key()


def test_a_key_that_the_exchange_has_forgotten_is_replaced_at_once():
    client = ForgetfulClient()
    rig = listen_key_rig(client).start()
    old = rig.wire.open()
    old.say(REPORT)
    live(rig, old, 1800 + 8)
    assert (client.made, len(client.kept)) == (2, 1)
    assert rig.wire.urls[1:] == ["wss://a:1/ws/" + "L2" * 30]
    new = rig.wire.open()
    new.say({**REPORT, "i": 8})
    assert old.closing  # closed when the new one delivers
    old.lose(True, 1000)
    assert [message["i"] for message in rig.got] == [7, 8]


def test_a_link_whose_key_is_refused_does_not_stay_up_in_silence():
    client = ForgetfulClient()
    client.refusal = BinanceAPIException(Response(401, -2015, "Invalid API-key"))
    rig = listen_key_rig(client).start()
    protocol = rig.wire.open()
    live(rig, protocol, 1800 + 8)
    assert protocol.is_lost
    assert rig.got == [ERROR]
    assert rig.owner.events[-1].code == -2015


def test_an_expired_key_is_replaced_and_the_event_kept_from_the_callback():
    client = KeyClient()
    rig = listen_key_rig(client).start()
    old = rig.wire.open()
    old.say({"e": "listenKeyExpired", "E": 1, "listenKey": "L1" * 30, "more": 1})
    assert client.made == 2
    assert len(rig.wire.urls) == 2
    assert Gap not in rig.kinds
    new = rig.wire.open()
    assert rig.kinds.count(Gap) == 1
    new.say(REPORT)
    old.lose(True, 1000)
    assert rig.got == [REPORT]


def test_what_an_expired_key_costs_is_told_when_a_rotation_was_due_meanwhile():
    client = KeyClient()
    rig = listen_key_rig(client, rotate_after=100.0).start()
    old = rig.wire.open()
    old.say(REPORT)
    client.error = OSError("no network")
    old.say({"e": "listenKeyExpired", "E": 1, "listenKey": "L1" * 30})
    live(rig, old, 120)
    client.error = None
    live(rig, old, 120)
    assert rig.wire.urls[1:] == ["wss://a:1/ws/" + "L2" * 30]
    rig.wire.open().say({**REPORT, "i": 8})
    assert rig.kinds.count(Gap) == 1
    rig.pass_time(30)
    assert [message["i"] for message in rig.got] == [7, 8]


def test_what_an_expired_key_costs_is_told_though_its_link_is_lost_meanwhile():
    client = KeyClient()
    rig = listen_key_rig(client).start()
    old = rig.wire.open()
    client.error = OSError("no network")
    old.say({"e": "listenKeyExpired", "E": 1, "listenKey": "L1" * 30})
    old.lose()
    client.error = None
    rig.pass_time_until_dial()
    rig.wire.open()
    assert rig.kinds.count(Gap) == 1


def test_a_key_that_cannot_be_had_says_why():
    client = KeyClient()
    client.error = BinanceAPIException(Response(410, 0, "Gone"))
    rig = listen_key_rig(client).start()
    assert rig.got == [ERROR]
    assert rig.owner.events[-1].code == 410


@pytest.mark.parametrize("status", [418, 429])
def test_a_key_is_asked_for_again_only_after_a_ban(status):
    client = KeyClient()
    client.error = BinanceAPIException(Response(status, -1003, "Way too many requests"))
    client.error.retry_after = 120.0
    rig = listen_key_rig(client).start()
    assert rig.kinds == [Disconnected, Retrying]
    assert rig.owner.events[-1].delay == 120.0


@pytest.mark.parametrize("answer", [None, "", {}, {"listenKey": None}, 7])
def test_an_answer_without_a_listen_key_is_a_failed_try(answer):
    client = KeyClient()
    client.stream_get_listen_key = lambda: answer
    rig = listen_key_rig(client).start()
    assert rig.kinds == [Disconnected, Retrying]
    assert rig.wire.urls == []
    assert rig.owner.events[0].reason == "the answer of the client contains no listenKey"


@pytest.mark.parametrize("token", [None, "", 7])
def test_an_answer_without_a_listen_token_is_a_failed_try(token):
    client = MarginClient()
    client.margin_create_listen_token = lambda **_: {"token": token, "expirationTime": 2 * 10**12}
    rig = rig_of(client_accounts.margin(client, SITE)).start()
    answer(rig.wire.open())
    assert rig.kinds == [Disconnected, Retrying]
    assert rig.owner.events[0].reason.endswith("the exchange's answer contains no listen token")


def test_a_dial_by_listen_key_that_cannot_begin_is_told_as_any_other():
    rig = listen_key_rig(KeyClient())
    rig.wire.refusals.append(ValueError("proxies of scheme 'socks4a' are not supported"))
    rig.start()
    assert rig.got == [ERROR]
    assert rig.kinds == [Disconnected, GaveUp]
    assert "socks4a" in rig.owner.events[-1].reason
    rig.assert_nothing_left()


def test_a_dial_by_listen_key_that_the_system_refuses_is_tried_again():
    rig = listen_key_rig(KeyClient())
    rig.wire.refusals.append(FileNotFoundError("no ca.pem"))
    rig.start()
    assert rig.kinds == [Disconnected, Retrying]
    rig.pass_time_until_dial()
    rig.wire.open().say(REPORT)
    assert rig.got == [REPORT]


def test_stopping_a_socket_that_dials_by_listen_key_ends_the_dial():
    rig = listen_key_rig(KeyClient()).start()
    assert len(rig.wire.urls) == 1
    rig.socket.stop()
    assert rig.wire.cancelled == 1
    rig.assert_nothing_left()


def test_a_dial_by_listen_key_can_be_stopped_where_it_is_told_that_it_waits():
    """It is told while the Deferred of the key calls its callbacks: it cannot be cancelled then."""
    fetched, budget = Deferred(), ConnectBudget()
    budget.hold("a", 60.0)
    rig = listen_key_rig(KeyClient(), in_thread=lambda function: fetched, connects=budget).start()
    rig.owner.report = lambda event: rig.socket.stop()
    fetched.callback("L1" * 30)
    rig.pass_time(70)
    assert rig.wire.urls == []
    rig.assert_nothing_left()


def test_a_users_own_listen_key_method_is_honoured():
    class Own(Client):
        def stream_get_listen_key(self):
            return "mine"

        def stream_keepalive(self, listenKey):
            return {}

    rig = rig_of(client_accounts.spot(Own(), SITE, 1800.0, ignore)).start()
    assert rig.wire.urls == ["wss://a:1/ws/mine"]


# Clients


@pytest.mark.parametrize("client", [None, object(), 7])
def test_a_client_without_a_key_is_refused_at_once(client):
    with pytest.raises(ValueError, match="API key and a secret"):
        client_accounts.spot(client, SITE, 1800.0, ignore)


@pytest.mark.parametrize("window", [0, -1, 60_001, "5000", True])
def test_a_foreign_clients_recv_window_is_checked_at_the_start(window):
    class Foreign(Client):
        recv_window = window

    with pytest.raises(ValueError, match="recv_window must be 1 to 60000 ms"):
        client_accounts.spot(Foreign(), SITE, 1800.0, ignore)


def test_a_client_that_cannot_fetch_a_token_is_refused_at_once():
    with pytest.raises(ValueError, match="margin_create_listen_token"):
        client_accounts.margin(Client(), SITE)


@pytest.mark.parametrize(
    ("key", "secret"), [("", ""), (KEY, ""), ("", SECRET), (KEY, None), (7, 7), (b"k", b"s")]
)
def test_a_client_whose_keys_are_no_texts_or_empty_is_refused(key, secret):
    class Foreign:
        API_KEY, API_SECRET = key, secret

    with pytest.raises(BinanceCredentialsError, match="API key and a secret"):
        client_accounts.spot(Foreign(), SITE, 1800.0, ignore)


def test_nothing_secret_is_told_or_logged(caplog):
    caplog.set_level(logging.DEBUG)
    rig = spot()
    protocol = subscribed(rig)
    signature = "x"
    protocol.lose()
    rig.pass_time_until_dial()
    for request in answer(rig.wire.open()):
        signature = request["params"]["signature"]
    told = caplog.text + repr(rig.owner.events) + repr(rig.socket.__dict__)
    told += repr(rig.socket.connections[0].session.__dict__)
    for secret in (KEY, SECRET, signature):
        assert secret not in told
