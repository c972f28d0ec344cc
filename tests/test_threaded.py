"""The books of `ThreadedDepthCacheManager`, without an exchange: names, callbacks, ends."""

import asyncio
import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from binance.depth import following
from binance.depthcache import DepthCache
from binance.threaded import ThreadedDepthCacheManager, ThreadedWebsocketManager
from tests.depthcache.test_manager import (
    DEADLINE,
    ERROR,
    Client,
    Pump,
    Sockets,
    answer,
    event,
)

NAME = "bnbbtc@depth10"


@pytest.fixture
def pump(monkeypatch: pytest.MonkeyPatch) -> Pump:
    pump = Pump()
    monkeypatch.setattr(following, "fetcher_of", lambda client, pool: pump)
    return pump


def test_a_book_that_has_ended_is_started_again_under_its_name(pump: Pump) -> None:
    dcm, sockets = ThreadedDepthCacheManager(), Sockets()
    for _ in range(3):
        assert dcm.start_depth_cache(print, "BNBBTC", bm=sockets) == NAME
        sockets.send(dict(ERROR))
    assert dcm.start_depth_cache(print, "BNBBTC", bm=sockets) == NAME
    assert "bnbbtc@depth" in sockets.callbacks
    dcm.stop_socket(NAME)
    assert sockets.callbacks == {}


def test_each_book_that_lives_has_a_name_of_its_own(pump: Pump) -> None:
    dcm, managers = ThreadedDepthCacheManager(), [Sockets() for _ in range(3)]
    names = [dcm.start_depth_cache(print, "BNBBTC", bm=sockets) for sockets in managers]
    assert len(set(names)) == 3
    dcm.stop()
    assert [sockets.callbacks for sockets in managers] == [{}, {}, {}]


def test_books_of_one_symbol_live_side_by_side(pump: Pump) -> None:
    dcm, managers = ThreadedDepthCacheManager(), [Sockets() for _ in range(3)]
    unused = iter(managers[1:])
    dcm._manager, dcm._make = managers[0], lambda: next(unused)  # type: ignore[assignment]
    names = [dcm.start_depth_cache(print, "BNBBTC", limit=limit) for limit in (10, 100, 10)]
    assert names == [NAME, "bnbbtc@depth100", f"DepthCacheManager:{NAME}"]
    dcm.stop_socket(names[1])
    assert [("close",) in sockets.calls for sockets in managers] == [False, True, False]
    assert [len(sockets.callbacks) for sockets in managers] == [1, 0, 1]
    dcm.stop()
    assert all(("close",) in sockets.calls for sockets in managers)


def test_the_process_waits_for_no_book_of_a_daemon(pump: Pump) -> None:
    dcm, managers = ThreadedDepthCacheManager(), [Sockets(), Sockets()]
    dcm._manager, dcm._make = managers[0], lambda: managers[1]  # type: ignore[assignment]
    dcm.daemon = True
    for limit in (10, 100):
        dcm.start_depth_cache(print, "BNBBTC", limit=limit)
    assert [sockets.is_started and sockets.daemon for sockets in managers] == [True, True]


def test_books_of_one_symbol_on_two_markets_share_the_manager(pump: Pump) -> None:
    class BothMarkets(Sockets):
        def start_futures_depth_socket(self, symbol: str, callback: Any, **options: Any) -> str:
            return "usdm:bnbbtc@depth"

    dcm, sockets = ThreadedDepthCacheManager(), BothMarkets()
    dcm._manager, dcm._make = sockets, lambda: pytest.fail("one is enough")  # type: ignore[assignment]
    dcm.start_depth_cache(print, "BNBBTC")
    dcm.start_futures_depth_socket(print, "BNBBTC")


def test_a_second_book_that_ends_at_once_closes_its_manager(pump: Pump) -> None:
    class NoStream(Sockets):
        def start(self) -> None:
            super().start()
            self.send(dict(ERROR))

    dcm, second = ThreadedDepthCacheManager(), NoStream()
    dcm._manager, dcm._make = Sockets(), lambda: second  # type: ignore[assignment]
    for limit in (10, 100):
        dcm.start_depth_cache(print, "BNBBTC", limit=limit)
    assert ("close",) in second.calls


def test_two_books_of_one_symbol_do_not_share_a_manager_that_was_given(pump: Pump) -> None:
    dcm, sockets = ThreadedDepthCacheManager(), Sockets()
    dcm.start_depth_cache(print, "BNBBTC", bm=sockets)
    with pytest.raises(ValueError, match="is open on this socket manager already"):
        dcm.start_depth_cache(print, "BNBBTC", bm=sockets, limit=100)


def test_options_of_a_made_manager_are_refused_even_where_a_script_looks_first() -> None:
    twm: Any = ThreadedWebsocketManager()
    with pytest.raises(RuntimeError, match=r"give demo=.* to the constructor"):
        hasattr(twm, "_client_params")
    assert not hasattr(twm, "_no_such")


def test_names_of_sockets_can_be_looked_up_where_1_0_has_them() -> None:
    twm: Any = ThreadedWebsocketManager()
    twm._names["bnbbtc@trade"] = "bnbbtc@trade"
    assert twm._socket_running == {"bnbbtc@trade": True}
    with pytest.raises(TypeError):
        twm._socket_running["bnbbtc@trade"] = False


@pytest.mark.parametrize("url", ["http://a.example:1", ""])
@pytest.mark.parametrize("other", [{}, {"https_proxy": None, "proxy": None}])
@pytest.mark.parametrize("name", ["https_proxy", "proxy"])
def test_a_proxy_has_either_name(name: str, other: dict[str, Any], url: str) -> None:
    manager: Any = ThreadedDepthCacheManager(**other | {name: url})
    assert manager._client._sessions.proxy_of("https://b.example", {}) == url
    assert manager._manager._open_sockets.links.proxy == url


@pytest.mark.parametrize("callback", [None, lambda: None, "print"])
def test_what_takes_no_book_is_refused_at_once(callback: Any, pump: Pump) -> None:
    sockets = Sockets()
    with pytest.raises(TypeError, match="callback must be callable, with one argument for the ord"):
        ThreadedDepthCacheManager().start_depth_cache(callback, "BNBBTC", bm=sockets)
    assert sockets.calls == []


@pytest.fixture
def no_loop_is_left() -> Iterator[None]:
    """Of this test: earlier ones may have left some."""
    before = set(threading.enumerate())
    yield
    mine = [one for one in threading.enumerate() if "bnbbtc" in one.name.lower()]
    for thread in set(mine) - before:
        thread.join(DEADLINE)
        assert not thread.is_alive()


@pytest.mark.usefixtures("no_loop_is_left")
@pytest.mark.thread
@pytest.mark.loopback  # an event loop opens sockets, to itself
@pytest.mark.parametrize("is_stopped", [True, False])
def test_a_coroutine_function_is_awaited_for_each_book(pump: Pump, is_stopped: bool) -> None:
    got: queue.Queue[Any] = queue.Queue()

    async def callback(book: DepthCache | dict[str, str]) -> None:
        await asyncio.sleep(0)
        got.put(book.update_id if isinstance(book, DepthCache) else book["type"])

    dcm, sockets = ThreadedDepthCacheManager(), Sockets()
    dcm._client = Client(answer(100))  # type: ignore[assignment]
    name = dcm.start_depth_cache(callback, "BNBBTC", bm=sockets)
    sockets.send(event(100))
    pump.fetch()
    for update_id in (101, 102):
        sockets.send(event(update_id))
        assert got.get(timeout=DEADLINE) == update_id
    if is_stopped:
        dcm.stop_socket(name)
    else:
        sockets.send(dict(ERROR))
        assert got.get(timeout=DEADLINE) == "BinanceWebsocketUnableToConnect"


@pytest.mark.usefixtures("no_loop_is_left")
@pytest.mark.thread
@pytest.mark.loopback
def test_no_loop_is_left_where_a_book_is_refused(pump: Pump) -> None:
    async def callback(book: object) -> None:
        raise AssertionError

    with pytest.raises(ValueError, match="limit must be"):
        ThreadedDepthCacheManager().start_depth_cache(callback, "BNBBTC", bm=Sockets(), limit=0)
