"""Accounts whose missed events are fetched, on every market: fake clock and wire, and the accounts
of the simulator, whose REST calls are made without a network.
"""

import random
from decimal import Decimal

import pytest
from twisted.internet.defer import Deferred

from binance.events import Gap, Resumed
from binance.exceptions import BinanceAPIException
from binance.sansio.account import reconcile
from binance.sansio.account.keyed import ACCOUNTS
from binance.sansio.link.reconnect import RetryPolicy
from binance.sansio.link.rotation import Input
from binance.sansio.names.endpoints import resolve
from binance.sansio.names.routes import table
from binance.sansio.names.sites import site
from binance.simulator import Exchange
from binance.simulator.accounts.accounts import Accounts
from binance.simulator.accounts.routes import routes
from binance.simulator.api import futures_market_data, market_data
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.market.futures import CoinmExchange, UsdmExchange
from binance.simulator.market.options import OptionsExchange
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.state import SimulatorState
from binance.tx.sessions import client_accounts, clients
from binance.websockets import BinanceSocketManager
from tests.payloads import problems_of_event
from tests.tx.rig import Rig
from tests.tx.test_account import ERROR, KEY, SECRET, SITE, Response, answer, ignore

START = 1_790_000_042_500
USDM_SITE = site(resolve({}), "usdm", "wss://a:1/")
KINDS = {
    "user": ("spot", "", "/api/v3/order", "0.01"),
    "margin": ("margin", "", "/sapi/v1/margin/order", "0.01"),
    "margin:BTCUSDT": ("margin:BTCUSDT", "", "/sapi/v1/margin/order", "0.01"),
    "usdm:user": ("usdm", "usdm", "/fapi/v1/order", "0.01"),
    "coinm:user": ("coinm", "coinm", "/dapi/v1/order", "5"),
    "options:user": ("options", "options", "/eapi/v1/order", "0.01"),
    "pm:user": ("pm:um", "usdm", "/papi/v1/um/order", "0.01"),
}
"""Socket key -> wallet, market, path of its orders, quantity."""
EVENTS = {"spot": "spot", "margin": "spot", "margin:BTCUSDT": "spot", "pm:um": "pm"}


class Venue:
    """An exchange with one account, a client of it, and a socket."""

    API_KEY, API_SECRET = KEY, SECRET

    def __init__(self, kind, seed=1, **options):
        self.random = random.Random(f"{kind}/{seed}")
        self.kind, self.failures, self.calls, self.refused = kind, [], [], ()
        self.asleep = 0  # seconds for which the client's clock has stood still
        self.refusal = BinanceAPIException(Response(401, -2015, "Invalid API-key"))
        self.wallet_name, self.market, self.path, self.quantity = KINDS[kind]
        spot = Exchange(symbols=2, start=START, rate=5.0)
        others = {
            "usdm": UsdmExchange(symbols=2, start=START, rate=5.0, spot=spot),
            "coinm": CoinmExchange(symbols=2, start=START, rate=5.0, spot=spot),
            "options": OptionsExchange(symbols=2, start=START, rate=5.0, spot=spot),
        }
        self.state = SimulatorState(spot, lambda: self.now, others=others)
        accounts = self.accounts = Accounts(spot, lambda: self.now, futures=others)
        account = next(iter(accounts.by_api_key.values()))
        accounts.authenticate_rest = lambda call, signed=True: account
        self.wallet = account.wallet(self.wallet_name)
        found = [
            *routes(accounts, spot_listen_keys=False),
            *market_data.ROUTES,
            *futures_market_data.ROUTES,
        ]
        self.routes = {(route.verb, route.path): route for route in found}
        make = client_accounts.reconciling(self.account(), self, kind, options.pop("symbols", True))
        self.rig = Rig(
            sessions=lambda socket: [make(socket)],
            in_thread=self.in_thread,
            rotate_after=None,
            **options,
        )
        self.link = None
        self.wallet.listeners.append(self.say)
        exchange = self.state.market(self.market or "spot")
        self.symbols = [each.name for each in exchange.listed][:2]
        if ":" in kind and kind.startswith("margin"):
            self.symbols = ["BTCUSDT"]

    def account(self):
        if self.kind == "user":
            return client_accounts.spot(self, SITE, 1800.0, ignore)
        if self.kind.startswith("margin"):
            _, _, symbol = self.kind.partition(":")
            return client_accounts.margin(self, SITE, symbol or None)
        return client_accounts.keyed(self, USDM_SITE, 1800.0, ignore, ACCOUNTS[self.kind])

    @property
    def now(self):
        seconds = self.rig.clock.seconds() + self.asleep if hasattr(self, "rig") else 0
        return START + round(seconds * 1000)

    # the client

    def in_thread(self, function):
        done = Deferred()

        def run():
            try:
                result = function()
            except (BinanceAPIException, ConnectionError) as error:
                done.errback(error)
            else:
                done.callback(result)

        self.rig.clock.callLater(self.random.uniform(0.01, 0.3), run)
        return done

    def __getattr__(self, name):
        route = None if name.startswith("_") else table().get(name)
        if route is None:
            raise AttributeError(name)
        return lambda **params: self.call(route.method, route.path, params, name)

    def call(self, verb, path, params, name=""):
        self.calls.append((name, params))
        if name.endswith(self.refused):
            raise self.refusal
        if name and self.failures:
            failure = self.failures.pop()
            if failure is not None:
                raise failure
        route = self.routes[verb, path]
        raw = Params({key: str(value) for key, value in params.items()})
        try:
            return route.answer(
                Call(self.state, raw, self.now, path=path, verb=verb, market=route.market)
            )
        except ApiError as error:
            raise BinanceAPIException(Response(error.status, error.code, error.message)) from error

    # the exchange

    def say(self, event):
        if self.link is not None and not self.link.is_lost:
            self.link.say(self.wrapped(event))

    def wrapped(self, event):
        if self.kind == "user" or self.kind.startswith("margin"):
            return {"subscriptionId": 0, "event": event}
        return {"stream": "k", "data": event} if self.kind == "options:user" else event

    def open(self):
        """Let the dial succeed that waits, or that comes."""
        self.rig.pass_time(0.5, 0.1)
        while not self.rig.wire.dials or self.rig.wire.dials[-1][1].called:
            self.pass_time(0.5)
        protocol = self.rig.wire.open()
        for _ in range(8):
            answer(protocol, self.now)
            self.rig.pass_time(0.1, 0.1)
        self.link = protocol

    def pass_time(self, seconds):
        for _ in range(round(seconds / 0.1)):
            self.rig.clock.advance(0.1)
            self.accounts.tick(self.now)

    def cut(self):
        link, self.link = self.link, None
        link.lose(False, 1006, "lost")

    # the user

    def place(self, symbol=None, side=None, share=None):
        """An order at the market, or at a share of its price."""
        symbol = symbol or self.random.choice(self.symbols)
        side = side or self.random.choice(["BUY", "SELL"])
        more = {"type": "MARKET"}
        if share is not None:
            market = self.state.market(self.market or "spot").market(symbol, self.now)
            gap = market.symbol.gap
            price = market.symbol.price(int(market.last_price * share) // gap * gap)
            more = {"type": "LIMIT", "price": price, "timeInForce": "GTC"}
        if self.kind == "margin:BTCUSDT":
            more["isIsolated"] = "TRUE"
        order = {"symbol": symbol, "side": side, "quantity": self.quantity, **more}
        return self.call("POST", self.path, order)

    def cancel_one(self):
        if found := self.wallet.open_orders():
            order = self.random.choice(found)
            more = {"isIsolated": "TRUE"} if self.kind == "margin:BTCUSDT" else {}
            name = {"symbol": order.symbol.name, "orderId": order.id}
            return self.call("DELETE", self.path, name | more)
        return None

    # what came

    def bodies(self, events=None):
        events = self.rig.got if events is None else events
        kinds = ("executionReport", "ORDER_TRADE_UPDATE")
        return [
            each.get("o", each) if "fs" in each or each["e"] == "ORDER_TRADE_UPDATE" else each
            for each in events
            if each["e"] in kinds
        ]

    def executions(self):
        return [(each["s"], each["t"]) for each in self.bodies() if int(each["t"]) > 0]

    def check(self, begin=0):
        """Each execution came once, in order; each order is told to be as it is."""
        fills = self.wallet.fills[begin:]
        wanted = [(each.order.symbol.name, each.trade.id) for each in fills]
        assert sorted(self.executions()) == sorted(wanted)
        orders = [(each["s"], each["t"], str(each["i"])) for each in self.bodies()]
        executed = [each for each in orders if each[1] > 0]
        assert len(executed) == len(set(executed))
        for symbol in self.symbols:
            ids = [trade for name, trade in self.executions() if name == symbol]
            ids = [each for each in ids if ids.count(each) == 1]  # else the maker's comes early
            assert ids == sorted(ids)
        last = {(each["s"], str(each["i"])): each for each in self.bodies()}
        for order in self.wallet.orders.values():
            told = last[order.symbol.name, str(order.id)]
            assert (told["X"], float(told["z"])) == (
                order.status,
                float(order.symbol.quantity(order.executed)),
            )
        for event in self.rig.got:
            assert problems_of_event(event, EVENTS.get(self.wallet_name, self.market)) == []

    def reconciled(self):
        return [each for each in self.rig.got if each.get("reconciled")]


ALL = pytest.mark.parametrize("kind", KINDS)


def started(kind, **options):
    venue = Venue(kind, **options)
    venue.rig.start()
    venue.open()
    venue.pass_time(2)
    return venue


@ALL
def test_orders_filled_during_an_outage_come_once_and_the_state_last(kind):
    venue = started(kind)
    venue.place(venue.symbols[0])
    resting = venue.place(venue.symbols[0], "BUY", share=0.9)
    venue.pass_time(1)
    venue.cut()
    venue.place(venue.symbols[0], "BUY")
    venue.place(venue.symbols[0], "SELL")
    name = {"symbol": venue.symbols[0], "orderId": resting["orderId"]}
    isolated = {"isIsolated": "TRUE"} if kind == "margin:BTCUSDT" else {}
    venue.call("DELETE", venue.path, name | isolated)
    before = len(venue.rig.got)
    venue.open()
    venue.pass_time(10)
    venue.check()
    came = venue.rig.got[before:]
    assert all(each["reconciled"] for each in came)
    statuses = [each["X"] for each in venue.bodies(came)]
    assert statuses.count("FILLED") == 2
    assert statuses.count("CANCELED") == 1
    spent = dict.fromkeys((each["i"] for each in venue.bodies()), Decimal(0))
    for each in venue.bodies():
        spent[each["i"]] += Decimal(each.get("Y", 0))  # of spot: what each trade has cost
        assert Decimal(each.get("Z", 0)) == spent[each["i"]]
    assert venue.rig.kinds.count(Gap) == 0
    states = came[-3:] if kind == "pm:user" else came[-1:]
    assert all(
        each["e"] in ("outboundAccountPosition", "ACCOUNT_UPDATE", "BALANCE_POSITION_UPDATE")
        for each in states
    )
    assert [each["e"] for each in came].count(states[0]["e"]) == 1 + (kind == "pm:user")


FAILURES = (
    BinanceAPIException(Response(429, -1003, "too many")),
    BinanceAPIException(Response(503, -1001, "internal error")),
    ConnectionError("no network"),
    None,
)


@ALL
@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_cut_and_whatever_fails_each_execution_comes_once(kind, seed):
    policy = RetryPolicy(None, factor=1.0)  # many links are cut before their first event
    venue = started(kind, seed=seed, policy=policy)
    for symbol in venue.symbols:  # else nothing names them
        venue.place(symbol)
    choose = venue.random
    for _ in range(60):
        what = choose.random()
        if what < 0.3:
            venue.place()
        elif what < 0.5:
            venue.place(share=choose.choice([0.98, 0.9999, 1.0001, 1.02]))
        elif what < 0.6:
            venue.cancel_one()
        elif what < 0.7 and venue.link is not None:
            venue.cut()
        elif what < 0.75 and venue.link is not None:  # deaf at first, then cut
            link, venue.link = venue.link, None
            venue.place()
            venue.pass_time(choose.uniform(0.5, 4))
            link.lose(False, 1006, "lost")
        elif what < 0.85 and venue.link is None:
            venue.open()
        elif what < 0.9:
            venue.failures = choose.choices(FAILURES, k=2)
        venue.pass_time(choose.choice([0.1, 0.1, 0.5, 1.5]))
    venue.failures = []
    if venue.link is None:
        venue.open()
    venue.pass_time(35)
    assert venue.rig.kinds.count(Gap) == 0
    assert venue.rig.kinds.count(Resumed) > 0
    venue.check()


@ALL
def test_orders_are_found_although_the_first_answer_comes_late(kind):
    venue = started(kind)
    for symbol in venue.symbols:
        venue.place(symbol)
    venue.pass_time(1.0)
    venue.cut()
    venue.place(), venue.place()
    token = [None] * kind.startswith("margin")  # which the first call asks for
    venue.failures = [ConnectionError()] * 3 + token  # seconds of waiting
    venue.open()
    venue.pass_time(20.0)
    assert venue.rig.kinds.count(Gap) == 0
    venue.check()


@ALL
def test_if_rest_fails_for_good_one_gap_says_why_and_the_live_events_go_on(kind):
    venue = started(kind)
    venue.refused = ("open_orders", "open_margin_orders")
    for number in (1, 2):
        venue.cut()
        venue.place()
        missed = len(venue.wallet.fills)
        venue.open()
        venue.pass_time(2)
        gaps = [each for each in venue.rig.owner.events if isinstance(each, Gap)]
        assert len(gaps) == number
        assert gaps[-1].reason.endswith("_orders: Invalid API-key")
        venue.place()
        venue.pass_time(1)
        new = [(each.order.symbol.name, each.trade.id) for each in venue.wallet.fills[missed:]]
        assert [each for each in venue.executions() if each in new] == new
        assert not venue.reconciled()


@ALL
@pytest.mark.parametrize("asleep", [0, 2_500])
@pytest.mark.parametrize("refused", [("open_orders", "open_margin_orders"), "time"])
def test_what_was_reported_as_missing_does_not_come_after_later_events(kind, refused, asleep):
    venue = started(kind)
    venue.refused = refused
    venue.cut()
    venue.asleep += asleep
    begin = len(venue.wallet.fills)
    venue.place(venue.symbols[0])
    missed = len(venue.wallet.fills)
    venue.open()
    venue.pass_time(2)
    venue.refused = ()
    venue.place(venue.symbols[0])
    venue.pass_time(1)
    venue.cut()
    venue.place(venue.symbols[0])
    venue.open()
    venue.pass_time(5)
    assert venue.rig.kinds.count(Gap) == 1
    came = venue.executions()
    fills = [(each.order.symbol.name, each.trade.id) for each in venue.wallet.fills]
    assert sorted(came) == sorted(fills[:begin] + fills[missed:])


@ALL
def test_one_gap_names_the_trades_that_rest_has_too_late(kind):
    venue = started(kind)
    venue.place(venue.symbols[0])
    venue.pass_time(1)
    call = venue.call
    venue.call = lambda verb, path, params, name="": (
        [] if name.endswith("trades") else call(verb, path, params, name)
    )
    venue.cut()
    begin = len(venue.wallet.fills)
    venue.place(venue.symbols[0])
    missed = len(venue.wallet.fills)
    venue.open()
    venue.pass_time(10)
    venue.call = call
    for _ in range(2):
        venue.cut()
        venue.place(venue.symbols[0])
        venue.open()
        before = len(venue.calls)
        venue.pass_time(10)
    (gap,) = [each for each in venue.rig.owner.events if isinstance(each, Gap)]
    assert gap.reason == reconcile.LATE
    asked = [params.get("symbol") for name, params in venue.calls[before:] if "trades" in name]
    assert len(asked) == len(set(asked)) <= len(venue.symbols) * (1 + 2 * (kind == "pm:user"))
    fills = [(each.order.symbol.name, each.trade.id) for each in venue.wallet.fills]
    assert sorted(venue.executions()) == sorted(fills[:begin] + fills[missed:])


@ALL
def test_one_gap_names_an_order_that_rest_does_not_know_any_more(kind):
    venue = started(kind)
    symbol = venue.symbols[-1]
    order = venue.place(symbol, "BUY", share=0.9)["orderId"]
    venue.place(venue.symbols[0])
    venue.pass_time(1)
    venue.cut()
    venue.wallet.working.remove(venue.wallet.orders.pop(order))
    for _ in range(2):
        venue.place(venue.symbols[0])
        venue.open()
        venue.pass_time(10)
        venue.cut()
    (gap,) = [each for each in venue.rig.owner.events if isinstance(each, Gap)]
    assert gap.reason == f"REST no longer knows order {order} of {symbol}"
    venue.check()


@ALL
def test_a_gap_says_that_the_orders_at_the_beginning_are_not_known(kind):
    venue = Venue(kind)
    venue.refused = ("open_orders", "open_margin_orders")
    venue.refusal = ConnectionError("no network")
    venue.rig.start()
    venue.open()
    for number in range(3):
        assert venue.rig.kinds.count(Gap) == min(number, 1)
        venue.cut()
        venue.refused = ()
        venue.open()
        venue.pass_time(5)
    (gap,) = [each for each in venue.rig.owner.events if isinstance(each, Gap)]
    assert gap.reason == reconcile.UNSURE


def test_live_events_are_held_for_a_bounded_time():
    venue = started("user")
    venue.cut()
    venue.refused, venue.refusal = ("_time",), ConnectionError("no network")
    venue.open()
    venue.pass_time(5)
    venue.place(venue.symbols[0])
    assert venue.executions() == []
    venue.pass_time(reconcile.HOLD_SECONDS)
    (gap,) = [each for each in venue.rig.owner.events if isinstance(each, Gap)]
    assert gap.reason == "get_server_time: the REST call failed: ConnectionError"
    venue.check()
    venue.refused = ()
    venue.cut()
    venue.place(venue.symbols[0])
    venue.open()
    venue.pass_time(5)
    venue.check()


@pytest.mark.parametrize("is_held", [True, False])
@pytest.mark.parametrize("is_refused", [True, False])
def test_an_event_of_an_unknown_shape_is_delivered_and_so_are_those_after_it(is_held, is_refused):
    venue = started("user")
    strange = {"e": "executionReport", "E": venue.now, "s": "BTCUSDT", "i": 5, "x": "CALCULATED"}
    venue.cut()
    if is_refused:
        venue.refused, venue.refusal = ("_time",), ConnectionError("no network")
    venue.open()
    if not is_held:
        venue.pass_time(reconcile.HOLD_SECONDS)
    venue.say(strange)
    venue.place(venue.symbols[0])
    venue.pass_time(reconcile.HOLD_SECONDS)
    venue.rig.got.remove(strange)
    assert venue.rig.socket.malformed_messages == 1
    assert venue.rig.kinds.count(Gap) == (is_refused or is_held)
    venue.check()


def test_a_link_that_is_replaced_meanwhile_does_not_end_the_calls():
    venue = started("user")
    old, (connection,) = venue.link, venue.rig.socket.connections
    venue.failures = [ConnectionError()] * 4
    connection.session._missed()
    connection.rotation.input(Input.URGENT)
    venue.open()
    while not old.closing:
        venue.pass_time(0.5)
    old.lose(True, 1000, "closed")
    venue.place()
    assert venue.executions() == []
    venue.pass_time(20)
    assert venue.failures == []
    venue.check()


@pytest.mark.parametrize("is_reported", [True, False])
def test_orders_are_found_however_long_a_key_has_been_known_to_be_gone(is_reported):
    venue = started("usdm:user")
    deaf, venue.link = venue.link, None
    venue.accounts.end_listen_keys()
    venue.refused = ("listen_key",) if is_reported else ("listen_key", "keepalive")
    venue.refusal = BinanceAPIException(Response(503, 0, "Service Unavailable"))
    if is_reported:
        deaf.say({"e": "listenKeyExpired", "E": 1})
    venue.place()
    venue.pass_time(1)
    for _ in range(3000):
        venue.rig.pass_time(1, 1)
        deaf.link.link_read(6, 0, 0.0)  # the exchange answers pings
    venue.refused = ()
    while len(venue.rig.wire.dials) == 1:
        venue.rig.pass_time(1, 1)
        deaf.link.link_read(6, 0, 0.0)
    venue.open()
    venue.pass_time(10)
    assert venue.bodies(venue.reconciled())
    venue.check()


def paused(venue):
    """Paused; the exchange has dropped the link before it is read again, at first in part."""
    link, socket = venue.link, venue.rig.socket
    socket.pause()
    venue.link = None
    venue.rig.pass_time(200, 1)
    venue.place(venue.symbols[0])
    for reads in range(3):
        venue.rig.pass_time(200, 1)
        socket.resume()
        link.link.link_read(100, 1, 0.0)  # which the exchange has sent long ago
        if reads < 2:
            venue.rig.pass_time(1, 0.25)
            socket.pause()
    link.lose(False, 1006, "lost")


def blocked(venue):
    """A callback takes long; what has arrived is read after it, and nothing comes any more."""
    link, venue.link = venue.link, None
    venue.rig.clock.rightNow += 100
    venue.place(venue.symbols[0])
    venue.rig.clock.advance(200)
    link.link.link_read(100, 1, 0.0)
    while not link.is_lost:
        venue.rig.pass_time(1, 1)


def silent(venue):
    """A half-open link, for which the user has chosen a long time."""
    link, venue.link = venue.link, None
    venue.rig.pass_time(100, 1)
    venue.place(venue.symbols[0])
    while not link.is_lost:
        venue.rig.pass_time(1, 1)


@ALL
@pytest.mark.parametrize("dies", [paused, blocked, silent])
def test_orders_are_found_however_late_a_dead_link_is_noticed(kind, dies):
    venue = started(kind, idle_timeout=600.0)
    venue.place(venue.symbols[0])
    venue.pass_time(5)
    dies(venue)
    assert len(venue.executions()) < len(venue.wallet.fills)
    venue.open()
    venue.pass_time(10)
    assert venue.rig.kinds.count(Gap) == 0
    venue.check()


@ALL
def test_orders_are_found_that_were_filled_while_the_computer_was_suspended(kind):
    venue = started(kind)
    venue.place(venue.symbols[0])
    venue.pass_time(5)
    for _ in range(2):
        link, venue.link = venue.link, None
        for _ in range(2):
            venue.asleep += 2_500
            venue.place(venue.symbols[0])
        venue.pass_time(45)
        link.lose(False, 1006, "lost")
        venue.open()
        venue.pass_time(10)
    assert venue.rig.kinds.count(Gap) == 0
    venue.check()


def test_what_is_looked_up_during_a_wait_begins_anew():
    venue = started("user")
    venue.place(venue.symbols[0])
    venue.pass_time(1)
    venue.cut()
    venue.place(venue.symbols[0])
    venue.failures = [ConnectionError()]
    venue.open()
    assert venue.failures == []
    assert venue.rig.socket.connections[0].session.reconciler.look_up()
    venue.pass_time(20)
    assert venue.rig.kinds.count(Gap) == 0
    venue.check()


def test_held_events_are_delivered_before_the_error_of_the_end():
    venue = started("user", policy=RetryPolicy(1))
    venue.cut()
    venue.open()
    venue.place(venue.symbols[0])
    venue.cut()
    while not venue.rig.got or venue.rig.got[-1] != ERROR:
        venue.rig.pass_time_until_dial()
        venue.rig.wire.fail()
    *events, error = venue.rig.got
    assert error == ERROR
    assert venue.rig.kinds.count(Gap) == 1  # what was missed last was not fetched
    venue.rig.got[:] = events
    venue.check()


def test_without_the_option_nothing_is_called(monkeypatch):
    monkeypatch.setattr(client_accounts, "reconciling", lambda make, *_: make)
    venue = started("usdm:user")
    venue.place()
    venue.cut()
    venue.open()
    venue.pass_time(5)
    assert {name for name, _ in venue.calls if name} == {
        "futures_stream_get_listen_key",
    }


def test_symbols_can_be_named_that_no_event_has_named():
    venue = started("user", symbols=["ethusdt"])
    venue.cut()
    venue.place("ETHUSDT")
    venue.open()
    venue.pass_time(10)
    venue.check()


def test_times_are_in_the_unit_of_the_socket():
    venue = started("user", time_unit="us", symbols=["BTCUSDT"])
    venue.cut()
    venue.place("BTCUSDT")
    venue.open()
    venue.pass_time(10)
    found = venue.reconciled()
    assert len(found) > 1
    assert all(each["E"] > 10**15 for each in found)
    assert all(each["T"] > 10**15 and each["O"] > 10**15 for each in venue.bodies(found))


@pytest.mark.parametrize("reconcile", ["BTCUSDT", 1, None, 2.5, iter(["BTCUSDT"])])
def test_a_wrong_option_is_refused(reconcile):
    with pytest.raises(TypeError, match="reconcile must be True, False or a list of symbols"):
        clients.check_reconcile(reconcile)


def test_a_client_that_cannot_be_asked_is_refused():
    class Bare:
        API_KEY, API_SECRET = KEY, SECRET

    with pytest.raises(ValueError, match="needs a client with the method get_server_time"):
        client_accounts.reconciling(lambda socket: None, Bare(), "user", True)


def test_a_market_socket_refuses_the_option_and_a_manager_may_have_it():
    bm = BinanceSocketManager(reconcile=True)
    with pytest.raises(ValueError, match="reconcile is for account sockets"):
        bm.start_trade_socket("BNBBTC", print, reconcile=True)
    with pytest.raises(TypeError, match="a list of symbols, not 'BTCUSDT'"):
        BinanceSocketManager(reconcile="BTCUSDT")
    assert bm.start_trade_socket("BNBBTC", print) == "bnbbtc@trade"
    bm.close()
