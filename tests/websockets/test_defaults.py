"""The defaults of a manager and of its sockets, which are documented at the manager."""

import inspect

from binance.tx.socket import Options
from binance.websockets import BinanceSocketManager


def test_a_socket_has_the_defaults_of_its_manager():
    documented = inspect.signature(BinanceSocketManager).parameters
    options = Options()
    assert (options.queue_size, documented["queue_size"].default) == (10_000, 10_000)
    for name in ("dispatch", "overflow"):
        assert getattr(options, name) == documented[name].default
    assert options.policy.max_retries == documented["max_retries"].default == 5
