"""A forked child does not wait for its parent's threads."""

import os
import threading
import time

import pytest
from requests.exceptions import ConnectTimeout, ReadTimeout

from binance.client import Client
from binance.rest import locks
from binance.rest.limits import GATES
from binance.rest.locks import ForkSafeLock
from tests.client.conftest import NOW
from tests.pace import paced
from tests.programs import exit_code


def is_free(lock: ForkSafeLock, seconds: float) -> bool:
    taken = threading.Event()

    def take() -> None:
        with lock:
            taken.set()

    threading.Thread(target=take, daemon=True).start()
    return taken.wait(seconds)


@pytest.mark.thread
def test_one_thread_at_a_time_and_all_are_renewed() -> None:
    client = Client()
    mine = [ForkSafeLock(), client._clock_locks["api"], client._sessions._lock, GATES._lock]
    mine.append(GATES.of("https://api.binance.com/api", "api")._lock)
    for lock in mine:
        lock.__enter__()  # as of a thread that the child has not
        assert not is_free(lock, 0.2)
    locks._renew_all()
    assert all(is_free(lock, paced(10.0)) for lock in mine)


@pytest.mark.thread
def test_the_clock_of_one_market_does_not_wait_for_that_of_another(make) -> None:
    client, is_waiting, measure = make("K" * 64, "S" * 64), [], Client._measure_clock
    spot = threading.Thread(target=client.get_account)

    def slow(call) -> None:
        if call.family == "fapi":
            spot.start()
            spot.join(paced(10.0))
            is_waiting.append(spot.is_alive())
        measure(client, call)

    client._measure_clock = slow
    client.futures_account()
    assert is_waiting == [False]


@pytest.mark.thread
def test_who_waits_for_a_measurement_that_fails_gets_its_failure(make) -> None:
    client, entering, failures, waits = make("K" * 64, "S" * 64), [], [], threading.Event()

    class Watched(ForkSafeLock):
        def __enter__(self) -> None:
            if entering:
                waits.set()
            entering.append(self)
            super().__enter__()

    def ask() -> None:
        try:
            client.get_account()
        except ConnectTimeout as error:
            failures.append(error)

    def fail(call) -> None:
        other.start()
        assert waits.wait(paced(10.0))
        raise ConnectTimeout("connect timed out")

    other = threading.Thread(target=ask)
    client._clock_locks["api"], client._measure_clock = Watched(), fail
    ask()
    other.join()
    assert len(failures) == 2
    del client._measure_clock
    assert client.get_account() == {}  # the next one asks again


@pytest.mark.thread
@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get_account(requests_params={"timeout": 0.05}),
        lambda client: client._request("get", "https://gateway.example/api/v3/account", True),
    ],
)
def test_it_gets_none_of_a_call_with_other_options_or_another_host(make, script, ask) -> None:
    client, waits = make("K" * 64, "S" * 64), threading.Event()
    balances: list[object] = []

    class Watched(ForkSafeLock):
        def __enter__(self) -> None:
            if threading.current_thread() is other:
                waits.set()
            super().__enter__()

    def fail(call) -> None:
        del client._measure_clock  # of the other call it works
        other.start()
        assert waits.wait(paced(10.0))
        raise ReadTimeout("read timed out")

    other = threading.Thread(target=lambda: balances.append(client.get_account()))
    client._clock_locks["api"], client._measure_clock = Watched(), fail
    with pytest.raises(ReadTimeout):
        ask(client)
    other.join()
    assert (balances, script.clock_asked) == ([{}], ["/api/v3/time"])


def test_nor_a_failure_from_before_the_clock_was_measured(client) -> None:
    """Of three, the second measures it and the third is behind the lock all the while."""

    class Later(ForkSafeLock):
        def __enter__(self) -> None:
            super().__enter__()
            now = time.monotonic()
            client._learned.unmeasured["api"] = now, ReadTimeout("read timed out"), "", {}
            client._clock("api").measured(now, now, NOW)

    client._clock_locks["api"] = Later()
    assert client.get_account() == {}


def test_a_signal_handler_may_call_the_client_whose_lock_its_thread_holds() -> None:
    lock = ForkSafeLock()
    with lock:
        assert lock._lock.acquire(blocking=False)  # what `with` does, without a hang
        lock._lock.release()


PROGRAM = """
import os, sys, threading
from binance.client import Client

class Blocking(Client):
    def _measure_clock(self, needed_by):
        if os.getpid() != parent:
            return super()._measure_clock(needed_by)
        held.set()
        threading.Event().wait()

parent, held = os.getpid(), threading.Event()
client = Blocking("K" * 64, "S" * 64)
threading.Thread(target=client.get_account, daemon=True).start()
held.wait()
child = os.fork()
if not child:
    client.API_URL = "http://127.0.0.1:1/api"
    client._sleep = lambda seconds: None
    try:
        client.get_account()
    except Exception as error:
        os._exit(7 if "refused" in str(error) else 1)
os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.process
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_child_forked_while_a_thread_measures_the_clock_makes_its_calls() -> None:
    assert exit_code(PROGRAM) == 7  # nobody listens at that port: it came as far as that
