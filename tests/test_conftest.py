"""What shields the tests, and the world from them, is in force."""

import inspect
import os
import socket

import pytest
from twisted.internet._resolver import GAIResolver


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


def test_the_developers_own_settings_are_gone() -> None:
    assert [name for name in os.environ if name.startswith("BINANCE_")] == []
