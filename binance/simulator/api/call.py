"""One request of the REST or the WebSocket API, and the routes that answer such requests. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from binance.simulator.api.params import Params
from binance.simulator.api.weights import LIGHT, Weigh
from binance.simulator.market.exchange import Exchange
from binance.simulator.rules.state import SimulatorState


@dataclass(slots=True)
class Call:
    """One request of the REST or the WebSocket API.

    ``query`` and ``body`` are as they were sent (signatures are taken over them); ``headers`` have
    lower-case names; ``path`` is the REST path or the method's name; ``session`` the connection to
    the WebSocket API.
    """

    state: SimulatorState
    params: Params
    now: int
    path: str = ""
    verb: str = "GET"
    query: str = ""
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    market: str = "spot"
    session: Any = None
    headers_out: dict[str, str] = field(default_factory=dict)
    """Headers for the answer."""

    @property
    def exchange(self) -> Exchange:
        """The exchange of the call's market."""
        found = self.state.market(self.market)
        assert found is not None
        return found

    @property
    def exchange_time(self) -> int:
        return self.state.exchange_time()


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer that is sent as it is: captured JSON, or HTML."""

    body: bytes
    status: int = 200
    content_type: str = "application/json;charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    is_cut: bool = False
    """Does the connection end in the middle of the body?"""


@dataclass(frozen=True, slots=True)
class Route:
    """One REST call: HTTP method, path, the function that answers, its request weight. Or one
    method of the WebSocket API: ``WS``, and its name for the path.

    The function takes a :class:`Call` and returns what is sent as JSON, or :class:`Raw`. It raises
    ``ApiError`` for what goes wrong.
    """

    verb: str
    path: str
    answer: Callable[[Call], Any]
    weigh: Weigh = LIGHT
    market: str = "spot"
