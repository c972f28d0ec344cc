"""What shields the tests, and the world from them, is in force."""

import inspect
import os
import socket

import pytest
from twisted.internet._resolver import GAIResolver

from tests import pace


@pytest.mark.parametrize("host", ["stream.binance.com", "192.0.2.1", b"api.binance.com"])
def test_no_host_but_this_one_is_found(host: str | bytes) -> None:
    with pytest.raises(socket.gaierror, match="tests stay on loopback"):
        socket.getaddrinfo(host, 443)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", None])
def test_loopback_is_found(host: str | None) -> None:
    assert socket.getaddrinfo(host, 443, socket.AF_INET)


def test_twisted_looks_hosts_up_so_too() -> None:
    parameters = inspect.signature(GAIResolver.__init__).parameters
    assert parameters["getaddrinfo"].default is socket.getaddrinfo


@pytest.mark.parametrize(
    ("passed", "worked", "rounds", "slower"),
    [
        (0.3, 0.3, 200, 1.0),  # faster than usual: no more impatient
        (0.3, 0.3, 120, 1.0),
        (0.3, 0.3, 30, 4.0),  # a slow machine
        (0.3, 0.1, 40, 3.0),  # it is shared with two others
        (0.3, 0.1, 10, 12.0),  # both
    ],
)
def test_the_pace_of_a_machine(passed: float, worked: float, rounds: int, slower: float) -> None:
    assert pace.pace(passed, worked, rounds) == pytest.approx(slower)


@pytest.mark.slow
def test_deadlines_grow_with_the_pace_that_all_processes_share() -> None:
    assert pace.paced(30.0) == 30.0 * pace.PACE >= 30.0
    assert float(os.environ["TEST_PACE"]) == pace.PACE
    assert 1.0 <= pace.measured() <= pace.MOST


def test_the_developers_own_settings_are_gone() -> None:
    ours = ["BINANCE_CHECK_THREADS"]
    assert [name for name in os.environ if name.startswith("BINANCE_")] == ours
    assert not [name for name in os.environ if name.lower().endswith(("_proxy", "_ca_bundle"))]
