"""The reactor of the process, the thread that runs it, and the lifetimes of managers on it.

Twisted's reactor is global, and it can run only once in a process.  It is installed when the first
manager needs it.  It runs in a daemon thread, or where the user's program runs it already.  A
manager has a *lifetime*, from `start()` to its end after `close()`, with a thread that only waits.
So the process continues after the last line of a script, and `join()` waits for the manager's end.

How a process ends
------------------

At the end of the main thread the interpreter runs the callbacks of `threading._register_atexit` in
that thread, before it waits for the other threads.  Our callback waits there for the end of all
lifetimes, because Ctrl-C arrives only in the main thread.  All managers are closed by a
`KeyboardInterrupt` that the script did not catch (`sys.last_type`), or by one that arrives during
this wait.  No signal handler or excepthook is needed, so those of the user stay in place.

When the reactor is stopped, by any code, each manager first gets time to close its sockets with a
handshake.  Then the lifetimes end.

The asyncio loop of a program may end without `reactor.stop()`.  Then nothing is called any more, so
the managers' threads look whether the loop was closed, and end.
"""

import asyncio
import contextlib
import functools
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.error import ReactorAlreadyRunning
from twisted.internet.threads import deferToThreadPool
from twisted.python import threadable

from binance.exceptions import BinanceReactorError
from binance.tx.loop import clock as clocks
from binance.tx.loop import epoll_loop
from binance.tx.loop.clock import SteadyReactor, keep_steady
from binance.tx.wire import compat

logger = logging.getLogger("binance")

#: Around a call that ends something: a process whose reactor cannot be used has nothing to end.
ENDING = contextlib.suppress(BinanceReactorError)
#: `reactor.stop()` in another thread only sets a flag; this regular call makes the loop see it.
TICK_SECONDS = 0.5
#: Seconds between two checks whether the system clock was set, on a reactor of the user.
LOOK_SECONDS = 1.0
#: Maximum seconds for the closing handshakes when the reactor stops.
CLOSE_SECONDS = 0.7
#: Maximum seconds to close all managers after Ctrl-C.
INTERRUPT_SECONDS = 1.5
#: Maximum seconds until a running asyncio loop makes a first call.  Used only where nothing else
#: shows whether the loop runs.
LOOP_SECONDS = 1.0
#: Seconds of one part of an endless wait on Windows, where Ctrl-C does not interrupt a wait.
PART_SECONDS = 0.5
#: Threads to start before the main thread ends: CPython 3.12.0 to 3.12.2 cannot start them later.
RESOLVER_THREADS = 4


class Manager(Protocol):
    """What is open and can be closed, in any thread."""

    @property
    def daemon(self) -> bool: ...
    def close(self) -> None: ...


class Lifetime:
    """One lifetime of a manager, from `start()` to the end after `close()`.

    :param stop_all: closes the sockets, and fires when all have ended; reactor thread.
    """

    def __init__(self, manager: Manager, stop_all: Callable[[], Deferred[None]]) -> None:
        self.manager = manager
        self.stop_all = stop_all
        #: set when the manager's thread may return
        self.ended = threading.Event()


class _Process:
    """The state of the process."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.lifetimes: dict[Lifetime, None] = {}  # closed in the order of their starts
        #: set when the reactor that we have started runs
        self.ready: threading.Event | None = None
        self.clock: SteadyReactor | None = None
        self.is_prepared = False
        self.is_over = False
        self.is_forked = False


_process = _Process()


def get() -> Any:
    """The reactor of the process, installed if there is none yet.

    Raises `BinanceReactorError` in a child process that was forked after the reactor was installed:
    the child shares the parent's sockets, and to use them would break both processes.  It also does
    so after the program has closed the asyncio loop of its reactor.
    """
    if _process.is_forked:
        raise BinanceReactorError(
            "this process was forked after the Twisted reactor had been installed, so sockets "
            "cannot be used in it; start managers in the parent only, or start the child with "
            "multiprocessing's 'spawn' method"
        )
    from twisted.internet import reactor

    # The name first: it spares two calls of each start of a socket.
    if "twisted.internet.asyncioreactor" in sys.modules and _has_lost_its_loop(reactor):
        raise BinanceReactorError(
            "the asyncio event loop of the Twisted reactor of this process was closed, and a "
            "reactor cannot run on another one; use all sockets in one asyncio.run(..)"
        )
    return reactor


def clock() -> Any:
    """The reactor, with timers that do not change when the system clock is set."""
    reactor = get()
    if reactor.seconds is not clocks.system_seconds:  # a call less for each start of a socket
        return reactor
    with _process.lock:
        if _process.clock is None:
            _process.clock = SteadyReactor(reactor)
        return _process.clock


def is_stopped() -> bool:
    """Whether the reactor was stopped: it cannot run again in this process."""
    reactor: Any = sys.modules.get("twisted.internet.reactor")
    if not hasattr(reactor, "running"):  # none, or another thread is about to import it
        return False
    if not compat.has("stopped reactor"):
        return _process.is_over
    return bool(reactor._stopped and reactor._startedBefore)


def in_reactor_thread() -> bool:
    """Whether the caller runs in the thread of a running reactor."""
    return bool(threadable.isInIOThread())


def is_inside() -> bool:
    """Whether the caller runs in the reactor thread, or in the loop that is about to run it.

    There a wait for the reactor would not end.
    """
    reactor = sys.modules.get("twisted.internet.reactor")
    is_ahead = not getattr(reactor, "running", True) and is_loops_thread(reactor)
    return is_ahead or in_reactor_thread()


def may_act() -> bool:
    """Whether the caller may do what belongs to the reactor thread.

    It may in that thread. While the reactor does not run, no thread is the reactor's: what was
    posted to an asyncio loop is called before the reactor starts there.
    """
    return in_reactor_thread() or not get().running


def call(function: Callable[..., object], *args: object) -> None:
    """Run `function` in the reactor thread: at once in that thread, else soon.

    Before the reactor runs, the call is queued.
    """
    reactor = get()
    if threadable.isInIOThread() and reactor.running:
        function(*args)
    else:
        reactor.callFromThread(function, *args)


def in_thread(function: Callable[[], Any]) -> Deferred[Any]:
    """Run a blocking function in one of the reactor's worker threads."""
    twisted_reactor = get()
    return deferToThreadPool(twisted_reactor, twisted_reactor.getThreadPool(), function)


def check_usable() -> None:
    """:raises BinanceReactorError: the reactor was stopped, or `get` raises it."""
    get()
    if is_stopped():
        raise BinanceReactorError(
            "the Twisted reactor of this process was stopped by reactor.stop(), and a reactor "
            "cannot be started again; to end sockets and start others later use close(), which "
            "leaves the reactor running"
        )


def ensure_running() -> None:
    """Start the reactor, and return when it runs and can resolve names.

    If the program runs it already, nothing is started.  Raises like `check_usable`.
    """
    check_usable()
    reactor = get()
    with _process.lock:
        if not _process.is_prepared:
            _process.is_prepared = True
            _on_main_thread_end_call(_wait_for_lifetimes)
            reactor.addSystemEventTrigger("before", "shutdown", _close_lifetimes)
            reactor.addSystemEventTrigger("after", "shutdown", _end_lifetimes)
        ready = _process.ready
        if ready is None and not reactor.running:
            ready = _process.ready = threading.Event()
            reactor.callWhenRunning(_prepare_resolver, reactor, ready)
            if not _start_in_users_loop(reactor):
                if not _hides_its_loop(reactor):
                    keep_steady(reactor)
                threading.Thread(
                    target=_run, args=(reactor, ready), name="binance-reactor", daemon=True
                ).start()
    # A wait in the reactor's or the loop's own thread would block it.
    if ready is not None and not in_reactor_thread() and not is_loops_thread(reactor):
        ready.wait()


def _run(reactor: Any, ready: threading.Event) -> None:
    if _hides_its_loop(reactor) and _try_to_start_in_loop(reactor):
        return
    epoll_loop.use_fast_loop(reactor)
    is_over = True
    try:
        reactor.run(installSignalHandlers=False)
    except ReactorAlreadyRunning:  # the program has started it meanwhile
        is_over = False
    except Exception:
        logger.exception("the reactor could not run")
    finally:
        ready.set()
        if is_over:
            _end_lifetimes()


def _prepare_resolver(reactor: Any, ready: threading.Event) -> None:
    pool = reactor.getThreadPool()
    # The end of an asyncio loop does not stop the pool: threads that are no daemons would continue.
    if compat.has("daemon threads"):
        pool.threadFactory = functools.partial(threading.Thread, daemon=True)
    pool.adjustPoolsize(minthreads=RESOLVER_THREADS)
    _tick(clock())
    ready.set()


def _tick(steady: Any) -> None:
    steady.callLater(TICK_SECONDS, _tick, steady)


# An asyncio reactor that is installed but not started, while the program runs its loop.


def _is_on_asyncio(reactor: Any) -> bool:
    module = sys.modules.get("twisted.internet.asyncioreactor")
    return module is not None and isinstance(reactor, module.AsyncioSelectorReactor)


def _has_lost_its_loop(reactor: Any) -> bool:
    is_visible = _is_on_asyncio(reactor) and compat.has("users' loops")
    return bool(is_visible and reactor._asyncioEventloop.is_closed())


def _hides_its_loop(reactor: Any) -> bool:
    return _is_on_asyncio(reactor) and not compat.has("users' loops")


def is_loops_thread(reactor: Any) -> bool:
    """Whether the caller runs in the thread of such a loop."""
    if not _is_on_asyncio(reactor):
        return False
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return False
    return not compat.has("users' loops") or loop is reactor._asyncioEventloop


def _start_in_users_loop(reactor: Any) -> bool:
    """Start the reactor in such a loop, if the loop is visible and runs."""
    if not _is_on_asyncio(reactor) or not compat.has("users' loops"):
        return False
    loop = reactor._asyncioEventloop
    if not loop.is_running():
        return False
    loop.call_soon_threadsafe(functools.partial(reactor.startRunning, installSignalHandlers=False))
    return True


def _try_to_start_in_loop(reactor: Any) -> bool:
    """Ask the loop to start the reactor; returns False if the loop does not run."""
    begun = threading.Event()

    def begin() -> None:
        begun.set()
        if reactor.running:
            return
        try:
            reactor.run(installSignalHandlers=False)
        except RuntimeError:  # the reactor has started, although its loop runs already
            if not reactor.running:
                raise

    reactor.callFromThread(begin)
    return begun.wait(LOOP_SECONDS)


# Lives


def begin(lifetime: Lifetime) -> None:
    """Make the process wait for `lifetime`."""
    with _process.lock:
        _process.lifetimes[lifetime] = None


def end(lifetime: Lifetime) -> None:
    """End `lifetime`: its thread returns, and the process does not wait for it any more."""
    with _process.lock:
        _process.lifetimes.pop(lifetime, None)
    lifetime.ended.set()


def wait(
    attempt: Callable[[float | None], bool],
    timeout: float | None = None,
    in_parts: bool = sys.platform == "win32",
) -> bool:
    """Wait, such that Ctrl-C ends the wait in the main thread on Windows too.

    Before Python 3.14 it is seen there only when a wait has ended:
    https://github.com/python/cpython/issues/80116

    :param attempt: waits for some seconds, or without end; whether what it waits for has come.
    """
    if timeout is not None or not in_parts:
        return attempt(timeout)
    while not attempt(PART_SECONDS):
        pass
    return True


def wait_for(lifetime: Lifetime) -> None:
    """Wait until the lifetime has ended; meanwhile check a user's reactor, and its clock."""
    try:
        steady = clock()
        if not isinstance(steady, SteadyReactor):
            wait(lifetime.ended.wait)
            return
        while not lifetime.ended.wait(LOOK_SECONDS):
            get()
            steady.look()
    except BinanceReactorError:  # its asyncio loop was closed
        _abandon(lifetime)


def _abandon(lifetime: Lifetime) -> None:
    """Close a manager whose reactor runs no more, and end its lifetime."""
    _close(lifetime)
    end(lifetime)


def _close(lifetime: Lifetime) -> None:
    """Close a manager; the others end too if the `close` of a user's subclass raises."""
    try:
        lifetime.manager.close()
    except Exception:
        logger.exception("close() of a socket manager has failed")


def _current_lifetimes() -> list[Lifetime]:
    with _process.lock:
        return list(_process.lifetimes)


def _close_lifetimes() -> Deferred[None]:
    """Close the sockets of all managers before the reactor stops; fires after the limit."""
    _process.is_over = True
    done: Deferred[None] = Deferred()
    closing = DeferredList([lifetime.stop_all() for lifetime in _current_lifetimes()])

    def finish(_: object = None) -> None:
        _end_lifetimes()  # before the reactor waits for its worker threads, which may hang
        if not done.called:
            done.callback(None)
        if deadline.active():
            deadline.cancel()

    deadline = clock().callLater(CLOSE_SECONDS, finish)
    closing.addErrback(lambda why: logger.error("sockets did not close: %s", why.getErrorMessage()))
    closing.addCallback(finish)
    return done


def _end_lifetimes() -> None:
    for lifetime in _current_lifetimes():
        end(lifetime)


# The end of the main thread


def _on_main_thread_end_call(function: Callable[[], None]) -> None:
    if not compat.has("end of the main thread"):
        return
    try:
        threading._register_atexit(function)  # type: ignore[attr-defined]
    except RuntimeError:
        logger.debug("the interpreter is shutting down already")


def _wait_for_lifetimes() -> None:
    try:
        last = getattr(sys, "last_type", None)
        if isinstance(last, type) and issubclass(last, KeyboardInterrupt):
            raise KeyboardInterrupt
        if in_reactor_thread():  # the asyncio loop that this thread has run is over
            for lifetime in _current_lifetimes():
                _abandon(lifetime)
        while waited_for := [one for one in _current_lifetimes() if not one.manager.daemon]:
            wait(waited_for[0].ended.wait)
    except KeyboardInterrupt:
        _interrupt_lifetimes()


def _interrupt_lifetimes() -> None:
    deadline = time.monotonic() + INTERRUPT_SECONDS
    lifetimes = _current_lifetimes()
    for lifetime in lifetimes:
        _close(lifetime)
    for lifetime in lifetimes:
        lifetime.ended.wait(max(0.0, deadline - time.monotonic()))
    _end_lifetimes()  # a callback that still runs ends with the process


def _after_fork_in_child() -> None:
    """Note the fork: the child has the parent's reactor, but not its threads."""
    _process.lock = threading.RLock()  # a thread of the parent may have held it
    _process.lifetimes.clear()  # else the child would wait for managers that never end in it
    if "twisted.internet.reactor" in sys.modules:
        _process.is_forked = True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
