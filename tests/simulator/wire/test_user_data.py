"""Subscriptions to accounts' events, without a socket."""

import json

import pytest

from binance.simulator.accounts import api_keys
from binance.simulator.accounts.accounts import Accounts
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.market.exchange import Exchange
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.state import SimulatorState
from binance.simulator.wire.user_data import UserData

START = 1_700_000_000_000


class FakeSession:
    """What a subscription needs of a connection."""

    def __init__(self):
        self.account, self.on_end_user_streams = None, None
        self.at_close, self.sent = [], []
        self.subscriptions_made = self.events_out = 0
        self.opened = START

    def send_json(self, message):
        self.sent.append(message)


class FakeStream:
    """What a listen key needs of one."""

    market = "spot"

    def __init__(self):
        self.sent = []

    def deliver(self, data):
        self.sent.append(json.loads(data[data.index(b"{") :]))

    def flush(self):
        pass


class World:
    def __init__(self):
        self.now = START
        exchange = Exchange(symbols=["BTCUSDT"], start=START, rate=0.00001)
        self.state = SimulatorState(exchange, lambda: self.now)
        self.accounts = Accounts(exchange, self.state.exchange_time, key_life=60.0)
        self.data = UserData(self.accounts)
        self.methods = {method.name: method for method in self.data.methods()}
        self.wallet = self.accounts.account_of_key(api_keys.HMAC_KEY).wallet()

    def ask(self, session, name, **params):
        call = Call(self.state, Params.of_json(params), self.now, name)
        return self.methods[name].answer(session, call)

    def signed(self, session, name, key=api_keys.HMAC_KEY, secret=api_keys.HMAC_SECRET, **params):
        import hashlib
        import hmac

        params = {"apiKey": key, "timestamp": self.now, **params}
        text = "&".join(f"{name}={params[name]}" for name in sorted(params))
        signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        return self.ask(session, name, **params, signature=signature)


@pytest.fixture
def world():
    return World()


@pytest.fixture
def session():
    return FakeSession()


SUBSCRIBE = "userDataStream.subscribe.signature"


def test_a_signed_subscription_gets_the_accounts_events(world, session):
    assert world.signed(session, SUBSCRIBE) == {"subscriptionId": 0}
    world.wallet.transfer("BTC", 5)
    assert [(m["subscriptionId"], m["event"]["e"]) for m in session.sent] == [
        (0, "balanceUpdate"),
        (0, "outboundAccountPosition"),
    ]
    world.accounts.account_of_key(api_keys.RSA_KEY).wallet().transfer("BTC", 5)
    assert len(session.sent) == 2
    for function in session.at_close:
        function()
    world.wallet.transfer("BTC", 5)
    assert len(session.sent) == 2
    assert world.data.describe()["subscribed"] == 0


def test_one_subscription_for_each_account_and_connection(world, session):
    world.signed(session, SUBSCRIBE)
    with pytest.raises(ApiError) as caught:
        world.signed(session, SUBSCRIBE)
    assert caught.value.code == -2035
    assert world.ask(session, "session.subscriptions") == [{"subscriptionId": 0}]
    assert world.ask(session, "userDataStream.unsubscribe", subscriptionId=0) == {}
    with pytest.raises(ApiError) as caught:
        world.ask(session, "userDataStream.unsubscribe", subscriptionId=0)
    assert caught.value.code == -2036
    assert world.signed(session, SUBSCRIBE) == {"subscriptionId": 1}
    assert world.signed(FakeSession(), SUBSCRIBE) == {"subscriptionId": 0}


def test_wrong_signatures_and_old_timestamps(world, session):
    with pytest.raises(ApiError) as caught:
        world.signed(session, SUBSCRIBE, secret="T" * 64)
    assert caught.value.code == -1022
    with pytest.raises(ApiError) as caught:
        world.signed(session, SUBSCRIBE, timestamp=world.now - 6000)
    assert caught.value.code == -1021


def test_a_subscription_can_be_ended_by_the_exchange(world, session):
    world.signed(session, SUBSCRIBE)
    session.on_end_user_streams()
    assert session.sent == [
        {"subscriptionId": 0, "event": {"e": "eventStreamTerminated", "E": world.now}}
    ]
    assert world.ask(session, "session.subscriptions") == []


def test_a_token_is_put_off_and_ends(world, session):
    margin = world.accounts.account_of_key(api_keys.HMAC_KEY).wallet("margin")
    first = world.accounts.make_listen_token(margin, 10_000)
    name = "userDataStream.subscribe.listenToken"
    said = world.ask(session, name, listenToken=first.text)
    assert said == {"subscriptionId": 0, "expirationTime": world.now + 10_000}
    world.now += 9_000
    second = world.accounts.make_listen_token(margin, 10_000)
    said = world.ask(session, name, listenToken=second.text)
    assert said == {"subscriptionId": 0, "expirationTime": world.now + 10_000}
    world.now += 9_999
    world.data.tick(world.now)
    assert session.sent == []
    world.now += 1
    world.data.tick(world.now)
    assert session.sent[0]["event"]["e"] == "eventStreamTerminated"
    with pytest.raises(ApiError) as caught:
        world.ask(session, name, listenToken=first.text)
    assert caught.value.code == -1209


def test_a_session_is_logged_on_by_an_ed25519_key_only(world, session):
    with pytest.raises(ApiError) as caught:
        world.signed(session, "session.logon")
    assert caught.value.code == -2028
    with pytest.raises(ApiError) as caught:
        world.ask(session, "userDataStream.subscribe")
    assert caught.value.code == -1193
    from base64 import b64encode

    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    private = load_pem_private_key(api_keys.ED25519_PRIVATE_KEY.encode(), None)
    text = f"apiKey={api_keys.ED25519_KEY}&timestamp={world.now}"
    said = world.ask(
        session,
        "session.logon",
        apiKey=api_keys.ED25519_KEY,
        timestamp=world.now,
        signature=b64encode(private.sign(text.encode())).decode(),
    )
    assert said["apiKey"] == api_keys.ED25519_KEY
    assert world.ask(session, "userDataStream.subscribe") == {"subscriptionId": 0}
    assert world.ask(session, "session.status")["userDataStream"] is True
    placed = world.ask(
        session,
        "order.place",
        symbol="BTCUSDT",
        side="BUY",
        type="MARKET",
        quantity="0.001",
        timestamp=world.now,
    )
    assert placed["status"] == "FILLED"
    assert session.sent[0]["event"]["i"] == placed["orderId"]
    world.ask(session, "session.logout")
    with pytest.raises(ApiError):
        world.ask(session, "order.place", symbol="BTCUSDT")


def test_a_listen_key_brings_plain_events_until_it_ends_silently(world):
    key = world.accounts.make_listen_key(world.accounts.account_of_key(api_keys.HMAC_KEY), "spot")
    stream, other = FakeStream(), FakeStream()
    assert world.data.listen(stream, key.text)
    assert not world.data.listen(other, "btcusdt@trade")
    world.wallet.transfer("BTC", 5)
    assert [event["e"] for event in stream.sent] == ["balanceUpdate", "outboundAccountPosition"]
    world.now += 60_000
    world.wallet.transfer("BTC", 5)
    assert len(stream.sent) == 2
    assert world.data.describe()["listening_in_vain"] == 1
    assert world.data.listen(other, key.text)  # it opens, and is silent
    world.data.unlisten(stream, key.text)
    world.data.unlisten(stream, key.text)
    assert world.data.describe()["listening_in_vain"] == 1
