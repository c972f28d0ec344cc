"""The way to an account's events on one link: every transition, and whole lives."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.account import signing, userdata, wsapi
from binance.sansio.account.userdata import (
    IGNORED,
    TRANSITIONS,
    Account,
    Input,
    Send,
    State,
    Step,
    UserData,
)
from binance.sansio.link.machine import ImpossibleInput
from binance.sansio.link.reconnect import Failure

SIGNER = signing.from_secret("K" * 64, "S" * 64)
MS = 1_700_000_000_000
ERROR = wsapi.ApiError(400, -1000, "odd")
STALE = wsapi.ApiError(400, -1021, "Timestamp is outside of the recvWindow")


class Life:
    """A machine with what it said."""

    def __init__(self, margin: bool = False, account: Account | None = None) -> None:
        self.account = account or Account(None if margin else SIGNER)
        self.machine = UserData(self.account)
        self.now = 100.0
        self.said: list[object] = []

    def take(self, commands):
        self.said = commands
        return commands

    @property
    def request(self) -> wsapi.Request:
        return next(one.request for one in reversed(self.said) if isinstance(one, Send))

    def opened(self):
        return self.take(self.machine.opened(self.now))

    def accept(self, result):
        return self.take(self.machine.reply(wsapi.Reply(self.request.id, result), self.now))

    def refuse(self, error):
        reply = wsapi.Reply(self.request.id, error=error)
        return self.take(self.machine.reply(reply, self.now))

    def time(self, ms=MS):
        return self.accept({"serverTime": ms})

    def terminated(self, subscription=0):
        event = wsapi.Event(subscription, {"e": "eventStreamTerminated"})
        return self.take(self.machine.terminated(event, self.now))

    def check(self, seconds):
        self.now += seconds
        return self.take(self.machine.check(self.now))

    def subscribed(self):
        """Lives up to SUBSCRIBED."""
        self.opened()
        if self.machine.state is State.MEASURING:
            self.time()
        if self.machine.state is State.FETCHING:
            self.take(self.machine.token("T1", self.ms(3600), self.now))
        self.accept({"subscriptionId": 0})
        assert self.machine.state is State.SUBSCRIBED
        return self

    def ms(self, seconds: float) -> int:
        """The exchange's time so many seconds from now."""
        return self.account.clock.now_ms(self.now) + int(seconds * 1000)


# whole lives


def test_from_the_handshake_to_the_subscription() -> None:
    life = Life()
    life.opened()
    assert (life.request.method, life.machine.state) == ("time", State.MEASURING)
    life.now += 0.2
    life.time()
    assert life.request.method == "userDataStream.subscribe.signature"
    assert life.request.params["timestamp"] == MS + 100  # the exchange looked half-way
    assert life.request.params["apiKey"] == "K" * 64
    assert life.accept({"subscriptionId": 0}) == [Step.READY]
    assert life.machine.state is State.SUBSCRIBED
    assert life.machine.subscription == 0


def test_a_later_link_signs_anew_on_the_clock_that_is_known() -> None:
    first = Life().subscribed()
    second = Life(account=first.account)
    second.now = first.now + 60
    second.opened()
    assert second.request.method == "userDataStream.subscribe.signature"
    assert second.request.params["timestamp"] == MS + 60_000
    assert second.request.id != 1


def test_a_clock_of_old_is_measured_again() -> None:
    first = Life().subscribed()
    second = Life(account=first.account)
    second.now = first.now + userdata.CLOCK_SECONDS
    second.opened()
    assert second.request.method == "time"


def test_a_refused_timestamp_measures_the_clock_and_tries_again() -> None:
    first = Life().subscribed()
    life = Life(account=first.account)
    life.now = first.now
    life.opened()
    life.refuse(STALE)
    assert life.request.method == "time"
    life.time(MS + 90_000)
    assert life.request.params["timestamp"] == MS + 90_000
    life.refuse(STALE)
    life.time()
    assert life.refuse(STALE) == [Failure(STALE.reason, -1021)]
    assert life.machine.state is State.OVER


@pytest.mark.parametrize("code", [-2015, -2014, -1022])
def test_a_refused_key_is_final(code) -> None:
    life = Life()
    life.opened()
    life.time()
    error = wsapi.ApiError(401, code, "Invalid API-key, IP, or permissions for action.")
    assert life.refuse(error) == [Failure(error.reason, code, refused=True)]


def test_a_key_that_is_revoked_later_is_final_too() -> None:
    life = Life().subscribed()
    error = wsapi.ApiError(401, -2015, "Invalid API-key")
    said = life.take(life.machine.reply(wsapi.Reply(None, error=error), life.now))
    assert said == [Failure("Invalid API-key", -2015, refused=True)]


@pytest.mark.parametrize("status", [429, 418])
def test_a_limit_ends_the_link_and_says_for_how_long(status) -> None:
    life = Life()
    life.opened()
    life.time()
    error = wsapi.ApiError(status, -1003, "Too many requests", 60.0)
    assert life.refuse(error) == [Failure("Too many requests", -1003, status, 60.0)]


def test_any_other_error_is_a_failed_try() -> None:
    life = Life()
    life.opened()
    assert life.refuse(ERROR) == [Failure("odd", -1000)]


@pytest.mark.parametrize("result", [None, [], {}, {"serverTime": "soon"}])
def test_a_clock_that_cannot_be_read_is_a_failed_try(result) -> None:
    life = Life()
    life.opened()
    (said,) = life.accept(result)
    assert isinstance(said, Failure)
    assert not said.refused


def test_no_answer_in_time_is_a_failed_try() -> None:
    life = Life()
    life.opened()
    assert life.check(userdata.REPLY_SECONDS - 0.1) == []
    assert life.check(0.2) == [Failure("no answer to time")]
    assert life.check(100) == []


def test_already_subscribed_is_as_good() -> None:
    life = Life()
    life.opened()
    life.time()
    assert life.refuse(wsapi.ApiError(400, -2035, "already")) == [Step.READY]


def test_late_and_foreign_replies_mean_nothing() -> None:
    life = Life().subscribed()
    for reply in (wsapi.Reply(99, {}), wsapi.Reply(99, error=ERROR), wsapi.Reply(None, {})):
        assert life.machine.reply(reply, life.now) == []
    assert life.machine.state is State.SUBSCRIBED


def test_a_terminated_stream_is_subscribed_again_on_the_same_link() -> None:
    life = Life().subscribed()
    life.now += 60
    (send,) = life.terminated()
    assert send.request.method == "userDataStream.subscribe.signature"
    assert send.request.params["timestamp"] == MS + 60_000
    # Told when it stands again, and no sooner: what is asked for then leaves no hole.
    assert life.accept({"subscriptionId": 1}) == [Step.MISSED]
    assert life.machine.subscription == 1


def test_a_stream_that_ends_as_soon_as_it_begins_ends_the_link_the_second_time() -> None:
    life = Life().subscribed()
    life.now += 1
    (send,) = life.terminated()
    assert isinstance(send, Send)
    life.accept({"subscriptionId": 1})
    life.now += 1
    (fail,) = life.terminated(1)
    assert "as soon as it began" in fail.reason
    assert not fail.refused


def test_a_stream_that_lived_for_a_while_may_end_soon_once_more() -> None:
    life = Life().subscribed()
    for seconds, subscription in ((1, 0), (60, 1), (1, 2), (60, 3)):
        life.now += seconds
        (send,) = life.terminated(subscription)
        assert isinstance(send, Send)
        assert life.accept({"subscriptionId": subscription + 1}) == [Step.MISSED]


# margin


def test_a_margin_account_fetches_a_token() -> None:
    life = Life(margin=True)
    life.opened()
    assert life.time() == [Step.FETCH_TOKEN]
    life.take(life.machine.token("T1", MS + 3_600_000, life.now))
    assert life.request.method == "userDataStream.subscribe.listenToken"
    assert life.request.params == {"listenToken": "T1"}
    assert life.accept({"subscriptionId": 1, "expirationTime": MS + 3_600_000}) == [Step.READY]


@pytest.mark.parametrize("unit", [1, 1000], ids=["ms", "us"])
def test_a_token_is_renewed_before_its_end_on_the_same_link(unit) -> None:
    life = Life(margin=True)
    life.opened()
    life.time()
    life.take(life.machine.token("T1", MS + 3_600_000, life.now))
    life.accept({"subscriptionId": 1, "expirationTime": (MS + 3_600_000) * unit})
    assert life.check(3600 - userdata.RENEW_SECONDS - 1) == []
    assert life.check(1.5) == [Step.FETCH_TOKEN]
    assert life.machine.state is State.REFETCHING
    life.take(life.machine.token("T2", life.ms(3600), life.now))
    assert life.request.params == {"listenToken": "T2"}
    (drop,) = life.accept({"subscriptionId": 2, "expirationTime": life.ms(3600) * unit})
    assert (drop.request.method, drop.request.params) == (
        "userDataStream.unsubscribe",
        {"subscriptionId": 1},
    )
    assert life.machine.state is State.SUBSCRIBED
    assert life.machine.admits(wsapi.Event(2, {}))
    assert not life.machine.admits(wsapi.Event(1, {}))  # it would come twice
    assert life.terminated(1) == []  # the old one's end
    assert life.check(3600 - userdata.RENEW_SECONDS - 1) == []
    assert life.check(1.5) == [Step.FETCH_TOKEN]


def test_a_renewal_that_keeps_its_subscription_drops_nothing() -> None:
    life = Life(margin=True).subscribed()
    life.check(3600 - userdata.RENEW_SECONDS)
    life.take(life.machine.token("T2", life.ms(3600), life.now))
    assert life.accept({"subscriptionId": 0}) == []
    assert life.machine.state is State.SUBSCRIBED


def test_a_short_token_is_renewed_at_half_its_time() -> None:
    life = Life(margin=True)
    life.opened()
    life.time()
    life.take(life.machine.token("T1", MS + 60_000, life.now))
    life.accept({"subscriptionId": 1})
    assert life.check(29) == []
    assert life.check(1) == [Step.FETCH_TOKEN]


def test_a_successor_that_cannot_be_fetched_is_tried_for_again() -> None:
    life = Life(margin=True).subscribed()
    life.check(3600 - userdata.RENEW_SECONDS)
    assert life.take(life.machine.no_token(ERROR, life.now)) == []
    assert life.check(userdata.REFETCH_SECONDS - 1) == []
    assert life.check(1) == [Step.FETCH_TOKEN]
    limit = wsapi.ApiError(429, -1003, "Too many", 100.0)
    life.take(life.machine.no_token(limit, life.now))
    assert life.check(99) == []
    assert life.check(1) == [Step.FETCH_TOKEN]
    refused = wsapi.ApiError(401, -2015, "Invalid")
    assert life.take(life.machine.no_token(refused, life.now)) == [
        Failure("Invalid", -2015, refused=True)
    ]


def test_a_first_token_that_cannot_be_fetched_is_a_failed_try() -> None:
    life = Life(margin=True)
    life.opened()
    life.time()
    assert life.take(life.machine.no_token(ERROR, life.now)) == [Failure("odd", -1000)]


def test_a_refused_token_is_fetched_again_a_few_times() -> None:
    life = Life(margin=True)
    life.opened()
    life.time()
    bad = wsapi.ApiError(400, -1209, "Invalid listenToken")
    for _ in range(userdata.SECOND_TRIES):
        life.take(life.machine.token("T", life.ms(3600), life.now))
        assert life.refuse(bad) == [Step.FETCH_TOKEN]
    life.take(life.machine.token("T", life.ms(3600), life.now))
    assert life.refuse(bad) == [Failure("Invalid listenToken", -1209)]


def test_a_token_that_ran_out_while_its_successor_was_fetched() -> None:
    life = Life(margin=True).subscribed()
    life.check(3600 - userdata.RENEW_SECONDS)
    assert life.terminated() == []
    life.take(life.machine.token("T2", life.ms(3600), life.now))
    assert life.request.params == {"listenToken": "T2"}
    assert life.accept({"subscriptionId": 5}) == [Step.MISSED]
    assert life.machine.subscription == 5


def test_a_subscription_that_ends_during_its_renewal() -> None:
    life = Life(margin=True).subscribed()
    life.check(3600 - userdata.RENEW_SECONDS)
    life.take(life.machine.token("T2", life.ms(3600), life.now))
    renewal = life.request
    assert life.terminated() == []
    acknowledged = wsapi.Reply(renewal.id, {"subscriptionId": 6})
    assert life.machine.reply(acknowledged, life.now) == [Step.MISSED]
    assert (life.machine.state, life.machine.subscription) == (State.SUBSCRIBED, 6)


def test_a_renewal_with_a_bad_token_keeps_the_subscription_for_now() -> None:
    life = Life(margin=True).subscribed()
    life.check(3600 - userdata.RENEW_SECONDS)
    life.take(life.machine.token("T2", life.ms(3600), life.now))
    assert life.refuse(wsapi.ApiError(400, -1209, "Invalid listenToken")) == []
    assert life.machine.state is State.SUBSCRIBED
    assert life.check(userdata.REFETCH_SECONDS) == [Step.FETCH_TOKEN]


# the table


def test_every_pair_is_decided_or_impossible() -> None:
    assert not set(TRANSITIONS) & set(IGNORED)
    for _, actions in TRANSITIONS.values():
        for action in actions.split():
            assert action in Step.__members__ or callable(getattr(UserData, f"_{action}"))
    reached = {state for state, _ in TRANSITIONS}
    assert reached | {State.OVER} == set(State)


@pytest.mark.parametrize(
    ("state", "event"),
    [
        pair
        for pair in itertools.product(State, Input)
        if pair not in TRANSITIONS and pair not in IGNORED
    ],
)
def test_what_cannot_happen_says_so(state, event) -> None:
    machine = UserData(Account(SIGNER))
    machine.state = state
    with pytest.raises(ImpossibleInput, match=event.value):
        machine._handle(event, 0.0, ERROR)


WIRE = st.one_of(
    st.builds(
        lambda result: {"kind": "accept", "result": result},
        st.one_of(
            st.just({"serverTime": MS}),
            st.just({"subscriptionId": 1}),
            st.just({"subscriptionId": 2, "expirationTime": MS + 10_000}),
            st.none(),
        ),
    ),
    st.builds(
        lambda code, status, to_all: {
            "kind": "refuse",
            "error": wsapi.ApiError(status, code, "no"),
            "to_all": to_all,
        },
        st.sampled_from([-1021, -1022, -1209, -2015, -2035, -1003, 0]),
        st.sampled_from([400, 401, 429, 418, 500]),
        st.booleans(),
    ),
    st.builds(lambda n: {"kind": "terminated", "n": n}, st.integers(0, 3)),
    st.builds(lambda s: {"kind": "pass", "seconds": s}, st.floats(0, 4000)),
    st.sampled_from([{"kind": "token"}, {"kind": "no token"}]),
)


@given(st.booleans(), st.lists(WIRE, max_size=40))
def test_nothing_that_the_wire_brings_is_impossible(margin, steps) -> None:
    life = Life(margin=margin)
    life.opened()
    fetching, ready, last = 0, 0, None

    def look() -> None:
        nonlocal fetching, ready, last
        for said in life.said:
            fetching += said is Step.FETCH_TOKEN
            ready += said is Step.READY
            if isinstance(said, Send) and "unsubscribe" not in said.request.method:
                last = said.request
        life.said = []

    look()
    for step in steps:
        if step["kind"] == "accept" and last is not None:
            life.take(life.machine.reply(wsapi.Reply(last.id, step["result"]), life.now))
        elif step["kind"] == "refuse" and last is not None:
            id = None if step["to_all"] else last.id
            life.take(life.machine.reply(wsapi.Reply(id, error=step["error"]), life.now))
        elif step["kind"] == "terminated":
            life.terminated(step["n"])
        elif step["kind"] == "pass":
            life.check(step["seconds"])
        elif fetching and step["kind"] == "token":
            fetching -= 1
            life.take(life.machine.token("T", life.ms(100), life.now))
        elif fetching:
            fetching -= 1
            life.take(life.machine.no_token(ERROR, life.now))
        look()
        assert fetching <= 1
        assert ready <= 1
