"""This library on Twisted as it is, its TLS transport and its turn: what the lean ones save."""

import runpy
from pathlib import Path

from twisted.protocols.tls import BufferingTLSTransport

from binance.tx.loop import epoll_loop
from binance.tx.wire.tls import LeanTLSFactory

LeanTLSFactory.protocol = BufferingTLSTransport  # type: ignore[assignment]
epoll_loop.use_fast_loop = lambda reactor: False
runpy.run_path(str(Path(__file__).with_name("ours.py")), run_name="__main__")
