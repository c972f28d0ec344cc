"""A book that is awaited, without sockets: what wakes `recv`, and what it raises."""

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import pytest

from binance.depth import following
from binance.depthcache import DepthCacheManager
from binance.events import Connected, Disconnected
from binance.exceptions import BinanceAPIException, BinanceConnectionError, ReadLoopClosed
from tests.depthcache.test_manager import (
    DEADLINE,
    ERROR,
    Client,
    Pump,
    Sockets,
    answer,
    event,
    make,
    refusal,
    synced,
)
from tests.tx.rig import Rig

pytestmark = pytest.mark.loopback  # an event loop opens sockets, to itself

UP = Connected(key="k", when=2.0)
DOWN = Disconnected(key="k", when=1.0, code=1006, reason="lost", http_status=None)


@pytest.fixture
def pump(monkeypatch: pytest.MonkeyPatch) -> Pump:
    pump = Pump()
    monkeypatch.setattr(following, "fetcher_of", lambda client, pool: pump)
    return pump


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(main, DEADLINE))


def test_a_book_that_replaces_another_is_a_change_without_an_event(pump: Pump) -> None:
    async def main() -> None:
        sockets, client = Sockets(), Client()
        async with synced(sockets, client, pump) as dcm:
            sockets.send(event(101))
            await asyncio.sleep(0)
            await dcm.recv()
            dcm._handle(dcm._sync.refresh)
            client.answers.put(answer(108))
            pump.fetch()
            book = await dcm.recv()
            assert (book.update_id, book.update_time) == (108, 1010)
            sockets.send({"e": "link", "event": DOWN}, {"e": "link", "event": UP})
            client.answers.put(answer(200))
            pump.fetch()
            assert (await dcm.recv()).update_id == 200

    run(main())


def test_the_first_book_is_there_with_its_first_event_which_has_a_time(pump: Pump) -> None:
    async def main() -> None:
        sockets, client = Sockets(), Client(answer(7))
        async with make(sockets, client) as dcm:
            sockets.send({"e": "link", "event": UP})
            pump.fetch()
            await asyncio.sleep(0)
            assert dcm._changed is not None
            assert not dcm._changed.is_set()
            sockets.send(event(8))
            assert (await dcm.recv()).update_time == 80

    run(main())


def test_a_snapshot_with_events_is_one_change(pump: Pump) -> None:
    async def main() -> None:
        sockets, client = Sockets(), Client(answer(100))
        async with make(sockets, client) as dcm:
            sockets.send(event(100), event(101))
            pump.fetch()
            sockets.send(event(102))
            assert (await dcm.recv()).update_id == 102
            await asyncio.sleep(0)
            assert dcm._changed is not None
            assert not dcm._changed.is_set()

    run(main())


def test_a_callback_that_raises_keeps_no_change_from_who_awaits_it(pump: Pump) -> None:
    def broken(cache: object) -> None:
        raise LookupError

    async def main() -> None:
        sockets, client = Sockets(), Client()
        async with synced(sockets, client, pump, callback=broken) as dcm:
            await dcm.recv()
            with pytest.raises(LookupError):
                sockets.send(event(101))
            assert (await dcm.recv()).update_id == 101

    run(main())


def awaited(client: Client, timeout: float | None = DEADLINE) -> tuple[Sockets, DepthCacheManager]:
    """A depth cache as an `AsyncClient` makes it: its constructor does not wait."""
    sockets, owner = Sockets(), SimpleNamespace(blocking_client=client)
    return sockets, DepthCacheManager(owner, "BNBBTC", bm=sockets, timeout=timeout)


async def entering(dcm: DepthCacheManager) -> "asyncio.Task[DepthCacheManager]":
    task = asyncio.create_task(dcm.__aenter__())
    await asyncio.sleep(0)
    assert not task.done()
    return task


def test_a_block_is_entered_with_the_first_book_which_recv_returns_with_a_time(pump: Pump) -> None:
    async def main() -> None:
        sockets, dcm = awaited(Client(answer(7)))
        task = await entering(dcm)
        sockets.send({"e": "link", "event": UP})
        pump.fetch()
        assert await task is dcm
        assert dcm.synced
        receiving = asyncio.create_task(dcm.recv())
        await asyncio.sleep(0)
        assert not receiving.done()
        sockets.send(event(8))
        assert (await receiving).update_time == 80
        await dcm.__aexit__()

    run(main())


def test_a_first_book_with_events_is_returned_once(pump: Pump) -> None:
    async def main() -> None:
        sockets, dcm = awaited(Client(answer(100)))
        task = await entering(dcm)
        sockets.send(event(100), event(101))
        pump.fetch()
        sockets.send(event(102))
        await task
        assert (await dcm.recv()).update_id == 102
        assert dcm._changed is not None
        assert not dcm._changed.is_set()
        dcm.close()

    run(main())


def test_what_prevents_the_first_book_is_raised_on_entering(pump: Pump) -> None:
    async def main() -> None:
        sockets, dcm = awaited(Client(refusal(400, -1121)))
        task = await entering(dcm)
        sockets.send({"e": "link", "event": UP})
        pump.fetch()
        sockets.send({"e": "link", "event": UP})
        with pytest.raises(BinanceAPIException, match="-1121"):
            await task
        sockets, dcm = awaited(Client())
        task = await entering(dcm)
        sockets.send(ERROR)
        with pytest.raises(BinanceConnectionError, match="has given up"):
            await task
        _, dcm = awaited(Client())
        task = await entering(dcm)
        await asyncio.to_thread(dcm.close)
        with pytest.raises(ReadLoopClosed):
            await task

    run(main())


class Exiting(Sockets):
    """Its socket is a real one, in which a callback exits."""

    def start_depth_socket(self, symbol: str, callback: Any, **options: Any) -> str | bool:
        self.socket = Rig(callback).start().socket
        return super().start_depth_socket(symbol, callback, **options)

    def _when_stopped(self, key: str, stopped: Callable[[], None]) -> object:
        self.socket.when_stopped(stopped)
        return self.socket

    def exit(self) -> None:
        self.socket.dispatch.failed(SystemExit())
        self.socket.stop()


@pytest.mark.parametrize("when", ["before", "while entering", "within"])
def test_after_an_exit_in_a_callback_nothing_is_awaited(pump: Pump, when: str) -> None:
    async def main() -> None:
        sockets, owner = Exiting(), SimpleNamespace(blocking_client=Client(answer(100)))
        dcm = DepthCacheManager(owner, "BNBBTC", bm=sockets, timeout=None)
        if when == "before":
            sockets.exit()
        waiting = asyncio.create_task(dcm.__aenter__())
        await asyncio.sleep(0)
        if when == "within":
            sockets.send(event(100))
            pump.fetch()
            await waiting
        receiving = asyncio.create_task(dcm.recv())
        await asyncio.sleep(0)
        if when != "before":
            sockets.exit()
        for task in (waiting, receiving)[when == "within" :]:
            with pytest.raises(BinanceConnectionError, match="was stopped"):
                await task
        if when == "within":
            dcm.close()
        assert pump.members == []

    run(main())


def test_a_first_book_that_is_late_or_not_waited_for_any_more(pump: Pump) -> None:
    async def main() -> None:
        sockets, dcm = awaited(Client(OSError("no route")), timeout=0.1)
        task = await entering(dcm)
        sockets.send({"e": "link", "event": UP})
        pump.fetch()
        with pytest.raises(BinanceConnectionError, match=r"within 0\.1 s: await") as raised:
            await task
        assert isinstance(raised.value.__cause__, OSError)
        assert sockets.callbacks == {}
        sockets, dcm = awaited(Client(), timeout=None)
        task = await entering(dcm)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert sockets.callbacks == {}

    run(main())


def test_without_a_timeout_a_block_is_entered_at_once(pump: Pump) -> None:
    async def main() -> None:
        _, dcm = awaited(Client(), timeout=0)
        async with dcm:
            assert not dcm.synced

    run(main())


@pytest.mark.parametrize("is_entered", [False, True])
def test_the_end_of_its_event_loop_closes_it(
    pump: Pump, is_entered: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise the manager, which is no daemon, would keep the process from ending."""

    async def main() -> tuple[Sockets, DepthCacheManager]:
        sockets, dcm = awaited(Client(answer(100)), timeout=0)
        if is_entered:
            await dcm.__aenter__()
        return sockets, dcm

    sockets, dcm = asyncio.run(main())
    with caplog.at_level("WARNING", "binance"):
        sockets.callbacks["bnbbtc@depth"](event(100))
    assert "its event loop has ended" in caplog.text
    assert dcm.get_depth_cache() is None
    assert sockets.callbacks == {}


def test_after_a_close_an_earlier_failure_is_not_raised(pump: Pump) -> None:
    async def main() -> None:
        sockets, client = Sockets(), Client(OSError("no route"))
        async with make(sockets, client) as dcm:
            sockets.send(event(100))
            pump.fetch()
            dcm.close()
            with pytest.raises(ReadLoopClosed, match="the book was closed"):
                await dcm.recv()

    run(main())
