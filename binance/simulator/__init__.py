"""A local exchange: for demonstrations, for tests of programs that trade, and for this project's
own.

``python -m binance.simulator`` serves REST, market streams and the WebSocket API on one loopback
port, over TLS with a throw-away certificate authority. :class:`Exchange` is the market itself, pure
and seeded; :class:`ExchangeProcess` runs a server in a child process;
:mod:`binance.simulator.pytest_plugin` brings the pytest fixture ``exchange``.
"""

from binance.simulator.market.exchange import Event, Exchange
from binance.simulator.run.exchange_process import ExchangeProcess, SimulatorError

__all__ = ["Event", "Exchange", "ExchangeProcess", "SimulatorError"]
