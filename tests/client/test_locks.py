"""A forked child does not wait for its parent's threads."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import binance
from binance.client import Client
from binance.rest import locks
from binance.rest.limits import GATES
from binance.rest.locks import ForkSafeLock
from tests.pace import paced


def is_free(lock: ForkSafeLock) -> bool:
    taken = threading.Event()

    def take() -> None:
        with lock:
            taken.set()

    threading.Thread(target=take, daemon=True).start()
    return taken.wait(0.2)


@pytest.mark.thread
def test_one_thread_at_a_time_and_all_are_renewed() -> None:
    client = Client()
    mine = [ForkSafeLock(), client._clock_lock, client._sessions._lock, GATES._lock]
    mine.append(GATES.of("https://api.binance.com/api", "api")._lock)
    for lock in mine:
        lock.__enter__()  # as of a thread that the child has not
        assert not is_free(lock)
    locks._renew_all()
    assert all(is_free(lock) for lock in mine)


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
    environment = os.environ | {"PYTHONPATH": str(Path(binance.__path__[0]).parent)}
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    done = subprocess.run(command, env=environment, timeout=paced(60), check=False)
    assert done.returncode == 7  # nobody listens at that port: it came as far as that
