"""Short functions for the rows of the route table."""

from __future__ import annotations

from typing import Any

from binance.sansio.names.routes.shape import Route, Security, State

NONE = Security.NONE
MARKET = Security.MARKET_DATA
STREAM = Security.USER_STREAM
DATA = Security.USER_DATA
TRADE = Security.TRADE


def same(
    name: str, method: str, path: str, security: Security, weight: int = 1, **more: Any
) -> Route:
    return Route(name, method, path, security, weight, State.SAME, **more)


def new(
    name: str, method: str, path: str, security: Security, weight: int = 1, **more: Any
) -> Route:
    return Route(name, method, path, security, weight, State.NEW, **more)


def moved(
    name: str, method: str, path: str, security: Security, weight: int, was: str, **more: Any
) -> Route:
    return Route(name, method, path, security, weight, State.MOVED, was=was, **more)


def gone(
    name: str, method: str, path: str, replacement: str, security: Security = DATA, **more: Any
) -> Route:
    return Route(name, method, path, security, 1, State.RETIRED, replacement=replacement, **more)
