"""What is said on a link of market streams: nothing, where the URL names them all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from twisted.internet.defer import Deferred

from binance.tx.connection import Link
from binance.tx.protocol import BinanceClientProtocol

if TYPE_CHECKING:
    from binance.tx.socket import Socket

__all__ = ["MarketSession"]

logger = logging.getLogger("binance")


class MarketSession:
    """One connection's worth of market streams, named in its URL."""

    def __init__(self, socket: Socket, urls: Sequence[str]) -> None:
        self._socket = socket
        self._urls = urls

    # from the connection

    def dial(self, link: Link, address: int) -> Deferred[BinanceClientProtocol]:
        return link.connect(self._urls[address % len(self._urls)])

    def begin(self, link: Link) -> None:
        link.ready()

    def sink(self, link: Link) -> Callable[[object], None]:
        return self._socket.dispatch.sink(self.control)

    def ended(self, link: Link) -> None:
        """Nothing of a link is kept here."""

    # from the sink

    def control(self, message: dict[str, object]) -> None:
        """A message that is not for the callback."""
        self._socket.messages -= 1  # `read` will count it with the others
        logger.debug("%s: control message: %r", self._socket.key, message)
