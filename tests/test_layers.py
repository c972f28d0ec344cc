"""Who may import whom: the directions of the package, read from the source of every module.

Pure code stays pure, the client and the simulator share no bookkeeping, no modules import each
other in a circle, and importing the package installs no reactor. `TABLE` says what is allowed; a
module without a row in it fails.
"""

import ast
import graphlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.imports import MODULES, PACKAGE, ROOT, Import, imported_modules, imports
from tests.pace import paced

VALUES = ("binance.enums", "binance.exceptions", "binance.helpers", "binance.events")
PURE = (*VALUES, "binance.sansio")
MOST_FILES = 14  # modules in a folder
# fmt: off
IMPURE = frozenset({
    "asyncio", "concurrent", "http", "io", "logging", "multiprocessing", "os", "pathlib", "queue",
    "random", "secrets", "select", "selectors", "shutil", "signal", "socket", "socketserver",
    "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib.request", "uuid",
})
# fmt: on
TWISTED = frozenset({"twisted", "autobahn", "txaio", "zope", "OpenSSL", "service_identity"})
HTTP = frozenset({"requests", "urllib3", "certifi"})


@dataclass(frozen=True)
class Row:
    """What the modules at and below one name may import."""

    ours: tuple[str, ...] = ()
    third: frozenset[str] = frozenset()
    lazily: frozenset[str] = frozenset()
    """Names, ours or others', allowed inside functions only."""
    pure: bool = False


def _rooms(*names: str) -> tuple[str, ...]:
    """Rooms of the simulator, and what all of them may share with the client."""
    rooms = (f"binance.simulator.{name}" for name in names)
    return (*VALUES, "binance.sansio.names", "binance.sansio.account.signing", *rooms)


TABLE = {
    "binance": Row(),  # __init__ alone: nothing at all
    "binance.enums": Row(pure=True),
    "binance.exceptions": Row(("binance.sansio.wire.bans",), pure=True),
    "binance.events": Row(pure=True),
    "binance.messages": Row(pure=True),
    "binance.helpers": Row(("binance.exceptions",), lazily=frozenset({"dateparser"})),
    "binance.sansio": Row(PURE, pure=True),
    "binance.sansio.account.signing": Row(PURE, third=frozenset({"cryptography"}), pure=True),
    "binance.sansio.wire.data_frames": Row(PURE, lazily=frozenset({"pandas"}), pure=True),
    "binance.rest": Row((*PURE, "binance.rest"), HTTP),
    "binance.rest.calls": Row((*PURE, "binance.rest"), HTTP, lazily=frozenset({"binance.tx"})),
    "binance.rest.ws_calls": Row((*PURE, "binance.rest"), HTTP, lazily=frozenset({"binance.tx"})),
    "binance.client": Row((*PURE, "binance.rest"), HTTP),
    "binance.tx": Row((*PURE, "binance.tx"), TWISTED | {"orjson", "certifi"}),
    "binance.tx.generated": Row((*PURE, "binance.tx", "binance.messages")),
    "binance.websockets": Row(
        (*PURE, "binance.tx", "binance.ws", "binance.messages"),
        # Old scripts import these names from here; they are fetched when asked for.
        lazily=TWISTED | {"binance.client", "binance.relay"},
    ),
    "binance.ws": Row((*PURE, "binance.tx", "binance.ws")),
    # What scripts for python-binance 1.0 import.
    **dict.fromkeys(
        [
            *("binance.async_client", "binance.threaded", "binance.threaded_stream"),
            *("binance.streams", "binance.ws.streams", "binance.ws.threaded_stream"),
            "binance.ws.depthcache",
        ],
        Row(
            (
                *(*PURE, "binance.tx", "binance.ws", "binance.client", "binance.rest.generated"),
                *("binance.websockets", "binance.depthcache", "binance.threaded"),
                "binance.async_client",
                "binance.rest.sessions",  # whether the caller of a thread still waits
                "binance.rest.history",  # whose pages are awaited
            )
        ),
    ),
    "binance.relay": Row(
        (
            *(*PURE, "binance.relay", "binance.websockets", "binance.client"),
            *("binance.tx.loop.reactor", "binance.tx.wire.compat"),
        ),
        frozenset({"nats", "orjson"}),
    ),
    "binance.status": Row(
        (
            *(*PURE, "binance.status", "binance.tx.loop"),
            *("binance.tx.dependencies", "binance.rest.limits"),  # the budgets of the process
        ),
        frozenset({"orjson", "prometheus_client", "twisted"}),
    ),
    "binance.depth": Row((*PURE, "binance.depth")),
    "binance.depthcache": Row((*PURE, "binance.depth"), lazily=frozenset({"binance.websockets"})),
    "binance.simulator": Row(
        (*VALUES, "binance.sansio.names", "binance.sansio.account.signing", "binance.simulator"),
        TWISTED | {"cryptography", "orjson"},
    ),
    "binance.simulator.market": Row(_rooms("market")),
    "binance.simulator.rules": Row(_rooms("market", "rules")),
    "binance.simulator.api": Row(_rooms("market", "rules", "api")),
    "binance.simulator.accounts": Row(
        _rooms("market", "rules", "api", "accounts"), frozenset({"cryptography"})
    ),
    "binance.simulator.wire": Row(
        _rooms("market", "rules", "api", "accounts", "wire"), TWISTED | {"cryptography", "orjson"}
    ),
    "binance.simulator.run": Row(_rooms("market", "rules", "run")),
    "binance.simulator.pytest_plugin": Row(
        (*VALUES, "binance.simulator"), TWISTED | {"cryptography", "pytest"}
    ),
    "binance.cli": Row(
        (
            *(*PURE, "binance.cli", "binance.simulator", "binance.relay", "binance.status"),
            *("binance.websockets", "binance.client", "binance.depthcache"),
            "binance.tx.wire.proxy",  # `doctor` goes the way that the sockets go
        ),
        TWISTED | {"certifi", "click", "cryptography", "orjson", "rich"},
    ),
    "binance.cli.dashboard.board": Row((*PURE, "binance.cli"), pure=True),
    "binance.cli.dashboard.pictures": Row((*PURE, "binance.cli"), frozenset({"rich"}), pure=True),
    "binance.cli.dashboard.app": Row(("binance.cli",), frozenset({"click", "rich", "textual"})),
    "binance.__main__": Row(("binance.cli",)),
}

# Calls that read a clock or reach the world through a module that is otherwise pure.
IMPURE_CALLS = re.compile(r"(datetime|date)\.(now|utcnow|today)|open|input|print|breakpoint")


def under(name: str, tops: tuple[str, ...] | frozenset[str]) -> bool:
    return any(name == top or name.startswith(f"{top}.") for top in tops)


def row_of(module: str) -> Row | None:
    """The row of the longest name that the module is at or below. "binance" has none below."""
    while module not in TABLE:
        module = module.rpartition(".")[0]
        if module in ("", "binance"):
            return None
    return TABLE[module]


def violations(module: str, source: str) -> list[str]:
    """What the source does that its row does not allow; for a module without a row, that."""
    row = row_of(module)
    if row is None:
        return [f"{module} has no row in the table"]
    found = []
    for imported in imports(source):
        allowed = _allowed(imported, row)
        if not allowed:
            where = "in a function" if imported.inside else "at import"
            found.append(f"{module}:{imported.line} imports {imported.name} {where}")
    if row.pure:
        found += [
            f"{module}:{node.lineno} calls {ast.unparse(node.func)}"
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call) and IMPURE_CALLS.fullmatch(ast.unparse(node.func))
        ]
    return found


def _allowed(imported: Import, row: Row) -> bool:
    name = imported.name
    if imported.inside and under(name, row.lazily):
        return True
    if under(name, ("binance",)):
        # `from binance import events` arrives as binance.events; the bare package is harmless.
        return name in ("binance", "binance.__version__") or under(name, row.ours)
    if name.partition(".")[0] in sys.stdlib_module_names:
        return not (row.pure and under(name, IMPURE))
    return under(name, row.third)


def test_the_package_is_there() -> None:
    assert {"binance", "binance.enums", "binance.sansio.names.streams", "binance.tx"} <= set(
        MODULES
    )


@pytest.mark.parametrize("module", MODULES)
def test_directions(module: str) -> None:
    assert violations(module, MODULES[module].read_text(encoding="utf-8")) == []


# No circles. Imports for annotations and inside functions count: whoever reads one part of a circle
# has to read all of it.


def circle(sources: Mapping[str, str]) -> list[str]:
    """Modules each of which imports the next, the last of them being the first; or nothing."""
    graph = {name: imported_modules(source, sources) for name, source in sources.items()}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as found:
        return list(reversed(found.args[1]))  # it lists each after what it imports
    return []


#: To be broken next.
STILL_A_CIRCLE = {"binance.simulator.wire.hub", "binance.simulator.wire.websocket"}


def test_no_folder_is_crowded() -> None:
    files = Counter(str(path.parent.relative_to(PACKAGE)) for path in MODULES.values())
    assert {folder: count for folder, count in files.items() if count > MOST_FILES} == {}


def test_no_modules_import_each_other_in_a_circle() -> None:
    sources = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
    assert sum(len(imported_modules(source, sources)) for source in sources.values()) > len(sources)
    assert set(circle(sources)) <= STILL_A_CIRCLE
    assert circle({name: sources[name] for name in sources if name not in STILL_A_CIRCLE}) == []


CIRCLES = [
    ({"p.a", "p.b"}, {"p.a": "import p.b", "p.b": "from p.a import A", "p.c": "from p import a"}),
    ({"p.a", "p.b", "p.c"}, {"p.a": "import p.b", "p.b": "import p.c", "p.c": "from p import a"}),
    ({"p.a", "p.b"}, {"p.a": "import p.b", "p.b": "if TYPE_CHECKING:\n    from p.a import A"}),
    ({"p.a", "p.b"}, {"p.a": "import p.b", "p.b": "def f():\n    from p import a"}),
    ({"p.a", "p.b"}, {"p.a": "import p.b", "p.b": "importlib.import_module('p.a')"}),
    (
        {"p.a", "p.b"},
        {"p.a": "import p.b", "p.b": "_BORROWED = {'A': ('p.a', 0)}\n__import__(x)"},
    ),
    ({"p", "p.a"}, {"p": "from p.a import A", "p.a": "from p import NAME"}),
    ({"p.a"}, {"p.a": "from p.a import A"}),
]


@pytest.mark.parametrize(("guilty", "sources"), CIRCLES)
def test_a_planted_circle_is_found(guilty: set[str], sources: dict[str, str]) -> None:
    sources = {"p": "", **sources}
    found = circle(sources)
    assert set(found) == guilty
    for module, following in pairwise(found):
        assert following in imported_modules(sources[module], sources)


def test_a_planted_circle_is_found_in_the_package() -> None:
    sources = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
    del sources["binance.simulator.wire.websocket"]
    sources["binance.enums"] += "\ndef f():\n    from binance.client import Client\n"
    assert {"binance.enums", "binance.client"} <= set(circle(sources))


@pytest.mark.parametrize(
    "sources",
    [
        {"p.a": "import p.b\nfrom p import c", "p.b": "from p.c import C", "p.c": "import os"},
        # A package gathers its modules; they take nothing from it, but each other.
        {"p": "from p import a, b", "p.a": "from p import b", "p.b": ""},
        {"p.a": "import pp", "pp": "import sys"},
    ],
)
def test_where_there_is_no_circle_none_is_found(sources: dict[str, str]) -> None:
    assert circle({"p": "", **sources}) == []


def test_the_package_itself_imports_what_its_lazy_names_need_and_no_more() -> None:
    found = {one.name for one in imports(MODULES["binance"].read_text(encoding="utf-8"))}
    assert found == {"importlib", "typing.Any"}


BORROWING = """
_BORROWED = {"a": ("ssl", None), "b": ("requests", "get"), "c": ("binance.client", "Client")}
def __getattr__(name):
    return importlib.import_module(_BORROWED[name][0])
"""

PLANTED = [
    ("binance", "import os.path as p\nimport requests", "requests at import"),
    ("binance.enums", "import requests", "requests at import"),
    ("binance.enums", "from binance import exceptions", "binance.exceptions at import"),
    ("binance.exceptions", "from binance.helpers import x", "binance.helpers.x at import"),
    ("binance.helpers", "import dateparser", "dateparser at import"),
    ("binance.events", "import time", "time at import"),
    ("binance.sansio.names.streams", "import random", "random at import"),
    ("binance.sansio.names.streams", "from time import monotonic", "time.monotonic at import"),
    ("binance.sansio.names.streams", "def f():\n    import socket", "socket in a function"),
    ("binance.sansio.names.streams", "import logging.handlers", "logging.handlers at import"),
    ("binance.sansio.names.streams", "import urllib.request", "urllib.request at import"),
    ("binance.sansio.names.streams", "from urllib import request", "urllib.request at import"),
    ("binance.sansio.names.streams", "from ..tx import dial", "<relative> at import"),
    ("binance.sansio.names.streams", "import orjson", "orjson at import"),
    ("binance.sansio.names.streams", "import cryptography", "cryptography at import"),
    ("binance.sansio.names.streams", "import twisted.internet", "twisted.internet at import"),
    ("binance.sansio.names.streams", "__import__('autobahn')", "autobahn at import"),
    ("binance.sansio.names.streams", "importlib.import_module(name)", "<computed> at import"),
    ("binance.sansio.names.streams", "now = datetime.now(UTC)", "calls datetime.now"),
    ("binance.sansio.names.streams", "def f(p):\n    return open(p)", "calls open"),
    ("binance.client", "from twisted.internet import defer", "twisted.internet.defer at import"),
    (
        "binance.client",
        "def f():\n    import binance.tx.wire.dial",
        "binance.tx.wire.dial in a function",
    ),
    ("binance.rest.calls", "import autobahn", "autobahn at import"),
    ("binance.tx.wire.dial", "import requests", "requests at import"),
    ("binance.tx.wire.dial", "from binance import client", "binance.client at import"),
    ("binance.tx.wire.dial", "from binance.websockets import x", "binance.websockets.x at import"),
    (
        "binance.tx.wire.dial",
        "if TYPE_CHECKING:\n    from binance.client import Client",
        "at import",
    ),
    ("binance.websockets", "from binance.client import Client", "binance.client.Client at import"),
    ("binance.websockets", "from twisted.internet import reactor", "reactor at import"),
    ("binance.websockets", "def f():\n    import requests", "requests in a function"),
    ("binance.websockets", BORROWING, "requests in a function"),
    ("binance.depthcache", "from binance.client import Client", "binance.client.Client at import"),
    ("binance.depthcache", "import binance.websockets", "binance.websockets at import"),
    (
        "binance.simulator.wire.rest",
        "from binance.tx.wire import dial",
        "binance.tx.wire.dial at import",
    ),
    (
        "binance.simulator.wire.rest",
        "from binance.sansio.link import budget",
        "binance.sansio.link.budget at",
    ),
    ("binance.simulator.wire.rest", "from binance.client import Client", "Client at import"),
    ("binance.simulator.wire.rest", "import pytest", "pytest at import"),
    ("binance.simulator.api.call", "import twisted", "twisted at import"),
    ("binance.simulator.rules.state", "import binance.simulator.api.call", "api.call at import"),
    ("binance.websockets", "from binance import simulator", "binance.simulator at import"),
    ("binance.newcomer", "x = 1", "no row"),
    ("binance.new.comer", "x = 1", "no row"),
]


@pytest.mark.parametrize(("module", "source", "told"), PLANTED)
def test_a_planted_violation_is_caught(module: str, source: str, told: str) -> None:
    found = violations(module, source)
    assert len(found) == 1
    assert told in found[0]


INNOCENT = [
    ("binance.helpers", "def f():\n    import dateparser"),
    ("binance.sansio.names.streams", "import re\nfrom binance.sansio.names import forms"),
    ("binance.sansio.account.signing", "from cryptography.hazmat import x"),
    ("binance.websockets", "def __getattr__(n):\n    from twisted.internet import reactor"),
    ("binance.websockets", "def __getattr__(n):\n    from binance.client import Client"),
    ("binance.websockets", "from binance.ws.clash import clash_warning\nimport threading"),
    ("binance.depthcache", "def f():\n    from binance.websockets import BinanceSocketManager"),
    (
        "binance.simulator.wire.rest",
        "from binance.sansio.names import streams; from binance.sansio.account import signing",
    ),
    ("binance.tx.wire.dial", "import time, random\nfrom twisted.internet import defer"),
]


@pytest.mark.parametrize(("module", "source"), INNOCENT)
def test_what_the_table_allows_passes(module: str, source: str) -> None:
    assert violations(module, source) == []


# What importing costs and does, seen in a fresh interpreter.

REACTOR_WATCH = """
import importlib, pkgutil, sys
root = importlib.import_module(sys.argv[1])
below = pkgutil.walk_packages(root.__path__, root.__name__ + ".")
names = [root.__name__, *(module.name for module in below)]
for name in names:
    importlib.import_module(name)
    if "twisted.internet.reactor" in sys.modules:
        sys.exit(f"{name} installs a reactor")
print(len(names))
"""


def run_python(code: str, *args: str, path: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        cwd=path,
        capture_output=True,
        text=True,
        timeout=paced(60),
        check=False,
    )


@pytest.mark.process
def test_importing_any_module_installs_no_reactor() -> None:
    done = run_python(REACTOR_WATCH, "binance")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(MODULES)


@pytest.mark.process
def test_the_watch_for_reactors_sees_one(tmp_path: Path) -> None:
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted/__init__.py").write_text("")
    (tmp_path / "planted/guilty.py").write_text("from twisted.internet import reactor")
    done = run_python(REACTOR_WATCH, "planted", path=tmp_path)
    assert done.returncode == 1
    assert "planted.guilty installs a reactor" in done.stderr


NEWLY_IMPORTED = """
import importlib, sys
before = set(sys.modules)
importlib.import_module(sys.argv[1])
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(new - sys.stdlib_module_names))
"""


@pytest.mark.process
@pytest.mark.parametrize("module", ["binance", *VALUES])
def test_the_light_modules_load_nothing_of_others(module: str) -> None:
    done = run_python(NEWLY_IMPORTED, module)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["binance"]


@pytest.mark.process
def test_the_watch_for_third_party_modules_sees_one() -> None:
    assert "twisted" in run_python(NEWLY_IMPORTED, "twisted").stdout.split()


@pytest.mark.process
def test_enums_load_nothing_but_themselves() -> None:
    """Cheap by construction: a clock would only measure the machine."""
    code = (
        "import sys, typing; before = set(sys.modules); import binance.enums; "
        "print(*sorted(set(sys.modules) - before))"
    )
    assert run_python(code).stdout.split() == ["binance", "binance.enums"]
