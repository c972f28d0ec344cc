"""Scale out over NATS JetStream: relays publish streams, and managers elsewhere read them.

`Relay` publishes streams; the command ``binance-sockets relay`` runs one.  A
`BinanceSocketManager(None, source="nats://host:4222")` reads what relays publish.
"""

from typing import Any

__all__ = ["Relay"]


def __getattr__(name: str) -> Any:
    if name != "Relay":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from binance.relay.relay import Relay

    return Relay
