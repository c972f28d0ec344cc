"""Each invariant fails where the client is broken for it: one that cannot fail proves nothing."""

import json

import pytest

from tests.pace import paced
from tests.simulation.apart import run

SOCKET = {"name": "s1", "kind": "multi", "manager": "m1"}
NAMES = ["aabtc@depth5", "aabtc@trade"]
START = {"at": 0.0, "do": "start", **SOCKET, "streams": NAMES}
STOP = {"at": 9.0, "do": "stop", "socket": "s1"}
BOOK = {"at": 0.0, "do": "open_book", "name": "b1", "symbol": "aabtc", "manager": "m1"}
FUTURES_BOOK = {**BOOK, "do": "open_futures_book", "symbol": "ffusdt", "refresh": 0}
COIN_BOOK = {**FUTURES_BOOK, "do": "open_coin_book", "symbol": "hhusd_perp"}
ACCOUNT = {**START, "kind": "usdm user", "streams": [], "options": {"reconcile": True}}
CUT = {"at": 40.0, "do": "refuse_dials", "span": 20.0, "cut": True}
OPTION_BOOK = {**FUTURES_BOOK, "do": "open_option_book", "symbol": "ii-991231-1-c"}

KEPT = {**START, "checkpoint": "s1"}
RESTART = {"at": 40.0, "do": "begin_again", "after": 5.0, "begun": {**SOCKET, "streams": NAMES}}
RESTART["begun"] |= {"name": "s2", "checkpoint": "s1"}

#: invariant -> what is broken, and operations that show it
BROKEN = {
    "1 Continuity": (
        (
            "from binance.tx.dispatch import ReactorDispatch as broken\n"
            "deliver = broken.deliver\n"
            "def some(self, message, count=iter(range(10**9))):\n"
            "    if next(count) % 9:\n"
            "        deliver(self, message)\n"
            "broken.deliver = some\n"
        ),
        [START],
    ),
    "2 Stopped": (
        (
            "from binance.websockets import BinanceSocketManager as broken\n"
            "broken.stop_socket = lambda self, key: None\n"
        ),
        [START, STOP],
    ),
    "3 Liveness": (
        "from binance.tx.link import Link as broken\nbroken.watch = lambda self, now: None\n",
        [START, {"at": 9.0, "do": "half_open", "which": None}],
    ),
    "4 Limits": (
        (
            "from binance.sansio.link.budget import MessageBudget as broken\n"
            "init = broken.__init__\n"
            "broken.__init__ = lambda self, *args, **kwargs: init(self, 100)\n"
        ),
        [START, {"at": 9.0, "do": "subscribe_often", "socket": "s1", "streams": []}],
    ),
    "5 Books": (
        (
            "from binance.sansio.book.orderbook import OrderBook as broken\n"
            "apply = broken.apply\n"
            "broken.apply = lambda self, event: apply(self, {**event, 'b': []})\n"
        ),
        [{**BOOK, "refresh": 0}],
    ),
    "6 Promises": (
        (
            "from binance.websockets import BinanceSocketManager as broken, _Future\n"
            "broken.subscribe = lambda self, key, streams: _Future()\n"
        ),
        [START, {"at": 9.0, "do": "subscribe", "socket": "s1", "streams": ["bbbtc@trade"]}],
    ),
    "7 Leftovers": (
        (
            "from binance.websockets import BinanceSocketManager as broken\n"
            "broken.close = lambda self: None\n"
        ),
        [START],
    ),
    "8 Recovery": (
        (
            "from binance.tx.wire.dial import connectWS\nimport binance.tx.sockets as broken\n"
            "dial, tries = broken.dial, []\n"
            "def once(*args, **kwargs):\n"
            "    tries.append(1)\n"
            "    from twisted.internet.defer import Deferred\n"
            "    return dial(*args, **kwargs) if len(tries) < 2 else Deferred()\n"
            "broken.dial = once\n"
        ),
        [START, {"at": 9.0, "do": "cut", "which": None}],
    ),
    "9 Secrets": (
        (
            "from binance.websockets import BinanceSocketManager as broken\n"
            "from simulation.clients import SECRET\n"
            "broken.__repr__ = lambda self: SECRET\n"
        ),
        [START],
    ),
    "10 Strays": (
        (
            "from binance.websockets import BinanceSocketManager as broken\n"
            "from twisted.internet import reactor\n"
            "broken.stop_socket = lambda self, key: reactor.callLater(1, lambda: 1 / 0)\n"
        ),
        [START, STOP],
    ),
    "11 Redundancy": (
        (
            "from binance.sansio.link.pair import Pair as broken, Report\n"
            "broken.lost = lambda self, number, now: (Report.SOCKET, True)\n"
        ),
        [{**START, "options": {"redundancy": 2}}, {"at": 9.0, "do": "cut_one", "socket": "s1"}],
    ),
    "12 Reconciled": (
        (
            "from binance.sansio.account.reconcile import Ledger as broken\n"
            "event = broken._event\n"
            "def wrong(self, *args):\n"
            "    made = event(self, *args)\n"
            "    made['o']['z'] = '7'\n"
            "    return made\n"
            "broken._event = wrong\n"
        ),
        [ACCOUNT, CUT],
    ),
}

#: the same, of what an invariant looks at besides
BROKEN_TOO = {
    "11 Redundancy": (
        (
            "from binance.tx.connection import Connection as broken\n"
            "broken.may_rotate = lambda self: True\n"
        ),
        [{**START, "options": {"redundancy": 2}}, {"at": 9.0, "do": "rotate", "socket": "s1"}],
    ),
    "1 Continuity": (
        (
            "from binance.sansio.account.reconcile import Ledger as broken\n"
            "broken._order_events = lambda self, *args: []\n"
        ),
        [ACCOUNT, CUT],
    ),
    "5 Books": (
        (
            "from binance.sansio.book.orderbook import OrderBook as broken\n"
            "apply = broken.apply\n"
            "broken.apply = lambda self, event: apply(self, {**event, 'b': []})\n"
        ),
        [FUTURES_BOOK],
    ),
    "4 Limits": (
        (
            "from binance.sansio.link.budget import ConnectBudget as broken\n"
            "broken.hold = lambda self, host, until: None\n"
        ),
        [
            START,
            {"at": 9.0, "do": "ban", "span": 20.0, "status": 429},
            {**START, "at": 15.0, "name": "s2", "kind": "raw", "streams": ["bbbtc@trade"]},
        ],
    ),
    "7 Leftovers": (
        (
            "from binance.tx.link import Link as broken\n"
            "broken.close = lambda self, patiently=False: self.abort()\n"
        ),
        [START],
    ),
}

#: what a checkpoint may have wrong
_CURSORS = """
import binance.tx.past.backfill as broken
right = broken.cursors_of
broken.cursors_of = lambda *args: {name: one + %d for name, one in right(*args).items()}
"""
#: the file is right, and the socket does not go by it
_UNREAD = """
from binance.tx.past.history import History as broken
broken._begin = lambda self, *args: None
"""

#: what a gap has named comes when the next link is lost
_FETCHED_LATE = """
from binance.tx.sessions.reconciling import Reconciler as broken
give_up = broken._give_up
def forget(self, reason):
    began = self._began
    give_up(self, reason)
    self._began = began
broken._give_up = forget
"""
_REFUSED = [
    {**ACCOUNT, "kind": "api"},
    CUT,
    {"at": 41.0, "do": "rest_fails", "span": 60.0, "kind": ["status", 418, 20]},
    {"at": 115.0, "do": "cut", "which": None},
]

#: a link that was lost stays in memory
_KEPT_LINKS = """
from binance.tx.connection import Connection as broken
broken._links = lambda self: [one for one in (self.link, self.rotation.successor) if one]
"""
_BOOKS = BROKEN["5 Books"][0]
_WHOLE = [START, {**BOOK, "refresh": 0}]
for _number, _book in enumerate((FUTURES_BOOK, COIN_BOOK, OPTION_BOOK), 2):
    _WHOLE.append({**_book, "name": f"b{_number}"})

CASES = {
    **BROKEN,
    **{f"{invariant}, too": case for invariant, case in BROKEN_TOO.items()},
    "5 Books of coinm": (_BOOKS, [COIN_BOOK]),
    "5 Books of options": (_BOOKS, [OPTION_BOOK]),
    "a checkpoint that is ahead": (_CURSORS % 3, [KEPT, RESTART]),
    "a checkpoint that is not read": (_UNREAD, [KEPT, RESTART]),
    "events after a gap": (_FETCHED_LATE, _REFUSED),
    "lost links": (_KEPT_LINKS, BROKEN["11 Redundancy"][1]),
    "a gap": ("", _REFUSED),
    "nothing": ("", [*_WHOLE, {**KEPT, "name": "s3"}, RESTART]),
}

#: Each case in a fork of one process, which imports everything once.
PROGRAM = """
import json, os, sys
import simulation.world.install
from binance.tx.loop.reactor import _process as process
from simulation.run import run
plan = {
    "seed": 1,
    "features": [],
    "symbols": {
        "aabtc": 1.0, "bbbtc": 1.0, "ffusdt": 1.0, "hhusd_perp": 1.0, "ii-991231-1-c": 1.0,
    },
    "managers": {"m1": {"dispatch": "reactor", "overflow": "drop_oldest", "queue_size": 30}},
}
for case, (broken, operations) in json.load(sys.stdin).items():
    child = os.fork()
    if not child:
        process.is_forked = False  # a simulated reactor has nothing that two could share
        exec(broken, {})
        found = [finding.invariant for finding in run({**plan, "operations": operations}).findings]
        os.write(1, json.dumps({case: found}).encode() + b"\\n")
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"{case}: its process has failed")
"""


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    """The invariants that did not hold, in each case."""
    lines = run("-c", PROGRAM, given=json.dumps(CASES)).splitlines()
    return {case: names for line in lines for case, names in json.loads(line).items()}


@pytest.mark.process
@pytest.mark.timeout(paced(330))
@pytest.mark.parametrize("invariant", BROKEN)
def test_it_fails(invariant: str, found: dict[str, list[str]]) -> None:
    assert invariant in found[invariant]


@pytest.mark.process
@pytest.mark.timeout(paced(330))
@pytest.mark.parametrize("invariant", BROKEN_TOO)
def test_it_fails_too(invariant: str, found: dict[str, list[str]]) -> None:
    assert invariant in found[f"{invariant}, too"]


@pytest.mark.process
@pytest.mark.timeout(paced(330))
@pytest.mark.parametrize("market", ["coinm", "options"])
def test_it_fails_for_the_books_of_each_market(market: str, found: dict[str, list[str]]) -> None:
    assert "5 Books" in found[f"5 Books of {market}"]


@pytest.mark.process
@pytest.mark.timeout(paced(330))
@pytest.mark.parametrize("what", ["is ahead", "is not read"])
def test_it_fails_for_a_checkpoint(what: str, found: dict[str, list[str]]) -> None:
    assert "1 Continuity" in found[f"a checkpoint that {what}"]


@pytest.mark.process
@pytest.mark.timeout(paced(330))
def test_it_fails_for_events_that_come_late(found: dict[str, list[str]]) -> None:
    assert "1 Continuity" in found["events after a gap"]


@pytest.mark.process
@pytest.mark.timeout(paced(330))
def test_it_fails_for_links_that_are_kept(found: dict[str, list[str]]) -> None:
    assert "11 Redundancy" in found["lost links"]


@pytest.mark.process
@pytest.mark.timeout(paced(330))
@pytest.mark.parametrize("what", ["a gap", "nothing"])
def test_nothing_fails_where_nothing_is_broken(what: str, found: dict[str, list[str]]) -> None:
    assert found[what] == []
