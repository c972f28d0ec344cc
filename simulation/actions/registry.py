"""What an action is: how it is drawn for a plan, and how it is performed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from simulation.exchange.market import FUTURES_KINDS, KINDS

if TYPE_CHECKING:
    from simulation.run import Run

Operation = dict[str, Any]
"""`{"at": seconds, "do": name, ..}`: the rest are arguments of the action."""


@dataclass
class Draft:
    """A plan that is being drawn."""

    dice: Random
    features: list[str]
    symbols: list[str]
    contracts: list[str]
    coin_contracts: list[str]
    options: list[str]
    managers: list[str]
    #: name in the plan -> kind, of the sockets and books that were started so far
    sockets: dict[str, str] = field(default_factory=dict)
    books: list[str] = field(default_factory=list)
    #: how those sockets were started that keep a checkpoint
    kept: dict[str, Operation] = field(default_factory=dict)

    def socket(self, *kinds: str) -> str | None:
        """One of the sockets, the later ones more likely; of these kinds."""
        names = [name for name, kind in self.sockets.items() if not kinds or kind in kinds]
        if not names:
            return None
        return names[max(self.dice.randrange(len(names)), self.dice.randrange(len(names)))]

    def streams(self, kind: str) -> list[str]:
        """All streams that a socket of this kind can have."""
        contracts = {"futures": self.contracts, "coinm": self.coin_contracts}.get(kind)
        if contracts is not None:
            return [f"{symbol}@{stream}" for symbol in contracts for stream in FUTURES_KINDS]
        return [f"{symbol}@{stream}" for symbol in self.symbols for stream in KINDS]

    def new_name(self, prefix: str) -> str:
        return f"{prefix}{len(self.sockets) + len(self.books) + 1}"


@dataclass(frozen=True)
class Action:
    """Something that the user or the world does.

    `feature` is what a plan has to have for it; None is for those that are in every plan.  `draw`
    gives the arguments, or None if there is nothing to do it to.
    """

    name: str
    feature: str | None
    weight: float
    draw: Callable[[Draft], Operation | None]
    perform: Callable[..., None]
    is_fault: bool


ACTIONS: dict[str, Action] = {}

_Perform = Callable[..., None]


def nothing(draft: Draft) -> Operation:
    """For actions without arguments."""
    return {}


def action(
    draw: Callable[[Draft], Operation | None] = nothing,
    *,
    feature: str | None = None,
    weight: float = 1.0,
    is_fault: bool = False,
) -> Callable[[_Perform], _Perform]:
    """Register `perform(run, **arguments)` as the action of its name.

    :param draw: makes the arguments, of JSON's types, from a `Draft`
    :param feature: plans that have it have this action; a fault is its own feature
    :param weight: how often, among the others
    """

    def register(perform: _Perform) -> _Perform:
        name = perform.__name__
        if name in ACTIONS:
            raise ValueError(f"there are two actions {name!r}")
        of = name if is_fault and feature is None else feature
        ACTIONS[name] = Action(name, of, weight, draw, perform, is_fault)
        return perform

    return register


def fault(
    draw: Callable[[Draft], Operation | None] = nothing, *, weight: float = 1.0
) -> Callable[[_Perform], _Perform]:
    """Register something that goes wrong in the world."""
    return action(draw, weight=weight, is_fault=True)


def perform(run: Run, operation: Operation) -> None:
    """Do what an operation of a plan says."""
    arguments = {name: value for name, value in operation.items() if name not in ("at", "do")}
    ACTIONS[operation["do"]].perform(run, **arguments)
