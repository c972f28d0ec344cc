"""Subscriptions to accounts' events, without a socket."""

import json

import pytest

from binance.simulator.accounts import api_keys
from binance.simulator.accounts.accounts import Accounts
from binance.simulator.accounts.routes import methods
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.futures import CoinmExchange, UsdmExchange
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.state import SimulatorState
from binance.simulator.wire.user_data import UserData

START = 1_700_000_000_000


class FakeSession:
    """What a subscription needs of a connection."""

    def __init__(self):
        self.account, self.sent = None, []
        self.subscriptions_made = self.events_out = self.authorized = 0
        self.opened, self.number, self.mode = START, 1, 0

    def send_json(self, message):
        self.sent.append(message)


class FakeStream:
    """What a listen key needs of one."""

    def __init__(self, market="spot", category="", mode=0, **user_events):
        self.market, self.category, self.mode = market, category, mode
        self.user_events = {key: frozenset(events) for key, events in user_events.items()}
        self.sent, self.number = [], 2

    def deliver(self, data):
        self.sent.append(json.loads(data[data.index(b"{") :]))

    def flush(self):
        pass


class Case:
    def __init__(self):
        self.now = START
        exchange = Exchange(symbols=["BTCUSDT"], start=START, rate=0.00001)
        self.state = SimulatorState(exchange, lambda: self.now)
        futures = {
            "usdm": UsdmExchange(symbols=["BTCUSDT"], start=START),
            "coinm": CoinmExchange(symbols=["BTCUSDT"], start=START),
        }
        self.accounts = Accounts(exchange, self.state.exchange_time, key_life=60.0, futures=futures)
        self.data = UserData(self.accounts, self.state)
        self.methods = {
            route.path: route
            for route in (*methods(self.accounts), *self.data.methods())
            if route.market == "spot"
        }
        self.wallet = self.accounts.account_of_key(api_keys.HMAC_KEY).wallet()

    def ask(self, session, name, **params):
        call = Call(self.state, Params.of_json(params), self.now, name, "WS", session=session)
        return self.methods[name].answer(call)

    def signed(self, session, name, key=api_keys.HMAC_KEY, secret=api_keys.HMAC_SECRET, **params):
        import hashlib
        import hmac

        params = {"apiKey": key, "timestamp": self.now, **params}
        text = "&".join(f"{name}={params[name]}" for name in sorted(params))
        signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        return self.ask(session, name, **params, signature=signature)


@pytest.fixture
def case():
    return Case()


@pytest.fixture
def session():
    return FakeSession()


SUBSCRIBE = "userDataStream.subscribe.signature"


def test_a_signed_subscription_gets_the_accounts_events(case, session):
    assert case.signed(session, SUBSCRIBE) == {"subscriptionId": 0}
    case.wallet.transfer("BTC", 5)
    assert [(m["subscriptionId"], m["event"]["e"]) for m in session.sent] == [
        (0, "balanceUpdate"),
        (0, "outboundAccountPosition"),
    ]
    case.accounts.account_of_key(api_keys.RSA_KEY).wallet().transfer("BTC", 5)
    assert len(session.sent) == 2
    case.data.closed(session)
    case.wallet.transfer("BTC", 5)
    assert len(session.sent) == 2
    assert case.data.describe()["subscribed"] == 0


def test_the_old_form_of_an_order_list_may_be_signed(case, session):
    params = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.01"}
    last = case.state.exchange.market("BTCUSDT", case.now).last_price // 100
    prices = {"price": last + 1000, "stopPrice": last - 1000}
    placed = case.signed(session, "orderList.place", **params, **prices)
    assert placed["contingencyType"] == "OCO"


def test_faults_change_the_events_of_accounts(case, session):
    case.signed(session, SUBSCRIBE)
    key = case.accounts.make_listen_key(case.accounts.account_of_key(api_keys.HMAC_KEY), "spot")
    stream = FakeStream()
    assert case.data.listen(stream, key.text)
    case.state.faults.add({"kind": "lose", "stream": "user@balanceUpdate", "count": 2}, START)
    case.wallet.transfer("BTC", 5)
    case.state.faults.add({"kind": "duplicate", "stream": "user@*", "count": 1}, START)
    case.wallet.transfer("BTC", 5)
    kinds = [[m["event"]["e"] for m in session.sent], [m["e"] for m in stream.sent]]
    both = ["balanceUpdate", "outboundAccountPosition"]
    assert kinds == [[both[1], both[0], *both], [both[1], *both]]


@pytest.mark.parametrize(("link", "counts"), [("ws_api", [0, 2]), ("stream", [2, 0])])
def test_a_fault_changes_the_events_of_its_kind_of_connection_alone(case, session, link, counts):
    case.signed(session, SUBSCRIBE)
    key = case.accounts.make_listen_key(case.accounts.account_of_key(api_keys.HMAC_KEY), "spot")
    stream = FakeStream()
    assert case.data.listen(stream, key.text)
    case.state.faults.add({"kind": "stall", "link": link}, START)
    case.wallet.transfer("BTC", 5)
    assert [len(session.sent), len(stream.sent)] == counts


def test_one_subscription_for_each_account_and_connection(case, session):
    case.signed(session, SUBSCRIBE)
    with pytest.raises(ApiError) as caught:
        case.signed(session, SUBSCRIBE)
    assert caught.value.code == -2035
    assert case.ask(session, "session.subscriptions") == [{"subscriptionId": 0}]
    assert case.ask(session, "userDataStream.unsubscribe", subscriptionId=0) == {}
    ended = [{"e": "eventStreamTerminated", "E": case.now}] * 2
    assert session.sent == [{"subscriptionId": 0, "event": ended[0]}]
    with pytest.raises(ApiError) as caught:
        case.ask(session, "userDataStream.unsubscribe", subscriptionId=0)
    assert caught.value.code == -2036
    assert case.signed(session, SUBSCRIBE) == {"subscriptionId": 1}
    assert case.signed(FakeSession(), SUBSCRIBE) == {"subscriptionId": 0}
    for _ in range(2):  # all of the session, and then none
        assert case.ask(session, "userDataStream.unsubscribe") == {}
    assert [message["event"] for message in session.sent] == ended


def test_wrong_signatures_and_old_timestamps(case, session):
    with pytest.raises(ApiError) as caught:
        case.signed(session, SUBSCRIBE, secret="T" * 64)
    assert caught.value.code == -1022
    with pytest.raises(ApiError) as caught:
        case.signed(session, SUBSCRIBE, timestamp=case.now - 6000)
    assert caught.value.code == -1021


def test_a_subscription_can_be_ended_by_the_exchange(case, session):
    case.signed(session, SUBSCRIBE)
    case.data.terminate(session)
    assert session.sent == [
        {"subscriptionId": 0, "event": {"e": "eventStreamTerminated", "E": case.now}}
    ]
    assert case.ask(session, "session.subscriptions") == []


def test_a_token_is_put_off_and_ends(case, session):
    margin = case.accounts.account_of_key(api_keys.HMAC_KEY).wallet("margin")
    first = case.accounts.make_listen_token(margin, 10_000)
    name = "userDataStream.subscribe.listenToken"
    got = case.ask(session, name, listenToken=first.text)
    assert got == {"subscriptionId": 0, "expirationTime": case.now + 10_000}
    case.now += 9_000
    second = case.accounts.make_listen_token(margin, 10_000)
    got = case.ask(session, name, listenToken=second.text)
    assert got == {"subscriptionId": 0, "expirationTime": case.now + 10_000}
    case.now += 9_999
    case.data.tick(case.now)
    assert session.sent == []
    case.now += 1
    case.data.tick(case.now)
    assert session.sent[0]["event"]["e"] == "eventStreamTerminated"
    with pytest.raises(ApiError) as caught:
        case.ask(session, name, listenToken=first.text)
    assert caught.value.code == -1209


def test_a_session_is_logged_on_by_an_ed25519_key_only(case, session):
    with pytest.raises(ApiError) as caught:
        case.signed(session, "session.logon")
    assert caught.value.code == -2028
    with pytest.raises(ApiError) as caught:
        case.ask(session, "userDataStream.subscribe")
    assert caught.value.code == -1193
    from base64 import b64encode

    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    private = load_pem_private_key(api_keys.ED25519_PRIVATE_KEY.encode(), None)
    text = f"apiKey={api_keys.ED25519_KEY}&timestamp={case.now}"
    got = case.ask(
        session,
        "session.logon",
        apiKey=api_keys.ED25519_KEY,
        timestamp=case.now,
        signature=b64encode(private.sign(text.encode())).decode(),
    )
    assert (got["apiKey"], got["authorizedSince"]) == (api_keys.ED25519_KEY, case.now)
    case.now += 1000
    assert case.ask(session, "session.status")["authorizedSince"] == case.now - 1000
    assert case.ask(session, "userDataStream.subscribe") == {"subscriptionId": 0}
    assert case.ask(session, "session.status")["userDataStream"] is True
    placed = case.ask(
        session,
        "order.place",
        symbol="BTCUSDT",
        side="BUY",
        type="MARKET",
        quantity="0.001",
        timestamp=case.now,
    )
    assert placed["status"] == "FILLED"
    assert session.sent[0]["event"]["i"] == placed["orderId"]
    case.signed(session, SUBSCRIBE)  # another account's
    case.ask(session, "session.logout")
    terminated = {"e": "eventStreamTerminated", "E": case.now}
    assert session.sent[-1] == {"subscriptionId": 0, "event": terminated}
    assert case.ask(session, "session.subscriptions") == [{"subscriptionId": 1}]
    with pytest.raises(ApiError):
        case.ask(session, "order.place", symbol="BTCUSDT")


@pytest.mark.parametrize("market", ["usdm", "coinm"])
def test_the_websocket_apis_of_futures_make_listen_keys(case, session, market):
    routes = {each.path: each for each in methods(case.accounts) if each.market == market}
    case.methods, key = routes, {"apiKey": api_keys.HMAC_KEY}
    made = case.ask(session, "userDataStream.start", **key)
    account = case.accounts.account_of_key(api_keys.HMAC_KEY)
    assert made == {"listenKey": case.accounts.make_listen_key(account, market).text}
    with pytest.raises(ApiError, match="apiKey"):
        case.ask(session, "userDataStream.ping")
    session.account = account
    assert case.ask(session, "userDataStream.ping") == made
    assert case.ask(session, "userDataStream.stop", **key) == {}
    with pytest.raises(ApiError) as caught:
        case.ask(session, "userDataStream.ping", **key)
    assert caught.value.code == -1125


def test_a_listen_key_brings_plain_events_until_it_ends_silently(case):
    key = case.accounts.make_listen_key(case.accounts.account_of_key(api_keys.HMAC_KEY), "spot")
    stream, other = FakeStream(), FakeStream()
    assert case.data.listen(stream, key.text)
    assert not case.data.listen(other, "btcusdt@trade")
    case.wallet.transfer("BTC", 5)
    assert [event["e"] for event in stream.sent] == ["balanceUpdate", "outboundAccountPosition"]
    case.now += 60_000
    case.wallet.transfer("BTC", 5)
    assert len(stream.sent) == 2
    assert case.data.describe()["listening_in_vain"] == 1
    assert case.data.listen(other, key.text)  # it opens, and is silent
    case.data.unlisten(stream, key.text)
    case.data.unlisten(stream, key.text)
    assert case.data.describe()["listening_in_vain"] == 1


# Accounts of other markets

KEYED = [
    # market of the key, address (market, path), whether the key is in the query, wallet
    ("usdm", "usdm", "private", True, "usdm"),
    ("coinm", "coinm", "", False, "coinm"),
    ("options", "options", "private", False, "options"),
    ("pm", "pm", "", False, "pm:um"),
    ("pm", "pm", "", False, "pm:cm"),
    ("usdm", "pm-classic", "", False, "pm-classic"),
    ("risk", "margin", "", False, "risk"),
]


@pytest.mark.parametrize(("market", "host", "category", "by_query", "wallet"), KEYED)
def test_a_listen_key_brings_its_events_at_its_own_address_alone(
    case, market, host, category, by_query, wallet
):
    account = case.accounts.account_of_key(api_keys.HMAC_KEY)
    key = case.accounts.make_listen_key(account, market).text
    query = {key: ["TEST", "listenKeyExpired"]} if by_query else {}
    home = FakeStream(host, category, **query)
    others = [
        FakeStream("spot"),
        FakeStream("usdm", "public", **query),
        FakeStream("usdm", "private"),  # the key in the path
        *(FakeStream(other) for other in ("coinm", "pm", "margin") if other != host),
    ]
    for stream in (home, *others):
        assert case.data.listen(stream, key)
    account.wallet(wallet).publish({"e": "TEST", "E": 1})
    account.wallet(wallet).publish({"e": "OTHER", "E": 2})
    is_wrapped = market == "options"
    events = [message["data"] if is_wrapped else message for message in home.sent]
    assert [event["e"] for event in events] == (["TEST"] if by_query else ["TEST", "OTHER"])
    assert all(stream.sent == [] for stream in others)
    assert not is_wrapped or {message["stream"] for message in home.sent} == {key}
    for stream in (home, *others):
        case.data.unlisten(stream, key)
    assert account.wallet(wallet).listeners == []


def test_a_combined_stream_wraps_the_events_of_its_keys(case):
    account = case.accounts.account_of_key(api_keys.HMAC_KEY)
    key = case.accounts.make_listen_key(account, "usdm").text
    stream = FakeStream("usdm", "private", mode=1)  # subscribed by a request
    case.data.listen(stream, key)
    account.wallet("usdm").publish({"e": "TEST", "E": 1})
    assert stream.sent == [{"stream": key, "data": {"e": "TEST", "E": 1}}]


@pytest.mark.parametrize("end", ["by itself", "reported", "silently", "deleted"])
def test_the_end_of_a_key_is_reported_once_unless_it_is_silent(case, end):
    account = case.accounts.account_of_key(api_keys.HMAC_KEY)
    key = case.accounts.make_listen_key(account, "coinm").text
    stream = FakeStream("coinm")
    case.data.listen(stream, key)
    if end == "deleted":
        case.accounts.delete_listen_key(account, "coinm", key)
    elif end == "by itself":
        case.now += 60_000
    else:
        case.data.accounts.end_listen_keys(end == "reported")
    for _ in range(3):
        case.now += 1
        case.data.tick(case.now)
    is_reported = end in ("by itself", "reported")
    assert [(event["e"], event["listenKey"]) for event in stream.sent] == [
        ("listenKeyExpired", key)
    ] * is_reported
    account.wallet("coinm").publish({"e": "TEST", "E": 1})
    assert len(stream.sent) == is_reported
    late = FakeStream("coinm")
    case.data.listen(late, key)
    case.data.tick(case.now)
    assert late.sent == []  # the key was dead before
