"""The control routes: order faults, end them, read the statistics.

They are served on a loopback port of their own, in plain HTTP, so they work during every fault,
and on the simulator's port too.

* ``POST /_sim/fault`` ``{"kind": .., ..}`` -> ``{"id": n}``; 400 with ``{"error": ..}`` and
  what is allowed.
* ``POST /_sim/clear`` ``{}``, ``{"id": n}`` or ``{"kind": ..}`` -> ``{"ended": n}``.
* ``GET /_sim/stats`` -> connections, streams, violations, requests, weights, faults.
* ``GET /_sim/faults`` -> the kinds of faults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from twisted.web.resource import Resource
from twisted.web.server import Request

from binance.simulator.rules.fault_kinds import KINDS, Argument
from binance.simulator.rules.faults import Fault
from binance.simulator.wire.hub import Hub

PREFIX = "/_sim/"


class Control(Resource):
    """Answers the control routes."""

    isLeaf = True

    def __init__(self, hub: Hub, order_fault: Callable[[Mapping[str, Any]], Fault]) -> None:
        super().__init__()
        self._hub = hub
        self._order_fault = order_fault

    def render(self, request: Request) -> bytes:
        path = request.path.decode("latin-1").removeprefix(PREFIX)
        found = {
            (b"GET", "stats"): lambda given: statistics(self._hub),
            (b"GET", "faults"): lambda given: _kinds(),
            (b"POST", "fault"): lambda given: {"id": self._order_fault(given).number},
            (b"POST", "clear"): self._clear,
        }.get((request.method, path))
        request.setHeader("Content-Type", "application/json")
        if found is None:
            request.setResponseCode(404)
            return b'{"error": "GET stats, GET faults, POST fault or POST clear"}'
        try:
            body = request.content.read() if request.content is not None else b""
            given = orjson.loads(body or b"{}")
            if not isinstance(given, dict):
                raise ValueError("the body must be a JSON object")
            return orjson.dumps(found(given))
        except ValueError as error:
            request.setResponseCode(400)
            return orjson.dumps({"error": str(error)})

    def _clear(self, given: dict[str, Any]) -> Any:
        unknown = sorted(given.keys() - {"id", "kind"})
        if unknown:
            raise ValueError(f"unknown argument {', '.join(unknown)}; allowed: id, kind")
        kind = given.get("kind")
        if kind is not None and kind not in KINDS:
            raise ValueError(f"unknown fault kind {kind!r}; allowed: {', '.join(KINDS)}")
        return {"ended": self._hub.clear(given.get("id"), kind)}


def _kinds() -> dict[str, Any]:
    return {
        name: {
            "help": kind.help,
            "arguments": {key: _describe(each) for key, each in kind.known.items()},
        }
        for name, kind in KINDS.items()
    }


def _describe(argument: Argument) -> dict[str, Any]:
    more = {"default": argument.default, "allowed": list(argument.allowed) or None}
    return {"type": argument.type.__name__, "help": argument.help} | {
        name: value for name, value in more.items() if value is not None
    }


def statistics(hub: Hub) -> dict[str, Any]:
    """All counts of one simulator."""
    state = hub.state
    return {
        "time": state.now(),
        "connections": hub.describe(),
        "violations": dict(state.violations),
        "requests": dict(state.requests),
        "statuses": {str(status): count for status, count in state.statuses.items()},
        "handshakes": dict(state.handshakes),
        "weights": state.weights(),
        "faults": state.faults.describe(),
        "replay": state.player and {"finished": state.player.finished},
    }
