"""Managers of depth caches: the old constructors and methods, and what a user is told when.

The exchange, its client and the socket manager are small stand-ins.  The test's own thread plays
the thread that calls callbacks; snapshots are fetched in real threads where it matters that they
are, and by `Pump` where only the order matters.
"""

import queue
import re
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from binance.depth import following
from binance.depthcache import (
    BaseDepthCacheManager,
    DepthCache,
    DepthCacheManager,
)
from binance.events import Connected, Disconnected
from binance.exceptions import BinanceAPIException, BinanceConnectionError
from binance.sansio.book.bookrules import FUTURES
from binance.sansio.book.booksync import FIRST_DELAY
from tests.logs import ours
from tests.pace import paced

DEADLINE = paced(10.0)
ERROR = {"e": "error", "m": "Max reconnect retries reached"}


def event(first: int, last: int | None = None, bids: Any = (), asks: Any = ()) -> dict[str, Any]:
    last = first if last is None else last
    return {"e": "depthUpdate", "E": last * 10, "s": "BNBBTC", "U": first, "u": last} | {
        "b": [list(level) for level in bids],
        "a": [list(level) for level in asks],
    }


def answer(update_id: int, bid: str = "1.0", ask: str = "1.1") -> dict[str, Any]:
    return {"lastUpdateId": update_id, "bids": [[bid, "1.5"]], "asks": [[ask, "2.5"]]}


def refusal(status: int, code: int = -1, retry_after: str | None = None) -> BinanceAPIException:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    body = {"code": code, "msg": "no"}
    return BinanceAPIException(
        SimpleNamespace(status_code=status, headers=headers, text="", json=lambda: body)
    )


class Client:
    """Answers with what the test has put there, in order; remembers what was asked, and where."""

    def __init__(self, *answers: Any) -> None:
        self.answers: queue.Queue[Any] = queue.Queue()
        self.asked: list[dict[str, Any]] = []
        self.threads: set[threading.Thread] = set()
        for one in answers:
            self.answers.put(one)

    def get_order_book(self, **params: Any) -> Any:
        self.asked.append(params)
        self.threads.add(threading.current_thread())
        one = self.answers.get(timeout=DEADLINE)
        if callable(one):
            return one()
        if isinstance(one, Exception):
            raise one
        return one


class Sockets:
    """A socket manager of the old kind: no more than the old surface."""

    daemon = False

    def __init__(self, client: object = None) -> None:
        self.client = client
        self.callbacks: dict[str, Callable[[Any], object]] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.is_started = False
        self.opened = threading.Event()
        self.last_id = 100

    def start_depth_socket(
        self, symbol: str, callback: Callable[[Any], object], **options: Any
    ) -> str | bool:
        self.calls.append(("start_depth_socket", symbol, options))
        key = f"{symbol.lower()}@depth"
        if key in self.callbacks:
            return False
        self.callbacks[key] = callback
        self.opened.set()
        return key

    def stop_socket(self, key: str) -> None:
        self.calls.append(("stop_socket", key))
        self.callbacks.pop(key, None)

    def is_alive(self) -> bool:
        return self.is_started

    def start(self) -> None:
        self.is_started = True
        self.calls.append(("start",))

    def close(self) -> None:
        self.calls.append(("close",))
        self.callbacks.clear()

    def send(self, *messages: Any, key: str = "bnbbtc@depth") -> None:
        for message in messages:
            self.callbacks[key](message)


class Pump:
    """A fetcher that fetches when it is told to, in the test's thread."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Callable[[], None], int, float]] = []
        self.members: list[object] = []
        self.holds: list[float] = []

    def join(self, member: object) -> None:
        self.members.append(member)

    def leave(self, member: object) -> None:
        if member in self.members:
            self.members.remove(member)

    def ask(self, member: object, job: Callable[[], None], weight: int, delay: float) -> None:
        assert member in self.members
        self.jobs.append((job, weight, delay))

    def hold(self, seconds: float) -> None:
        self.holds.append(seconds)

    def fetch(self) -> float:
        job, _, delay = self.jobs.pop(0)
        job()
        return delay


@pytest.fixture
def pump(monkeypatch: pytest.MonkeyPatch) -> Pump:
    pump = Pump()
    monkeypatch.setattr(following, "fetcher_of", lambda client, pool: pump)
    return pump


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    clock = SimpleNamespace(now=1000.0, monotonic=lambda: clock.now)
    monkeypatch.setattr(following, "time", clock)
    return clock


class Seen(list[Any]):
    """What a callback got: of each `DepthCache`, its id and whether it was in step."""

    def __call__(self, cache: DepthCache | None) -> None:
        self.append(cache and (cache.update_id, cache.synced))


def make(sockets: Sockets, client: Client, **options: Any) -> DepthCacheManager:
    return DepthCacheManager(client, "BNBBTC", bm=sockets, timeout=0, **options)


def synced(sockets: Sockets, client: Client, pump: Pump, **options: Any) -> DepthCacheManager:
    """One whose book is in step at id 100."""
    dcm = make(sockets, client, **options)
    client.answers.put(answer(100))
    sockets.send(event(100))
    pump.fetch()
    assert dcm.synced
    return dcm


@pytest.mark.thread
class TestConstructor:
    """It returns when the first book is there, or raises; here with real threads."""

    @pytest.fixture
    def sockets(self) -> Iterator[Sockets]:
        sockets = Sockets()
        stop = threading.Event()

        def stream() -> None:
            """The exchange: an event, again and again, as soon as a socket is open."""
            sockets.opened.wait(DEADLINE)
            while not stop.wait(0.001):
                sockets.last_id += 1
                for callback in list(sockets.callbacks.values()):
                    callback(event(sockets.last_id))

        thread = threading.Thread(target=stream, daemon=True)
        thread.start()
        yield sockets
        stop.set()
        sockets.opened.set()
        thread.join(DEADLINE)

    def test_returns_when_the_first_book_is_there(self, sockets: Sockets) -> None:
        client = Client(lambda: answer(sockets.last_id))
        dcm = DepthCacheManager(client, "BNBBTC", None, 1800, sockets, 500)
        try:
            cache = dcm.get_depth_cache()
            assert cache is not None
            assert cache.synced
            assert cache.get_bids() == [[1.0, 1.5]]
            assert dcm.get_symbol() == "BNBBTC"
            assert client.asked == [{"symbol": "BNBBTC", "limit": 500}]
            assert [thread.name for thread in client.threads] == ["binance-snapshots"]
        finally:
            dcm.close()

    def test_asks_again_when_the_snapshot_is_old(self, sockets: Sockets) -> None:
        now = lambda: answer(sockets.last_id)  # noqa: E731
        client = Client(answer(50), OSError("no route"), {"code": 0}, now)
        dcm = DepthCacheManager(client, "BNBBTC", bm=sockets)
        dcm.close()
        assert len(client.asked) == 4

    def test_raises_what_the_exchange_says_of_the_symbol(self, sockets: Sockets) -> None:
        with pytest.raises(BinanceAPIException, match="-1121"):
            DepthCacheManager(Client(refusal(400, -1121)), "BNBBTC", bm=sockets)
        assert sockets.callbacks == {}

    def test_raises_when_the_time_is_over(self, sockets: Sockets) -> None:
        """In words that say how far it came, and with the last error as the cause."""
        client, timeout = Client(OSError("no route")), paced(1.0)
        words = re.escape(f"BNBBTC within {timeout} s: await")
        with pytest.raises(BinanceConnectionError, match=words) as raised:
            DepthCacheManager(client, "BNBBTC", bm=sockets, timeout=timeout)
        assert isinstance(raised.value.__cause__, OSError)
        assert sockets.callbacks == {}

    def test_raises_when_the_stream_gives_up(self) -> None:
        sockets = Sockets()

        def give_up() -> None:
            sockets.opened.wait(DEADLINE)
            sockets.send(ERROR)

        seen = Seen()
        threading.Thread(target=give_up, daemon=True).start()
        with pytest.raises(BinanceConnectionError, match="has given up"):
            DepthCacheManager(Client(), "BNBBTC", seen, bm=sockets)
        assert seen == [], "the exception says it"

    def test_within_a_callback_it_says_what_to_do(self) -> None:
        class Waiting(Sockets):
            def wait_open(self, key: str, timeout: float | None) -> bool:
                raise RuntimeError("in the reactor thread")

        with pytest.raises(RuntimeError, match="pass timeout=0"):
            DepthCacheManager(Client(), "BNBBTC", bm=Waiting())

    def test_a_stream_that_is_gone_before_it_was_waited_for(self) -> None:
        class Gone(Sockets):
            def wait_open(self, key: str, timeout: float | None) -> bool:
                self.send(ERROR)
                raise KeyError(key)

        with pytest.raises(BinanceConnectionError, match="has given up"):
            DepthCacheManager(Client(), "BNBBTC", bm=Gone())

    def test_a_link_that_is_open_is_as_good_as_an_event(self) -> None:
        """A quiet market: the book is there although nothing happens."""

        class Waiting(Sockets):
            def wait_open(self, key: str, timeout: float | None) -> bool:
                return True

        dcm = DepthCacheManager(Client(answer(7)), "BNBBTC", bm=Waiting())
        assert (dcm.synced, dcm.snapshot().update_id) == (True, 7)
        dcm.close()

    def test_the_old_forms_of_all_times(self) -> None:
        class Waiting(Sockets):
            def wait_open(self, key: str, timeout: float | None) -> bool:
                return True

        forms: list[Callable[[Client, Any], DepthCacheManager]] = [
            lambda c, bm: DepthCacheManager(c, "BNBBTC", callback=None, bm=bm),
            lambda c, bm: DepthCacheManager(c, "BNBBTC", None, 60 * 60, bm),
            lambda c, bm: DepthCacheManager(c, "BNBBTC", print, 0, bm=bm),
            lambda c, bm: DepthCacheManager(c, "BNBBTC", None, None, bm, 1000),
            lambda c, bm: DepthCacheManager(c, "BNBBTC", None, 1800, bm, 500, 100),
            lambda c, bm: DepthCacheManager(client=c, symbol="BNBBTC", bm=bm, ws_interval=0),
        ]
        for form in forms:
            dcm = form(Client(answer(7)), Waiting())
            dcm.close()

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            ({"symbol": ""}, "symbol must be"),
            ({"symbol": None}, "symbol must be"),
            ({"symbol": ["BNBBTC"]}, "symbol must be"),
            ({"limit": 0}, "limit must be"),
            ({"limit": "500"}, "limit must be"),
            ({"limit": True}, "limit must be"),
            ({"callback": 5}, "callback must be"),
            ({"on_resync": "x"}, "on_resync must be"),
            ({"refresh_interval": -1}, "refresh_interval must be"),
            ({"timeout": -1}, "timeout must be"),
            ({"timeout": float("nan")}, "timeout must be"),
            ({"client": None}, "client must have get_order_book"),
        ],
    )
    def test_wrong_arguments_are_refused_in_words(
        self, pump: Pump, arguments: dict[str, Any], told: str
    ) -> None:
        sockets = Sockets()
        given = {"client": Client(), "symbol": "BNBBTC", "bm": sockets} | arguments
        with pytest.raises((TypeError, ValueError), match=told):
            DepthCacheManager(**given)
        assert sockets.calls == []
        assert pump.members == []

    def test_a_coroutine_function_is_refused(self, pump: Pump) -> None:
        async def callback(cache: object) -> None:
            raise AssertionError

        with pytest.raises(TypeError, match="callback must be a plain function"):
            DepthCacheManager(Client(), "BNBBTC", callback, bm=Sockets())

    @pytest.mark.parametrize("name", ["callback", "on_resync"])
    def test_one_that_takes_no_book_is_refused(self, name: str) -> None:
        with pytest.raises(TypeError, match=f"{name} must be a plain function of one argument"):
            DepthCacheManager(Client(), "BNBBTC", bm=Sockets(), **{name: lambda: None})

    def test_a_client_that_is_a_key_is_refused_and_not_shown(self) -> None:
        with pytest.raises(TypeError, match=r"get_order_book\(.*unlike a str") as raised:
            DepthCacheManager("an api key", "BNBBTC", bm=Sockets())
        assert "an api key" not in str(raised.value)


class TestSocketManager:
    def test_a_shared_one_is_started_when_it_is_not(self, pump: Pump) -> None:
        sockets = Sockets()
        make(sockets, Client())
        assert sockets.calls == [("start_depth_socket", "BNBBTC", {}), ("start",)]

    def test_a_running_one_is_left(self, pump: Pump) -> None:
        sockets = Sockets()
        sockets.is_started = True
        make(sockets, Client(), ws_interval=100)
        assert sockets.calls == [("start_depth_socket", "BNBBTC", {"interval": 100})]

    def test_a_stream_that_is_open_already_is_refused(self, pump: Pump) -> None:
        sockets = Sockets()
        first = make(sockets, Client())
        with pytest.raises(ValueError, match="open on this socket manager already"):
            make(sockets, Client())
        assert "bnbbtc@depth" in sockets.callbacks
        assert pump.members == [first]

    def test_without_one_the_cache_makes_its_own_and_closes_it(
        self, pump: Pump, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("binance.websockets.BinanceSocketManager", Sockets)
        client = Client()
        dcm = DepthCacheManager(client, "BNBBTC", timeout=0)
        assert isinstance(dcm._bm, Sockets)
        assert dcm._bm.client is client
        dcm.close()
        assert dcm._bm.calls[-2:] == [("stop_socket", "bnbbtc@depth"), ("close",)]

    def test_close_leaves_a_shared_one_open_unless_told(self, pump: Pump) -> None:
        sockets = Sockets()
        dcm = make(sockets, Client())
        assert dcm.close() is None
        assert sockets.calls[-1] == ("stop_socket", "bnbbtc@depth")
        dcm.close(close_socket=True)
        assert sockets.calls[-1] == ("close",)

    def test_an_error_on_the_way_leaves_nothing_behind(self, pump: Pump) -> None:
        class Broken(Sockets):
            def start(self) -> None:
                raise RuntimeError("the reactor was stopped")

        sockets = Broken()
        with pytest.raises(RuntimeError, match="the reactor was stopped"):
            make(sockets, Client())
        assert sockets.callbacks == {}
        assert pump.members == []


class TestCallback:
    def test_gets_the_cache_after_each_applied_event(self, pump: Pump) -> None:
        seen, same = Seen(), []
        sockets, client = Sockets(), Client(answer(101))
        dcm = make(sockets, client, callback=lambda cache: (seen(cache), same.append(cache)))
        sockets.send(event(100), event(101))
        pump.fetch()
        assert seen == [], "not in the thread that fetches"
        sockets.send(event(102), event(103, 105))
        assert seen == [(102, True), (105, True)]
        assert all(cache is dcm.get_depth_cache() for cache in same)

    def test_events_that_a_snapshot_was_brought_up_with_count_as_one(self, pump: Pump) -> None:
        seen = Seen()
        sockets, client = Sockets(), Client(answer(101))
        make(sockets, client, callback=seen)
        sockets.send(event(100), event(101), event(102), event(103))
        pump.fetch()
        sockets.send(event(104))
        assert seen == [(104, True), (104, True)]

    def test_is_not_called_for_what_was_not_applied(self, pump: Pump) -> None:
        seen = Seen()
        sockets, client = Sockets(), Client()
        synced(sockets, client, pump, callback=seen)
        sockets.send(event(90), event(100), event(150))
        assert seen == []

    def test_may_close_the_cache(self, pump: Pump) -> None:
        seen = Seen()
        sockets, client = Sockets(), Client()
        dcm = synced(sockets, client, pump, callback=lambda cache: (seen(cache), dcm.close()))
        callback = sockets.callbacks["bnbbtc@depth"]
        callback(event(101))
        callback(event(102))
        assert seen == [(101, True)]
        assert sockets.callbacks == {}

    def test_that_raises_harms_nothing(self, pump: Pump) -> None:
        sockets, client = Sockets(), Client()
        dcm = synced(sockets, client, pump, callback=lambda cache: 1 / 0)
        for i in (101, 102):
            with pytest.raises(ZeroDivisionError):
                sockets.send(event(i))
        assert dcm.snapshot().update_id == 102
        assert dcm.synced

    def test_update_time_is_that_of_the_event(self, pump: Pump) -> None:
        sockets, client = Sockets(), Client()
        dcm = synced(sockets, client, pump)
        sockets.send(event(101))
        cache = dcm.get_depth_cache()
        assert cache is not None
        assert cache.update_time == 1010


class TestOldFaults:
    def test_an_error_message_is_no_event(self, pump: Pump) -> None:
        """It used to fall through: KeyError 'U'.  None, once, and nothing after it."""
        seen = Seen()
        sockets, client = Sockets(), Client()
        dcm = synced(sockets, client, pump, callback=seen)
        cache, callback = dcm.get_depth_cache(), sockets.callbacks["bnbbtc@depth"]
        assert cache is not None
        callback(dict(ERROR))
        assert seen == [None]
        assert dcm.get_depth_cache() is None
        assert sockets.calls[-1] == ("stop_socket", "bnbbtc@depth")
        callback(event(101))
        callback(dict(ERROR))
        assert seen == [None]
        assert (cache.synced, cache.get_bids()) == (False, [[1.0, 1.5]])
        assert (dcm.synced, dcm.best_bid, dcm.spread) == (False, cache.best_bid, cache.spread)

    def test_an_error_message_without_a_callback(self, pump: Pump) -> None:
        sockets, client = Sockets(), Client()
        dcm = synced(sockets, client, pump)
        sockets.send(dict(ERROR))
        assert dcm.get_depth_cache() is None

    def test_a_legal_first_event_fetches_no_second_snapshot(self, pump: Pump) -> None:
        """U <= lastUpdateId + 1 <= u used to count as a gap."""
        sockets, client = Sockets(), Client(answer(100))
        dcm = make(sockets, client)
        sockets.send(event(90, 99), event(100, 110))
        pump.fetch()
        sockets.send(event(111))
        assert dcm.synced
        assert len(client.asked) == 1
        assert pump.jobs == []

    @pytest.mark.thread
    def test_nothing_is_fetched_in_the_thread_of_callbacks(self) -> None:
        fetched = threading.Semaphore(0)

        class Noted(DepthCacheManager):
            def _wake(self) -> None:
                fetched.release()

        sockets, client = Sockets(), Client(answer(100), answer(200))
        dcm = Noted(client, "BNBBTC", bm=sockets, timeout=0)
        try:
            for i in (100, 200):
                sockets.send(event(i))
                assert fetched.acquire(timeout=DEADLINE)
                assert dcm.synced
            assert [thread.name for thread in client.threads] == ["binance-snapshots"]
        finally:
            dcm.close()

    def test_a_message_that_brings_a_gap_is_not_applied_again(self, pump: Pump) -> None:
        sockets, client = Sockets(), Client()
        dcm = synced(sockets, client, pump)
        sockets.send(event(105, bids=[("0.5", "9")]))
        client.answers.put(answer(110))
        pump.fetch()
        cache = dcm.get_depth_cache()
        assert cache is not None
        assert cache.get_bids() == [[1.0, 1.5]]


class TestResync:
    def test_the_last_book_stays_and_the_new_one_takes_its_place_at_once(self, pump: Pump) -> None:
        sockets, client, told = Sockets(), Client(), Seen()
        dcm = synced(sockets, client, pump, on_resync=told)
        sockets.send(event(101, bids=[("1.05", "7")]), event(110))
        assert told == [(101, False)]
        assert (dcm.synced, dcm.snapshot().synced) == (False, False)
        assert [float(number) for number in dcm.best_bid or ()] == [1.05, 7.0]
        client.answers.put(answer(112, bid="0.9"))
        pump.fetch()
        assert dcm.synced
        assert [float(number) for number in dcm.best_bid or ()] == [0.9, 1.5]
        assert told == [(101, False)], "not in the thread that fetches"
        sockets.send(event(113))
        assert told == [(101, False), (113, True)]

    def test_a_crossed_book_is_fetched_anew(self, pump: Pump) -> None:
        sockets, client, told = Sockets(), Client(), Seen()
        dcm = synced(sockets, client, pump, on_resync=told)
        sockets.send(event(101, bids=[("1.2", "1")]))
        assert told == [(101, False)]
        assert len(pump.jobs) == 1
        client.answers.put(answer(101, bid="1.0"))
        pump.fetch()
        assert dcm.synced

    def test_the_first_book_is_no_resync(self, pump: Pump) -> None:
        told = Seen()
        sockets, client = Sockets(), Client()
        synced(sockets, client, pump, on_resync=told)
        sockets.send(event(101))
        assert told == []

    def test_a_lost_link_is_told_where_the_manager_tells_it(self, pump: Pump) -> None:
        sockets, client, told = Telling(), Client(), Seen()
        dcm = synced(sockets, client, pump, on_resync=told)
        (key,) = sockets.followed
        lost = Disconnected(key=key, when=1.0, code=1006, reason="lost", http_status=None)
        sockets.send({"e": "link", "event": lost}, key=key)
        assert (dcm.synced, told, pump.jobs) == (False, [(100, False)], [])
        sockets.send({"e": "link", "event": Connected(key=key, when=2.0)}, key=key)
        client.answers.put(answer(300))
        pump.fetch()
        assert told == [(100, False), (300, True)], "at once, without an event"


class Conn:
    """What a manager of today has under a key."""

    def __init__(self, sockets: "Stopping", key: str) -> None:
        self.sockets, self.key = sockets, key
        self.dispatch = SimpleNamespace(drops_messages=sockets.drops_messages)

    def restart_ids(self) -> None:
        self.sockets.restarted.append(self.key)


class TellingConn(Conn):
    """It tells the callback of its link, and passes our own messages on."""

    def follow(self) -> None:
        self.sockets.followed.append(self.key)

    def inject(self, message: object) -> None:
        self.sockets.send(message, key=self.key)


class Stopping(Sockets):
    """A socket manager of today: it knows what has a key, and tells of whoever stops it."""

    conn_type = Conn

    def __init__(self) -> None:
        super().__init__()
        self.conns: dict[str, object] = {}
        self.followed: list[str] = []
        self.stopped: dict[str, Callable[[], None]] = {}
        self.restarted: list[str] = []
        self.drops_messages = False

    def start_depth_socket(
        self, symbol: str, callback: Callable[[Any], object], **options: Any
    ) -> str | bool:
        key = super().start_depth_socket(symbol, callback, **options)
        self.conns[str(key)] = self.conn_type(self, str(key))
        return key

    def _when_stopped(self, key: str, stopped: Callable[[], None]) -> object:
        self.stopped[key] = stopped
        return self.conns[key]

    def _stop_own(self, key: str, conn: object) -> None:
        if self.conns.get(key) is conn:
            self.stop_socket(key)

    def stop_socket(self, key: str) -> None:
        callback = self.callbacks.get(key)
        super().stop_socket(key)
        self.conns.pop(key, None)
        if key in self.stopped:
            self.stopped.pop(key)()
            if callback is not None:
                callback({"e": "stopped"})


class Telling(Stopping):
    """One whose sockets tell all that ours do."""

    conn_type = TellingConn


def test_a_link_that_is_lost_again_when_it_was_waited_for_is_lost(pump: Pump) -> None:
    class Waiting(Telling):
        def wait_open(self, key: str, timeout: float | None) -> bool:
            down = Disconnected(key=key, when=2.0, code=1006, reason="lost", http_status=None)
            self.send({"e": "link", "event": Connected(key=key, when=1.0)})
            self.send({"e": "link", "event": down})
            return True

    with pytest.raises(BinanceConnectionError, match="buffering"):
        DepthCacheManager(Client(), "BNBBTC", bm=Waiting(), timeout=0.01)


def test_who_reads_synced_without_a_lock_finds_the_book_that_it_is_true_of(
    pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []

    class Read(DepthCache):
        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if name == "synced" and value:
                found.append(self.update_id)

    monkeypatch.setattr(following, "DepthCache", Read)
    synced(Sockets(), Client(), pump)
    assert found == [100]


class Moving:
    """A market with a level at each whole price, which moves by some levels with each event."""

    def __init__(self) -> None:
        self.update_id = self.best_bid = 10_000
        self.limits: list[int] = []

    def get_order_book(self, symbol: str, limit: int) -> dict[str, Any]:
        self.limits.append(limit)
        bids = [[str(self.best_bid - i), "1"] for i in range(limit)]
        asks = [[str(self.best_bid + 1 + i), "1"] for i in range(limit)]
        return {"lastUpdateId": self.update_id, "bids": bids, "asks": asks}

    def move(self, levels: int) -> dict[str, Any]:
        old, self.best_bid = self.best_bid, self.best_bid + levels
        self.update_id += 1
        low, high = sorted((old, self.best_bid))
        passed = [str(price) for price in range(low + 1, high + 1)]
        is_up = levels > 0
        bids = [(price, "1" if is_up else "0") for price in passed]
        return event(
            self.update_id, bids=bids, asks=[(price, "0" if is_up else "1") for price in passed]
        )


@pytest.mark.parametrize("levels", [3, -3])
@pytest.mark.parametrize("early", [0, 4])
def test_a_short_book_of_a_market_that_moves_on_is_followed_by_a_longer_one(
    pump: Pump, monkeypatch: pytest.MonkeyPatch, levels: int, early: int
) -> None:
    sockets, client, resyncs = Sockets(), Moving(), Seen()
    dcm = make(sockets, client, limit=10, on_resync=resyncs)  # type: ignore[arg-type]
    sockets.send(client.move(levels))
    first = client.get_order_book("BNBBTC", 10)
    with monkeypatch.context() as late:
        late.setattr(client, "get_order_book", lambda **params: first)
        sockets.send(*(client.move(levels) for _ in range(early)))
        pump.fetch()
    for _ in range(100):
        while pump.jobs:
            assert pump.fetch() <= FIRST_DELAY
        sockets.send(client.move(levels))
    assert dcm.synced
    assert (dcm.best_bid or [0])[0] == client.best_bid
    assert client.limits == [10, 500]
    assert len(resyncs) == (0 if early else 2)


class TestSomebodyElseStopsTheSocket:
    def test_the_book_is_out_of_step_at_once_and_the_callback_hears_of_it(self, pump: Pump) -> None:
        sockets, client, seen, resyncs = Stopping(), Client(), Seen(), Seen()
        dcm = synced(sockets, client, pump, callback=seen, on_resync=resyncs)
        cache = dcm.get_depth_cache()
        assert cache is not None
        stopped = sockets.stopped.pop("bnbbtc@depth")
        callback = sockets.callbacks["bnbbtc@depth"]
        stopped()
        assert (cache.synced, dcm.synced, seen) == (False, False, [])
        assert cache.best_bid is not None, "the last book stays readable"
        callback(event(101))
        assert cache.update_id == 100
        callback({"e": "stopped"})
        assert (resyncs, seen) == ([(100, False)], [None])
        assert dcm.get_depth_cache() is None
        assert pump.members == []
        callback({"e": "stopped"})
        assert seen == [None]

    def test_its_own_close_calls_nobody(self, pump: Pump) -> None:
        sockets, client, seen, resyncs = Stopping(), Client(), Seen(), Seen()
        dcm = synced(sockets, client, pump, callback=seen, on_resync=resyncs)
        dcm.close()
        assert (seen, resyncs, dcm.synced) == ([], [], False)

    @pytest.mark.thread
    def test_a_constructor_that_waits_raises(self) -> None:
        sockets = Stopping()

        def stop() -> None:
            sockets.opened.wait(DEADLINE)
            while "bnbbtc@depth" not in sockets.stopped:
                pass
            sockets.stop_socket("bnbbtc@depth")

        threading.Thread(target=stop, daemon=True).start()
        with pytest.raises(BinanceConnectionError, match="was stopped"):
            DepthCacheManager(Client(), "BNBBTC", bm=sockets)

    def test_a_second_close_leaves_the_keys_next_socket_alone(self, pump: Pump) -> None:
        for sockets in (Sockets(), Stopping()):
            dcm = make(sockets, Client())
            dcm.close()
            sockets.start_depth_socket("BNBBTC", print)
            dcm.close()
            assert sockets.callbacks == {"bnbbtc@depth": print}

    def test_so_does_the_first_where_the_key_is_anothers(self, pump: Pump) -> None:
        sockets, seen = Stopping(), Seen()
        dcm = make(sockets, Client(), callback=seen)
        given_up = sockets.callbacks.pop("bnbbtc@depth")
        sockets.start_depth_socket("BNBBTC", print)  # the key is free before the callback hears
        given_up(dict(ERROR))
        assert seen == [None]
        dcm.close()
        assert sockets.callbacks == {"bnbbtc@depth": print}


class TestQueues:
    def test_one_that_drops_messages_is_refused_in_words(self, pump: Pump) -> None:
        sockets = Stopping()
        sockets.drops_messages = True
        with pytest.raises(ValueError, match="needs every event, but overflow='latest'"):
            make(sockets, Client())
        assert sockets.callbacks == {}
        assert pump.members == []

    @pytest.mark.parametrize(
        ("dispatch", "asked"), [("thread", {"overflow": "block"}), ("reactor", {})]
    )
    def test_one_that_loses_nothing_is_asked_for(
        self, pump: Pump, dispatch: str, asked: dict[str, str]
    ) -> None:
        sockets = Stopping()
        sockets._options = SimpleNamespace(dispatch=dispatch)  # type: ignore[attr-defined]
        make(sockets, Client(), ws_interval=100)
        assert sockets.calls[0] == ("start_depth_socket", "BNBBTC", {"interval": 100, **asked})

    def test_an_old_override_is_called_as_of_old(self, pump: Pump) -> None:
        class Old(Stopping):
            _options = SimpleNamespace(dispatch="thread")

            def start_depth_socket(  # type: ignore[override]
                self, symbol: str, callback: Callable[[Any], object], depth: Any = None
            ) -> str | bool:
                return super().start_depth_socket(symbol, callback)

        sockets = Old()
        make(sockets, Client())
        assert sockets.calls[0] == ("start_depth_socket", "BNBBTC", {})


def test_a_snapshot_below_the_last_book_has_the_watch_forget_its_ids(pump: Pump) -> None:
    sockets, client = Stopping(), Client()
    dcm = synced(sockets, client, pump)
    down = Disconnected(key="k", when=1.0, code=1006, reason="lost", http_status=None)
    sockets.send({"e": "link", "event": down})
    sockets.send({"e": "link", "event": Connected(key="k", when=2.0)})
    client.answers.put(answer(300))
    pump.fetch()
    assert (dcm.synced, sockets.restarted) == (True, [])
    sockets.send({"e": "link", "event": down})
    sockets.send({"e": "link", "event": Connected(key="k", when=2.0)})
    for restarted in ([], ["bnbbtc@depth"]):  # the first one may be late
        client.answers.put(answer(20))
        pump.fetch()
        assert (dcm.synced, sockets.restarted) == (bool(restarted), restarted)
    sockets.send(event(21))
    assert dcm.snapshot().update_id == 21


class TestRefresh:
    def test_the_book_is_replaced_every_so_often(self, pump: Pump, clock: SimpleNamespace) -> None:
        sockets, client, told = Sockets(), Client(), Seen()
        dcm = synced(sockets, client, pump, refresh_interval=60, on_resync=told)
        clock.now += 59
        sockets.send(event(101))
        assert pump.jobs == []
        clock.now += 1
        sockets.send(event(102), event(103))
        assert len(pump.jobs) == 1
        assert dcm.synced
        client.answers.put(answer(103, bid="0.8"))
        pump.fetch()
        assert [float(number) for number in dcm.best_bid or ()] == [0.8, 1.5]
        clock.now += 60
        sockets.send(event(104))
        assert len(pump.jobs) == 1
        assert told == []

    @pytest.mark.parametrize("interval", [0, None])
    def test_it_can_be_switched_off(
        self, pump: Pump, clock: SimpleNamespace, interval: int | None
    ) -> None:
        sockets, client = Sockets(), Client()
        synced(sockets, client, pump, refresh_interval=interval)
        clock.now += 10 * 24 * 3600
        sockets.send(event(101))
        assert pump.jobs == []

    def test_half_an_hour_is_the_default(self, pump: Pump, clock: SimpleNamespace) -> None:
        sockets, client = Sockets(), Client()
        synced(sockets, client, pump)
        clock.now += 1799
        sockets.send(event(101))
        assert pump.jobs == []
        clock.now += 1
        sockets.send(event(102))
        assert len(pump.jobs) == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("error", "held"),
        [
            (refusal(429, retry_after="17"), 17.0),
            (refusal(418, retry_after="0.000"), 0.0),
            (refusal(418, retry_after="300"), 300.0),
            (refusal(429), 30.0),
            (refusal(418), 120.0),
        ],
    )
    def test_a_limit_stops_all_books_of_the_client(
        self, pump: Pump, error: Exception, held: float
    ) -> None:
        sockets, client = Sockets(), Client(error)
        dcm = make(sockets, client)
        sockets.send(event(100))
        pump.fetch()
        assert pump.holds == [held]
        assert len(pump.jobs) == 1
        client.answers.put(answer(100))
        pump.fetch()
        assert dcm.synced

    def test_another_clients_exception_is_understood(self, pump: Pump) -> None:
        class Foreign(Exception):
            status_code = 429
            response = SimpleNamespace(headers={"Retry-After": "9"})

        sockets, client = Sockets(), Client(Foreign())
        make(sockets, client)
        sockets.send(event(100))
        pump.fetch()
        assert pump.holds == [9.0]

    @pytest.mark.parametrize("status", [400, 404])
    def test_a_refusal_of_the_first_snapshot_is_final(self, pump: Pump, status: int) -> None:
        """Where the constructor has returned already, the callback is told by None."""
        seen = Seen()
        sockets, client = Telling(), Client(refusal(status, -1121))
        dcm = make(sockets, client, callback=seen)
        sockets.send(event(100))
        pump.fetch()
        assert seen == [None]
        assert dcm.get_depth_cache() is None

    @pytest.mark.parametrize("status", [403, 408, 425])
    def test_one_that_may_pass_is_not(self, pump: Pump, status: int) -> None:
        """A time-out of the exchange, or a limit of its firewall."""
        sockets, client = Telling(), Client(refusal(status, -1007), answer(100))
        dcm = make(sockets, client)
        sockets.send(event(100))
        pump.fetch()
        assert pump.fetch() > 0
        assert dcm.synced

    @pytest.mark.parametrize("error", [refusal(400), refusal(503), OSError("x"), TypeError("x")])
    def test_once_there_was_a_book_no_refusal_is_final(
        self, pump: Pump, error: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        sockets, client = Sockets(), Client()
        dcm = synced(sockets, client, pump)
        sockets.send(event(105))
        delays = []
        for _ in range(3):
            client.answers.put(error)
            delays.append(pump.fetch())
        assert delays == sorted(delays)
        assert caplog.text.count("no snapshot of BNBBTC") == 3
        client.answers.put(answer(105))
        pump.fetch()
        assert dcm.synced

    @pytest.mark.parametrize(
        ("limit", "weight"), [(1, 5), (100, 5), (101, 25), (500, 25), (1000, 50), (5000, 250)]
    )
    def test_the_weight_is_the_limits(self, pump: Pump, limit: int, weight: int) -> None:
        sockets = Sockets()
        make(sockets, Client(), limit=limit)
        sockets.send(event(1))
        assert pump.jobs[0][1] == weight

    def test_a_failure_is_no_error_once_a_snapshot_is_there(self, pump: Pump) -> None:
        no_route = OSError("no route")
        sockets, client = Sockets(), Client(no_route, answer(100))
        dcm = make(sockets, client)
        sockets.send(event(100))
        pump.fetch()
        assert dcm.error is no_route
        pump.fetch()
        assert (dcm.synced, dcm.error) == (True, None)
        sockets.send(dict(ERROR))
        assert isinstance(dcm.error, BinanceConnectionError)


class TestAfterClose:
    @pytest.mark.parametrize("late", [answer(100), OSError("too late"), refusal(429)])
    def test_a_snapshot_that_comes_late_changes_nothing(
        self, pump: Pump, late: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        seen = Seen()
        sockets, client = Sockets(), Client(late)
        dcm = make(sockets, client, callback=seen)
        sockets.send(event(100))
        cache = dcm.get_depth_cache()
        dcm.close()
        pump.fetch()
        assert cache is not None
        assert (dcm.synced, cache.get_bids(), seen, pump.holds) == (False, [], [], [])
        assert ours(caplog) == []

    def test_the_book_can_still_be_read(self, pump: Pump) -> None:
        sockets, client = Sockets(), Client()
        dcm = synced(sockets, client, pump)
        dcm.close()
        taken = dcm.snapshot()
        assert not taken.synced
        assert (taken.bids[0], taken.asks[0]) == (dcm.best_bid, dcm.best_ask)
        assert taken.spread == dcm.spread


class TestSubclasses:
    def test_the_methods_of_old_may_be_overridden(self, pump: Pump) -> None:
        calls: list[str] = []

        class Mine(DepthCacheManager):
            def _init_cache(self) -> None:
                calls.append("init")
                super()._init_cache()

            def _depth_event(self, msg: Any) -> None:
                calls.append(msg["e"])
                super()._depth_event(msg)

            def _process_depth_message(self, msg: Any, buffer: bool = False) -> None:
                calls.append(f"{msg['U']}")
                super()._process_depth_message(msg)

        sockets, client = Sockets(), Client(answer(100))
        dcm = Mine(client, "BNBBTC", bm=sockets, timeout=0)
        sockets.send(event(100))
        pump.fetch()
        sockets.send(event(101), event(105), dict(ERROR))
        update = ["depthUpdate", "100", "init", "depthUpdate", "101", "depthUpdate", "105", "init"]
        assert calls == [*update, "error"]
        assert dcm.get_depth_cache() is None

    def test_an_override_of_old_is_called_where_it_may_block_and_its_book_is_adopted(
        self, pump: Pump
    ) -> None:
        """The body of python-binance 0.7, whose buffer of messages is always empty here."""

        class Mine(DepthCacheManager):
            def _init_cache(self) -> None:
                self._last_update_id = None
                self._depth_message_buffer = []
                res = self._client.get_order_book(symbol=self._symbol, limit=self._limit)
                for bid in res["bids"]:
                    self._depth_cache.add_bid(bid)  # type: ignore[union-attr]
                for ask in res["asks"]:
                    self._depth_cache.add_ask(ask)  # type: ignore[union-attr]
                self._last_update_id = res["lastUpdateId"]
                for msg in self._depth_message_buffer:
                    self._process_depth_message(msg, buffer=True)
                self._depth_message_buffer = []

        self.adopts(Mine, pump)

    def test_so_is_that_of_the_last_version_of_old(self, pump: Pump) -> None:
        class Mine(DepthCacheManager):
            def _init_cache(self) -> None:
                self._last_update_id = None
                res = self._client.get_order_book(symbol=self._symbol, limit=self._limit)
                super()._init_cache()
                for bid in res["bids"]:
                    self._depth_cache.add_bid(bid)  # type: ignore[union-attr]
                for ask in res["asks"]:
                    self._depth_cache.add_ask(ask)  # type: ignore[union-attr]
                self._last_update_id = res["lastUpdateId"]

        class Further(Mine):
            def _init_cache(self) -> None:
                super()._init_cache()

        self.adopts(Mine, pump)
        self.adopts(Further, pump)

    def adopts(self, kind: type[DepthCacheManager], pump: Pump) -> None:
        sockets, client, seen = Sockets(), Client(), Seen()
        dcm = kind(client, "BNBBTC", seen, bm=sockets, timeout=0, limit=1)
        cache = dcm.get_depth_cache()
        assert cache is not None
        sockets.send(event(100), event(101, bids=[["1.05", "7"]]))
        assert client.asked == []
        client.answers.put(answer(100))
        pump.fetch()
        assert (dcm.synced, cache.update_id, cache.synced) == (True, 101, True)
        assert [str(level.price) for level in dcm.snapshot().bids] == ["1.05", "1.00"]
        assert str(dcm.snapshot().bid_horizon) == "1.00"
        sockets.send(event(105))
        client.answers.put(answer(105, "0.9"))
        assert not dcm.synced
        pump.fetch()
        assert (dcm.get_depth_cache(), cache.update_id, dcm.synced) == (cache, 105, True)
        assert cache.get_bids() == [[0.9, 1.5]]
        dcm.close()

    @pytest.mark.parametrize("fills", [True, False])
    def test_what_an_override_has_not_fetched_is_unknown(self, pump: Pump, fills: bool) -> None:
        """It may ask for any number of levels, whatever the constructor's `limit` is."""

        class Fetching(DepthCacheManager):
            def _get_snapshot(self) -> Any:
                return self._client.get_order_book(symbol=self._symbol, limit=5)

        class Filling(Fetching):
            def _init_cache(self) -> None:
                res = self._get_snapshot()
                self._depth_cache.add_bid(res["bids"][0])  # type: ignore[union-attr]
                self._depth_cache.add_ask(res["asks"][0])  # type: ignore[union-attr]
                self._last_update_id = res["lastUpdateId"]

        sockets, client = Sockets(), Client(answer(100))
        dcm = (Filling if fills else Fetching)(client, "BNBBTC", bm=sockets, timeout=0)
        sockets.send(event(100))
        pump.fetch()
        sockets.send(event(101, bids=[["1.0", "0"], ["0.5", "2"]]))
        assert not dcm.synced
        client.answers.put(answer(101, "0.9"))
        assert pump.fetch() > 0, "small books are not fetched again and again without a pause"
        assert (dcm.synced, str(dcm.snapshot().bids[0].price)) == (True, "0.9")

    @pytest.mark.parametrize("is_closed", [False, True])
    def test_what_an_override_fills_is_put_away_when_it_fails(
        self, pump: Pump, is_closed: bool
    ) -> None:
        class Mine(DepthCacheManager):
            def _init_cache(self) -> None:
                raise BinanceConnectionError("no network")

        dcm = Mine(Client(), "BNBBTC", bm=Sockets(), timeout=0)
        if is_closed:
            dcm.close()
        with pytest.raises(BinanceConnectionError):
            dcm._filled()
        assert dcm._depth_cache is (None if is_closed else dcm._cache)

    def test_what_an_override_of_old_raises_is_a_failed_try(self, pump: Pump) -> None:
        class Mine(DepthCacheManager):
            def _init_cache(self) -> None:
                res = self._client.get_order_book(symbol=self._symbol, limit=self._limit)
                for bid in res["bids"]:
                    self._depth_cache.add_bid(bid)  # type: ignore[union-attr]
                self._last_update_id = res["lastUpdateId"]

        sockets, client = Sockets(), Client(OSError("no route"), answer(100))
        dcm = Mine(client, "BNBBTC", bm=sockets, timeout=0)
        sockets.send(event(100))
        pump.fetch()
        assert (dcm.synced, len(pump.jobs)) == (False, 1)
        pump.fetch()
        assert dcm.synced

    @pytest.mark.thread
    @pytest.mark.parametrize("knows_add_bid", [True, False])
    def test_an_override_that_does_neither_is_refused_at_once(self, knows_add_bid: bool) -> None:
        class Empty(DepthCacheManager):
            def _init_cache(self) -> None:
                pass

        class Idle(DepthCacheManager):
            def _init_cache(self) -> None:
                if self._last_update_id:
                    self._depth_cache.add_bid([])  # type: ignore[union-attr]

        sockets = Sockets()

        def stream() -> None:
            sockets.opened.wait(DEADLINE)
            sockets.send(event(100))

        threading.Thread(target=stream, daemon=True).start()
        with pytest.raises(TypeError, match="_init_cache must call the base class' method"):
            (Idle if knows_add_bid else Empty)(Client(), "BNBBTC", bm=sockets)
        assert sockets.callbacks == {}

    @pytest.mark.parametrize(
        "name", ["_depth_event", "_process_depth_message", "_init_cache", "_start_socket"]
    )
    def test_an_override_that_nobody_would_await_is_refused(self, name: str) -> None:
        """As subclasses for python-binance 1.0 have them."""

        async def override(self: object, *arguments: object) -> None: ...

        sockets, kind = Sockets(), type("Mine", (DepthCacheManager,), {name: override})
        with pytest.raises(TypeError, match=f"Mine.{name} must be a plain function"):
            kind(Client(), "BNBBTC", bm=sockets)
        assert sockets.callbacks == {}

    def test_without_a_constructor_that_waits_the_callback_hears_of_it(self, pump: Pump) -> None:
        class Empty(DepthCacheManager):
            def _init_cache(self) -> None:
                pass

        sockets, seen = Sockets(), Seen()
        Empty(Client(), "BNBBTC", seen, bm=sockets, timeout=0)
        sockets.send(event(100))
        assert seen == [None]

    def test_another_market_says_how_it_is_followed(self, pump: Pump) -> None:
        class Futures(BaseDepthCacheManager):
            _rules = FUTURES

            def _get_conn_key(self) -> Any:
                return self._bm.start_depth_socket(self._symbol, self._depth_event)

            def _get_snapshot(self) -> dict[str, Any]:
                return answer(100)

        sockets = Sockets()
        dcm = Futures(None, "BNBBTC", bm=sockets, timeout=0)
        sockets.send(event(90, 105) | {"pu": 80})
        pump.fetch()
        sockets.send(event(150, 160) | {"pu": 105})
        assert dcm.synced
        assert dcm.snapshot().update_id == 160
        assert dcm._refresh_interval == BaseDepthCacheManager.DEFAULT_REFRESH

    def test_the_base_class_alone_follows_nothing(self, pump: Pump) -> None:
        with pytest.raises(NotImplementedError, match="BaseDepthCacheManager must say how"):
            BaseDepthCacheManager(Client(), "BNBBTC", bm=Sockets())
        assert pump.members == []
