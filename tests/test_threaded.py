"""The books of `ThreadedDepthCacheManager`, without an exchange: names, callbacks, ends."""

import asyncio
import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from binance.depth import following
from binance.depthcache import DepthCache
from binance.threaded import ThreadedDepthCacheManager
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


@pytest.mark.parametrize("name", ["https_proxy", "proxy"])
def test_a_proxy_has_either_name(name: str) -> None:
    manager: Any = ThreadedDepthCacheManager(**{name: "http://a.example:1"})  # type: ignore[arg-type]
    assert manager._client._sessions.proxy == "http://a.example:1"
    assert manager._manager._open_sockets.links.proxy == "http://a.example:1"


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
