"""The tables of the machines, written as text.

A row is `states | inputs | entry`: each of its inputs, in each of its states, has this entry.  `*`
stands for all states or inputs.  An entry is what the input causes, or `-` and the reason why it
happens and changes nothing.  A pair without an entry cannot happen.
"""

import enum
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

S = TypeVar("S", bound=enum.Enum)
I = TypeVar("I", bound=enum.Enum)  # noqa: E741 - as in the tables
C = TypeVar("C", bound=enum.Enum)
E = TypeVar("E")


class ImpossibleInput(Exception):
    """An input that cannot happen in this state: the caller has a bug."""


def table(
    states: type[S], inputs: type[I], text: str
) -> tuple[dict[tuple[S, I], str], dict[tuple[S, I], str]]:
    """The effects and the reasons of the rows of a text.

    :raises ValueError: a pair has two entries.
    """
    effects: dict[tuple[S, I], str] = {}
    reasons: dict[tuple[S, I], str] = {}
    for row in filter(str.strip, text.splitlines()):
        befores, events, entry = (column.strip() for column in row.split("|"))
        into = reasons if entry.startswith("- ") else effects
        for state in _members(states, befores):
            for event in _members(inputs, events):
                if (state, event) in effects or (state, event) in reasons:
                    raise ValueError(f"two entries for {event.name} while {state.name}")
                into[state, event] = entry.removeprefix("- ")
    return effects, reasons


def _members(kind: type[E], names: str) -> list[E]:
    members: Mapping[str, E] = kind.__members__  # type: ignore[attr-defined]
    return [*members.values()] if names == "*" else [members[name] for name in names.split()]


def with_next(
    states: type[S], effects: Mapping[tuple[S, I], str]
) -> dict[tuple[S, I], tuple[S, str]]:
    """Entries `STATE action ..` as the next state and the actions; `=` is the same state."""
    found = {}
    for pair, effect in effects.items():
        name, _, action = effect.partition(" ")
        found[pair] = (pair[0] if name == "=" else states[name], action)
    return found


def with_command(
    states: type[S], commands: type[C], effects: Mapping[tuple[S, I], str]
) -> dict[tuple[S, I], tuple[S, C | None]]:
    """Entries `STATE COMMAND` as the next state and the command; None if there is no command."""
    following = with_next(states, effects).items()
    return {pair: (state, commands[name] if name else None) for pair, (state, name) in following}


def entry(
    effects: Mapping[tuple[S, I], E], reasons: Mapping[tuple[S, I], str], state: S, event: I
) -> E | None:
    """The effect of an input; None if it changes nothing.

    :raises ImpossibleInput: the tables do not contain it.
    """
    if (state, event) in reasons:
        return None
    if (state, event) not in effects:
        raise ImpossibleInput(f"{event.value!r} while {state.value!r}")
    return effects[state, event]


def performed(machine: object, actions: str, steps: type[S], *facts: object) -> Iterator[Any]:
    """The commands of the actions, in order.

    An action in capitals is a step, a command without a value.  Any other is a method of the
    machine, with an underscore before its name, which gets the facts and returns commands.
    """
    for action in actions.split():
        if action.isupper():
            yield steps[action]
        else:
            yield from getattr(machine, f"_{action}")(*facts)
