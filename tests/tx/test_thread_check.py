"""What may run in the reactor thread only raises in another thread, where checks are on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from binance.sansio.link.reconnect import Failure
from binance.sansio.link.rotation import Input
from binance.tx.link import Link
from binance.tx.loop import reactor, thread_check
from binance.tx.loop.lifetime import OpenSockets
from binance.tx.loop.thread_check import reactor_thread_only
from tests.tx.rig import Rig

CALLS = {
    "Connection.start": lambda rig: rig.socket.connections[0].start(),
    "Connection.stop": lambda rig: rig.socket.connections[0].stop(),
    "Connection.rotate": lambda rig: rig.socket.connections[0].rotate(),
    "Connection.pause": lambda rig: rig.socket.connections[0].pause(),
    "Connection.expect": lambda rig: rig.socket.connections[0].expect(["a@trade"]),
    "Rotation.input": lambda rig: rig.socket.connections[0].rotation.input(Input.ASKED),
    "Link.send": lambda rig: rig.socket.connections[0].link.send(b"{}"),
    "Link.close": lambda rig: rig.socket.connections[0].link.close(),
    "Link.fail": lambda rig: rig.socket.connections[0].link.fail(Failure("x")),
    "Socket._start": lambda rig: rig.socket.start(),
    "Socket._stop": lambda rig: rig.socket.stop(),
    "Socket._rotate": lambda rig: rig.socket.rotate(),
    "Socket._change": lambda rig: rig.socket.change("SUBSCRIBE", ["b@trade"]),
    "Socket.drop": lambda rig: rig.socket.drop(rig.socket.connections[0].session),
    "Socket.gave_up": lambda rig: rig.socket.gave_up(Failure("x")),
}


@pytest.mark.parametrize("name", CALLS)
def test_in_another_thread_it_raises_and_says_which_function(name):
    here = [True]
    rig = Rig(names=["a@trade"], may_act=lambda: here[0]).start()
    rig.wire.open()
    here[0] = False
    words = rf"^{name} may run in the reactor thread only, and was called in the thread MainThread$"
    with pytest.raises(AssertionError, match=words):
        CALLS[name](rig)
    here[0] = True
    CALLS[name](rig)


def test_so_does_the_end_of_a_managers_life(monkeypatch):
    monkeypatch.setattr(reactor, "may_act", lambda: False)
    with pytest.raises(AssertionError, match=r"^OpenSockets\.stop_all may run in the reactor"):
        OpenSockets(None, None).stop_all()


@pytest.mark.parametrize("is_on", [True, False])
def test_where_checks_are_off_a_class_stays_as_it_was_written(is_on, monkeypatch):
    def change(self):
        """Changes something."""

    class Changed:
        pass

    Changed.change = change
    monkeypatch.setattr(thread_check, "IS_ON", is_on)
    assert reactor_thread_only(lambda _: True, "change")(Changed) is Changed
    assert (Changed.change is not change) == is_on


@pytest.mark.parametrize("name", ["divert", "link_read", "link_unprocessed"])
def test_what_is_called_with_each_read_or_message_is_never_checked(name):
    assert not hasattr(getattr(Link, name), "__wrapped__")


PROGRAM = """
import logging, sys, time
from binance.tx.connection import Connection
from binance.websockets import BinanceSocketManager
logging.disable()
BinanceSocketManager.STREAM_URL = "ws://127.0.0.1:1/"
with BinanceSocketManager(None) as bm:
    socket = bm._conns[bm.start_trade_socket("BNBBTC", print)]
    while not socket.connections:
        time.sleep(0.01)
    try:
        socket.connections[0].rotate()
    except AssertionError as error:
        print(error)
    print(hasattr(Connection.rotate, "__wrapped__"))
"""


@pytest.mark.process
@pytest.mark.loopback
@pytest.mark.parametrize(
    ("options", "environment", "is_on"),
    [
        ([], {}, False),
        (["-X", "dev"], {}, True),
        ([], {"BINANCE_CHECK_THREADS": "1"}, True),
    ],
    ids=["by default", "-X dev", "by the environment"],
)
def test_checks_are_off_unless_asked_for(options, environment, is_on):
    settings = ("BINANCE_CHECK_THREADS", "PYTHONDEVMODE")
    inherited = {name: value for name, value in os.environ.items() if name not in settings}
    done = subprocess.run(
        [sys.executable, *options, "-c", PROGRAM],
        cwd=Path(__file__).parents[2],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    words = "Connection.rotate may run in the reactor thread only, and was called in the thread "
    assert done.stdout.splitlines() == [words + "MainThread"] * is_on + [str(is_on)]
