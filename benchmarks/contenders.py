"""Who is compared: the environment, the script and the orders of each, and how much it is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Contender:
    """One column of the comparison.

    `pace` is by how much fewer messages a burst has than the fastest clients get, so that each
    takes about a second; `imports` is what a program imports to use it.
    """

    name: str
    environment: str
    script: str
    imports: str = ""
    pace: int = 1
    order: dict[str, str] = field(default_factory=dict)


ENVIRONMENTS: dict[str, list[str]] = {
    "ours": ["-e", str(ROOT)],
    "autobahn": ["autobahn", "twisted", "pyOpenSSL", "service_identity", "orjson"],
    "python-binance-0.7": ["python-binance==0.7.11"],
    "python-binance": ["python-binance", "orjson"],
    "binance-sdk": ["binance-sdk-spot"],
    "unicorn": ["unicorn-binance-websocket-api", "picows"],
    "websockets": ["websockets", "orjson"],
    "picows": ["picows", "orjson", "uvloop"],
}
#: The distributions whose versions the report names.
NAMED = (
    "autobahn",
    "orjson",
    "picows",
    "python-binance",
    "twisted",
    "ujson",
    "unicorn-binance-websocket-api",
    "uvloop",
    "websockets",
)

OURS = "ours"
STOCK = "ours on stock Twisted"
PICOWS = "picows, asyncio"
FLOOR = "orjson alone"
AUTOBAHN = "autobahn"

CONTENDERS = (
    Contender(FLOOR, "picows", "floor.py"),
    Contender(OURS, "ours", "ours.py", "binance.websockets", order={"dispatch": "reactor"}),
    Contender(STOCK, "ours", "ours_stock.py", order={"dispatch": "reactor"}),
    Contender("ours, dispatch='thread'", "ours", "ours.py", order={"dispatch": "thread"}),
    Contender("ours, for", "ours", "ours_loops.py", order={"loop": "for"}),
    Contender("ours, async for", "ours", "ours_loops.py", order={"loop": "async for"}),
    Contender(PICOWS, "picows", "picows_orjson.py", "picows", order={"loop": "asyncio"}),
    Contender("picows, uvloop", "picows", "picows_orjson.py", order={"loop": "uvloop"}),
    Contender("websockets", "websockets", "websockets_orjson.py", "websockets", pace=4),
    Contender(
        "unicorn",
        "unicorn",
        "unicorn.py",
        "unicorn_binance_websocket_api",
        pace=10,
        order={"library": "websockets"},
    ),
    Contender("unicorn on picows", "unicorn", "unicorn.py", pace=10, order={"library": "picows"}),
    Contender("unicorn, awaited", "unicorn", "unicorn_awaited.py", pace=10),
    Contender(AUTOBAHN, "autobahn", "autobahn_plain.py", "autobahn.twisted.websocket", pace=10),
    Contender(
        "python-binance 0.7",
        "python-binance-0.7",
        "python_binance_old.py",
        "binance.websockets",
        pace=10,
    ),
    Contender("python-binance 1.0", "python-binance", "python_binance_new.py", "binance", pace=20),
)
FEW = (OURS, PICOWS, "websockets")


@dataclass(frozen=True)
class Case:
    """One way of loading the clients."""

    name: str
    kind: str = "trade"
    messages: int = 1_000_000
    rate: int = 0
    tls: bool = False
    connections: int = 1
    who: tuple[str, ...] = ()
    """Names of the contenders; empty: all. The floor only where there is a burst."""

    def amount(self, contender: Contender) -> int:
        """How many messages this contender gets."""
        return self.messages if self.rate else self.messages // contender.pace


CASES = (
    Case("burst"),
    Case("burst, TLS", tls=True),
    Case("paced", messages=20_000, rate=5000),
    Case("paced, TLS", messages=20_000, rate=5000, tls=True),
    Case("depth", kind="depth", messages=200_000),
    Case("array", kind="array", messages=4000),
    Case("100 connections", connections=100, who=FEW),
    Case("100 connections, TLS", connections=100, tls=True, who=FEW),
)
IDLE = (1, 10, 100)
