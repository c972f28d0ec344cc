"""The defaults of a manager and of its sockets, which are documented at the manager."""

from binance.tx.socket import Options
from binance.websockets import BinanceSocketManager


def test_a_socket_has_the_defaults_of_its_manager():
    documented = BinanceSocketManager.__init__.__kwdefaults__
    options = Options()
    assert (options.queue_size, documented["queue_size"]) == (10_000, 10_000)
    for name in ("dispatch", "overflow"):
        assert getattr(options, name) == documented[name]
    assert options.policy.max_retries == documented["max_retries"] == 5
