"""A model of the exchange, independent of ``binance.simulator``: a second opinion on its rules."""

from simulation.exchange.server import HOSTS, Exchange, Lost, Refused, Watcher

__all__ = ["HOSTS", "Exchange", "Lost", "Refused", "Watcher"]
