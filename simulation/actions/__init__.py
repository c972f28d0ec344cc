"""What the user and the world do in a run; each module registers its own."""

import simulation.world.install  # noqa: F401 - before anything of binance
from simulation.actions import books, faults, loops, orders, sockets, subscriptions, threads
from simulation.actions.registry import ACTIONS, Action, Draft, Operation, perform

__all__ = [
    "ACTIONS",
    "Action",
    "Draft",
    "Operation",
    "books",
    "faults",
    "loops",
    "orders",
    "perform",
    "sockets",
    "subscriptions",
    "threads",
]
