"""Changes of a multiplex key's streams, against a model exchange, in every order of events.

A request is carried out by the exchange, answered, and the answer heard, each at a moment of its
own; answers are lost or come twice, links are lost, replaced and refused meanwhile.  Each future
ends with what was true since its call, and in the end the exchange carries what is wanted.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from binance.sansio.link.reconnect import RetryPolicy
from tests.profiles import examples
from tests.tx.rig import Rig

NAMES = [f"s{number}@trade" for number in range(5)]


class Call:
    """One call of `subscribe` or `unsubscribe`, and what was true since."""

    def __init__(self, method, names, future):
        self.method, self.names, self.future = method, names, future
        self.not_yet = set(names)
        self.was_refused = False
        self.was_reversed = False


class Model:
    """The exchange, its links, and what the calls should have come to."""

    def __init__(self, refusing):
        self.rig = Rig(
            names=["s0@trade", "s1@trade"],
            limit=2,
            policy=RetryPolicy(max_retries=None),
            idle_timeout=10.0**9,
            rotate_after=None,
        )
        self.refusing = refusing
        self.protocols = []
        #: for each link: requests that the exchange has not seen, answers on their way, old ones
        self.inbox, self.outbox, self.heard = {}, {}, {}
        self.calls = []
        #: the names that were refused, by the request's id
        self.refusals = {}
        self.rig.start()

    # steps

    def call(self, method, names):
        for call in self.calls:
            if call.method != method and not call.future.done():
                call.was_reversed |= not set(names).isdisjoint(call.names)
        self.calls.append(call := Call(method, names, None))
        on_their_way = [reply["id"] for replies in self.outbox.values() for reply in replies]
        self.note_refusals(on_their_way)  # they answer this call as well
        call.future = self.rig.socket.change(method, names)

    def open(self, which):
        dials = [
            (url, *dial) for url, dial in zip(self.rig.wire.urls, self.rig.wire.dials, strict=True)
        ]
        waiting = [dial for dial in dials if not dial[2].called]
        if not waiting:
            return
        url, factory, dialing = waiting[which % len(waiting)]
        self.rig.wire.urls.append(url)
        self.rig.wire.dials.append((factory, dialing))
        protocol = self.rig.wire.connect()
        self.rig.wire.urls.pop()
        self.rig.wire.dials.pop()
        self.protocols.append(protocol)
        self.inbox[protocol], self.outbox[protocol], self.heard[protocol] = [], [], []
        self.look()
        protocol.open()

    def fail(self, which):
        waiting = [dialing for _, dialing in self.rig.wire.dials if not dialing.called]
        if waiting:
            waiting[which % len(waiting)].errback(OSError("refused"))

    def process(self, which, refuses=False):
        """The exchange carries out a request."""
        for protocol in self.some(self.protocols, which):
            self.inbox[protocol] += protocol.sent
            protocol.sent = []
            if not self.inbox[protocol] or protocol.is_being_closed:
                return
            request = self.inbox[protocol].pop(0)
            names = request.get("params", [])
            if refuses and request["method"] == "SUBSCRIBE" and self.refusing:
                reply = {"code": 2, "msg": "no", "id": request["id"]}
                if len(names) == 1:
                    self.refusals[request["id"]] = names[0]
                    self.note_refusals([request["id"]])
            elif request["method"] == "LIST_SUBSCRIPTIONS":
                reply = {"result": list(protocol.carries), "id": request["id"]}
            else:
                kept = [name for name in protocol.carries if name not in names]
                protocol.carries = kept + (names if request["method"] == "SUBSCRIBE" else [])
                reply = {"result": None, "id": request["id"]}
            self.outbox[protocol].append(reply)

    def hear(self, which):
        for protocol in self.some(self.protocols, which):
            if self.outbox[protocol]:
                reply = self.outbox[protocol].pop(0)
                self.heard[protocol].append(reply)
                protocol.say(dict(reply))

    def hear_again(self, which):
        for protocol in self.some(self.protocols, which):
            if self.heard[protocol]:
                protocol.say(dict(self.heard[protocol][which % len(self.heard[protocol])]))

    def lose_answer(self, which):
        for protocol in self.some(self.protocols, which):
            del self.outbox[protocol][:1]

    def begin_closing(self, which):
        for protocol in self.some(self.protocols, which):
            protocol.is_being_closed = True

    def lose(self, which):
        for protocol in self.some(self.protocols, which):
            protocol.lose()

    def rotate(self, which):
        self.rig.socket.rotate()

    def wait(self, which):
        self.rig.pass_time(1 + which, step=1)

    # what holds

    def note_refusals(self, numbers):
        refused = {self.refusals[number] for number in numbers if number in self.refusals}
        for call in self.calls:
            call.was_refused |= call.method == "SUBSCRIBE" and not refused.isdisjoint(call.names)

    @staticmethod
    def some(protocols, which):
        return [protocols[which % len(protocols)]] if protocols else []

    def look(self):
        """After each step: drop what is over, note what has become true, judge the futures."""
        for protocol in [one for one in self.protocols if one.is_lost]:
            self.protocols.remove(protocol)
        carried = {name for protocol in self.protocols for name in protocol.carries}
        for call in self.calls:
            is_wanted = call.method == "SUBSCRIBE"
            call.not_yet -= {name for name in call.names if (name in carried) == is_wanted}
            if not is_wanted and call.was_reversed:  # it may be carried by another link by now
                call.not_yet.clear()

    def judge(self):
        for call in [call for call in self.calls if call.future.done()]:
            self.calls.remove(call)
            if call.future.cancelled():
                assert call.was_reversed
            elif call.future.exception() is not None:
                assert call.was_refused
            else:
                assert call.future.result() == call.names
                assert not call.not_yet

    def settle(self):
        """Let the exchange be well, until nothing more happens."""
        for _ in range(200):
            for protocol in list(self.protocols):
                if protocol.closing or protocol.is_being_closed:
                    protocol.lose(True, 1000)
                    self.look()
            for which in range(len(self.rig.wire.dials)):
                self.open(which)
            for which in range(len(self.protocols)):
                for _ in range(5):
                    self.process(which)
                    self.look()
                    self.hear(which)
                    self.look()
            self.rig.pass_time(1, step=1)
            self.look()
            self.judge()
            if self.is_quiet():
                return
        raise AssertionError("it does not come to rest")

    def is_quiet(self):
        socket = self.rig.socket
        return (
            not any(protocol.sent or protocol.closing for protocol in self.protocols)
            and not any(self.inbox[protocol] for protocol in self.protocols)
            and socket.is_open
            and all(connection.rotation.is_idle for connection in socket.connections)
            and not self.calls
        )


which = st.integers(0, 3)
a_step = st.one_of(
    st.tuples(
        st.just("call"),
        st.sampled_from(["SUBSCRIBE", "UNSUBSCRIBE"]),
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True),
    ),
    st.tuples(st.just("process"), which, st.booleans()),
    st.tuples(
        st.sampled_from(
            [
                *("open", "open", "hear", "hear", "hear_again", "lose_answer", "fail"),
                *("begin_closing", "lose", "rotate", "wait"),
            ]
        ),
        which,
    ),
)


@settings(max_examples=examples(200))
@given(st.lists(a_step, max_size=40), st.booleans())
def test_every_future_ends_with_the_truth_and_what_is_wanted_is_carried(steps, refusing):
    model = Model(refusing)
    for step, *args in steps:
        getattr(model, step)(*args)
        model.look()
        model.judge()
    model.settle()
    wanted = model.rig.socket.multiplex._shards.names
    carried = [name for protocol in model.protocols for name in protocol.carries]
    assert sorted(carried) == sorted(wanted)


@settings(max_examples=examples(50))
@given(st.lists(a_step, max_size=20), st.booleans())
def test_the_end_leaves_no_future_open(steps, refusing):
    model = Model(refusing)
    for step, *args in steps:
        getattr(model, step)(*args)
        model.look()
    model.rig.socket.stop()
    assert all(call.future.done() for call in model.calls)
    for protocol in list(model.protocols):
        protocol.lose(True, 1000)
    model.rig.assert_nothing_left()
