"""This library with Twisted's own TLS transport under it: what the lean one saves."""

import runpy
from pathlib import Path

from twisted.protocols.tls import BufferingTLSTransport

from binance.tx.tls import LeanTLSFactory

LeanTLSFactory.protocol = BufferingTLSTransport  # type: ignore[assignment]
runpy.run_path(str(Path(__file__).with_name("ours.py")), run_name="__main__")
