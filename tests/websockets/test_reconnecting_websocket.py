"""The awaited sockets of python-binance 1.0, with everything around them faked: how they open."""

import asyncio

import pytest

from binance.exceptions import BinanceStreamLost, ReadLoopClosed
from binance.sansio.link.reconnect import RetryPolicy
from binance.ws.constants import WSListenerState
from binance.ws.reconnecting_websocket import ReconnectingWebsocket
from tests.pace import paced
from tests.tx import test_messages
from tests.tx.rig import KEY, Rig

DEADLINE = paced(10.0)
pytestmark = pytest.mark.loopback  # an event loop opens sockets, to itself


class Manager(test_messages.Manager):
    """Opens sockets of two streams; with `limit=1` each has a connection of its own."""

    def __init__(self, limit=None, queue_size=None):
        super().__init__()
        self._limit, self._recv_queue_size = limit, queue_size

    def start_sockets(self, callback, **options):
        two = {"names": ["a@trade", "b@trade"], "limit": self._limit}
        rig = Rig(callback, RetryPolicy(1), options=options, **two)
        self.rigs.append(rig)
        self.conns[KEY] = rig.socket
        rig.start()
        return KEY


async def entering(manager):
    """A socket, and the task that opens it."""
    socket = ReconnectingWebsocket(manager, "start_sockets")
    task = asyncio.create_task(socket.connect())
    while not manager.rigs:
        await asyncio.sleep(0)
    return socket, task


async def settle():
    for _ in range(5):
        await asyncio.sleep(0)


def run(main):
    asyncio.run(asyncio.wait_for(main, DEADLINE))


@pytest.mark.parametrize("limit", [None, 1])
def test_a_block_is_entered_when_every_connection_is_open(limit):
    async def main():
        manager = Manager(limit)
        socket, task = await entering(manager)
        wire = manager.rig.wire
        assert len(wire.dials) == (limit or 0) + 1
        for _, dialing in list(wire.dials):
            await settle()
            assert not task.done()
            assert socket.ws_state is WSListenerState.RECONNECTING
            wire.dials.append(wire.dials.pop(0))
            assert wire.dials[-1][1] is dialing
            wire.open()
        assert await task is socket
        assert socket.ws_state is WSListenerState.STREAMING
        assert await socket.connect() is socket  # as in each round of a script's loop
        assert len(manager.rigs) == 1
        await socket.close()
        assert socket.ws_state is WSListenerState.EXITING
        manager.assert_nothing_left()

    run(main())


def test_a_retry_is_waited_for():
    async def main():
        manager = Manager()
        _, task = await entering(manager)
        manager.rig.wire.fail()
        await settle()
        assert not task.done()
        manager.rig.pass_time_until_dial()
        manager.rig.wire.open()
        await (await task).close()
        manager.assert_nothing_left()

    run(main())


def test_the_last_failed_try_is_raised():
    async def main():
        manager = Manager()
        socket, task = await entering(manager)
        manager.rig.wire.fail("no such host")
        manager.rig.pass_time_until_dial()
        manager.rig.wire.fail("no such host")
        with pytest.raises(BinanceStreamLost, match="no such host"):
            await task
        assert socket.ws_state is WSListenerState.EXITING
        assert manager.returned

    run(main())


def test_an_open_socket_whose_retries_fail_says_so_in_a_message_and_is_closed():
    async def main():
        manager = Manager()
        socket, task = await entering(manager)
        protocol = manager.rig.wire.open()
        await task
        protocol.lose(code=1001)
        manager.rig.pass_time_until_dial()
        manager.rig.wire.fail("no such host")
        assert (await socket.recv())["type"] == "ConnectionClosedError"
        last = await socket.recv()
        assert (last["e"], last["type"]) == ("error", "BinanceWebsocketUnableToConnect")
        with pytest.raises(ReadLoopClosed):
            await socket.recv()

    run(main())


def test_a_socket_that_is_closed_before_it_is_open():
    async def main():
        manager = Manager()
        _, task = await entering(manager)
        await asyncio.to_thread(manager.rig.socket.stop)
        with pytest.raises(ReadLoopClosed, match="before it was open"):
            await task
        manager.assert_nothing_left()

    run(main())


def test_who_waits_no_longer_leaves_nothing_open():
    async def main():
        manager = Manager()
        socket, task = await entering(manager)
        await settle()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert socket.ws_state is WSListenerState.EXITING
        manager.assert_nothing_left()

    run(main())


def test_a_task_that_enters_an_entered_socket_waits_until_it_is_open_too():
    async def main():
        manager = Manager()
        socket, first = await entering(manager)
        second, cancelled = (asyncio.create_task(socket.connect()) for _ in range(2))
        await settle()
        cancelled.cancel()
        await asyncio.wait([cancelled])
        assert not first.done()
        assert not second.done()
        protocol = manager.rig.wire.open()
        assert await first is await second is socket
        protocol.lose(code=1001)
        third = asyncio.create_task(socket.connect())
        await settle()
        assert not third.done()
        manager.rig.pass_time_until_dial()
        manager.rig.wire.open()
        assert await third is socket
        await socket.close()
        manager.assert_nothing_left()

    run(main())


def test_a_full_queue_does_not_keep_a_block_from_being_entered():
    """Reading has stopped, so that a further connection may never learn that it is subscribed."""

    async def main():
        manager = Manager(limit=1, queue_size=2)
        socket, task = await entering(manager)
        manager.rig.wire.open().say(*({"stream": "b@trade", "data": {"t": n}} for n in range(3)))
        assert await task is socket
        assert (await socket.recv())["data"] == {"t": 0}
        await socket.close()

    run(main())
