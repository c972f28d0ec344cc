"""Methods that are their signature, their docstring and their route."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from binance.rest.calls import Calls

M = TypeVar("M", bound=Callable[..., Any])

NEEDED: Any = None
"""Default of a parameter that the exchange demands (-1102): the old methods demanded none."""


def by_signature(method: M) -> M:
    """A method that is its signature and docstring: its parameters go to the route of its name."""
    name, defaults = method.__name__, method.__kwdefaults__ or {}

    @functools.wraps(method)
    def call(self: Calls, **params: Any) -> Any:
        return self._by_name(name, **defaults | params)

    made: Any = call
    typed: M = made
    return typed
