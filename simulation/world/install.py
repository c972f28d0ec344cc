"""Puts the simulated world under the client; import this before `binance` or a reactor.

What has a seam is given to it; for the rest, the modules `time`, `threading`, `random` and `os` are
given functions of this world's.  So whatever the client comes to use is simulated too, and nothing
else can run in this process.
"""

from __future__ import annotations

import _threading_local
import asyncio
import errno
import os
import queue
import random
import sys
import threading
import time

if "binance" in sys.modules or "twisted.internet.reactor" in sys.modules:
    raise ImportError("simulation.world.install must be imported before binance and any reactor")

from twisted.internet.main import installReactor
from twisted.python import runtime, threadable

from simulation.world import loop, rest, threads, tls
from simulation.world.dice import Dice
from simulation.world.network import Network
from simulation.world.reactor import EPOCH, Reactor

__all__ = ["EPOCH", "dice", "perf_counter", "reactor", "reset"]

#: The real one, to measure how fast a simulation is.
perf_counter = time.perf_counter

for _name in list(os.environ):
    if _name.lower().endswith("_proxy") or _name.startswith("BINANCE"):
        del os.environ[_name]
os.environ["BINANCE_CHECK_THREADS"] = "1"

reactor = Reactor()
installReactor(reactor)
threadable.isInIOThread = lambda: reactor.is_io

# Clocks
time.time = reactor.wall
time.monotonic = reactor.monotonic
time.time_ns = lambda: round(reactor.wall() * 1e9)
time.monotonic_ns = lambda: round(reactor.monotonic() * 1e9)
time.sleep = reactor.sleep
queue.time = reactor.monotonic  # type: ignore[attr-defined] # it keeps the function that it found

runtime.seconds = reactor.system_seconds  # type: ignore[misc]

# Threads
threads.use(reactor)
for _name in threads.__all__:
    if hasattr(threading, _name):
        setattr(threading, _name, getattr(threads, _name))
_threading_local.current_thread = threads.current_thread
threading.local = _threading_local.local  # type: ignore[misc]
asyncio.set_event_loop_policy(loop.Policy(reactor))

# Dice: each number depends on the moment only, so that a shorter plan goes on as the longer did
_dice = Dice(0)
_real_seed = random.seed
_draws: list[int] = [-1, 0]


def _draw() -> int:
    """How many numbers were drawn before in this moment."""
    if _draws[0] != reactor.ns:
        _draws[:] = reactor.ns, 0
    _draws[1] += 1
    return _draws[1]


def _random() -> float:
    return int.from_bytes(_dice.octets(7, "random", reactor.ns, _draw())) / (1 << 56)


def _urandom(size: int) -> bytes:
    return _dice.octets(size, "urandom", reactor.ns, _draw())


random.random = _random
random.seed = lambda *args: None  # type: ignore[assignment] # Autobahn's factories reseed
random.getrandbits = lambda bits: 0x01020304 & ((1 << bits) - 1)  # their masks
os.urandom = _urandom


# The disk is the real one, but takes no time
def _fsync(file: object) -> None:
    if reactor.disk_is_full:
        raise OSError(errno.ENOSPC, "No space left on device")


os.fsync = _fsync  # type: ignore[assignment]

from binance.depth import snapshots as _snapshots
from binance.rest import limits as _limits
from binance.rest import sessions as _sessions
from binance.tx import dependencies as _dependencies
from binance.tx.loop import reactor as _tx_reactor
from binance.tx.sessions import user_connectors as _connectors

rest.Adapter.reactor = reactor
_sessions.VerifyingAdapter = rest.Adapter  # type: ignore


def reset(seed: object, *, is_wall: bool = False, is_tls: bool = False) -> Network:
    """Begin a run: time 0, a healthy network, no state of runs before.

    Args:
        seed: of all dice.
        is_wall: delayed calls go by the wall clock, as on a reactor that the user runs.
        is_tls: the API of account streams is at a `wss://` address, and the authority of such
            addresses is trusted.
    """
    global _dice  # noqa: PLW0603 - what has been patched looks here
    _dice = Dice(seed)
    _draws[:] = -1, 0
    _real_seed(str(seed))
    reactor.reset(_dice, None, is_wall=is_wall)
    network = Network(reactor, _dice)
    reactor.network = network
    _forget()
    os.environ["BINANCE_WS_API_URL"] = f"{'wss' if is_tls else 'ws'}://{WS_API}"
    os.environ.pop("BINANCE_CA_FILE", None)
    if is_tls:
        os.environ["BINANCE_CA_FILE"] = tls.ca_file()
    return network


def dice(*name: object) -> random.Random:
    """This run's dice of that name."""
    return _dice.named(*name)


def _forget() -> None:
    """What the client keeps for the process."""
    for module, name in _SHARED:
        shared = getattr(module, name, None)
        clear = getattr(getattr(shared, "_hosts", shared), "clear", None)
        if clear is not None:
            clear()
    _limits.GATES.forget()
    connectors = getattr(_connectors, "connectors", None)
    if connectors is not None:  # new sockets for connectors of users' subclasses
        _connectors.connectors = type(connectors)(connectors._manager, None)
    process = _tx_reactor._process
    _tx_reactor._end_lifetimes()  # those of the run before: who comes back begins another
    process.clock = None
    process.is_prepared = True
    reactor.addSystemEventTrigger("before", "shutdown", _tx_reactor._close_lifetimes)
    reactor.addSystemEventTrigger("after", "shutdown", _tx_reactor._end_lifetimes)


#: Where the client looks for the API of account streams.
WS_API = "wsapi.sim.example:443/ws-api/v3"
#: Module and name of what is shared by all managers; a name that is not there is nothing.
_SHARED = (
    (_dependencies, "shared_connects"),
    (_dependencies, "shared_connects_and_loopback"),
    (_connectors, "registered"),
    (_snapshots, "_fetchers"),
)
