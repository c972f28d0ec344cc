"""Which private names of dependencies are there, what is said where one is not, and that no other
is used.
"""

import ast
import functools
import importlib
import inspect
import re
import textwrap
import threading
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

import binance
from binance.tx.wire import compat
from binance.websockets import BinanceSocketManager
from tests.logs import ours

PACKAGE = Path(binance.__path__[0])
NAMES = {name for way in compat.FEATURES.values() for _, names in way.needs for name in names}


def test_all_names_are_there_in_the_versions_that_are_tested():
    # The key that is computed can be chosen from cryptography 47 on.
    older = [] if int(version("cryptography").partition(".")[0]) >= 47 else ["one key"]
    assert [way for way in compat.FEATURES if not compat.has(way)] == older


@pytest.mark.parametrize("way", compat.FEATURES)
def test_what_is_missing_is_named_in_one_line(way, caplog, monkeypatch):
    caplog.set_level("INFO", "binance")
    monkeypatch.setattr(compat, "_missing", lambda needs: iter(["a._gone", "a._too"]))
    compat.has.cache_clear()
    try:
        assert not compat.has(way)
        assert not compat.has(way)
        (line,) = [record.getMessage() for record in ours(caplog)]
        assert line == f"{way}: missing a._gone, a._too; {compat.FEATURES[way].instead}"
    finally:
        compat.has.cache_clear()


class Owner:
    on_class = 1

    def __init__(self):
        self.on_instance = time.time()

    def method(self):
        def inner():
            return self.from_elsewhere

        return inner

    @classmethod
    def other(cls, time):
        return cls.time


@pytest.mark.parametrize(
    ("names", "lost"),
    [
        (["on_class", "on_instance", "from_elsewhere", "method"], []),
        (["gone", "on_class", "inner", "away"], ["gone", "inner", "away"]),
        (["time"], []),
    ],
)
def test_names_are_found_where_they_are_set_or_read(names, lost):
    where = f"{__name__}.Owner"
    assert list(compat._missing([(where, tuple(names))])) == [f"{where}.{name}" for name in lost]


def test_the_global_of_a_method_is_no_attribute(monkeypatch):
    monkeypatch.delattr(Owner, "other")
    where = f"{__name__}.Owner"
    assert list(compat._missing([(where, ("time",))])) == [f"{where}.time"]


def test_an_owner_that_is_gone_is_named_itself():
    owners = ["twisted.internet.gone", "twisted.internet.tcp.Gone", "OpenSSL.SSL"]
    needs = [(owner, ("Connection", "_gone")) for owner in owners]
    assert list(compat._missing(needs)) == [*owners[:2], "OpenSSL.SSL._gone"]


# No private name is used that is not looked for


#: A named tuple's, which are public.
PUBLIC = {"_asdict", "_fields", "_make", "_replace"}
ACCESS = {"getattr", "hasattr", "setattr", "delattr"}


def is_private(name: str) -> bool:
    return name.startswith("_") and name.strip("_") != "" and not name.startswith("__")


def defined(tree: ast.AST) -> set[str]:
    """The private names that a module gives to anything; an annotation alone gives none."""
    found, bare = set(), set()
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(target=target, value=None):
                bare.add(target)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()) if node not in bare:
                found.add(name)
            case ast.Attribute(value=owner, attr=name, ctx=ast.Store()) if is_own(owner):
                found.add(name)
    return set(filter(is_private, found))


def used(tree: ast.AST) -> Iterator[tuple[str, bool, int]]:
    """Each private name that is used of an object or a module, whether by `self`, and where."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=owner, attr=name) if is_private(name):
                yield name, is_own(owner), node.lineno
            case ast.Call(func=ast.Name(id=call), args=[owner, ast.Constant(value=str(name)), *_]):
                if call in ACCESS and is_private(name):
                    yield name, is_own(owner), node.lineno
            case ast.ImportFrom(module=str(module), names=aliases, level=0):
                if not module.startswith(("binance", "__future__")):
                    parts = [*module.split("."), *(alias.name for alias in aliases)]
                    yield from ((part, False, node.lineno) for part in parts if is_private(part))
            case ast.Import(names=aliases):
                parts = [part for alias in aliases for part in alias.name.split(".")]
                yield from ((part, False, node.lineno) for part in parts if is_private(part))


def is_own(owner: ast.expr) -> bool:
    return ast.unparse(owner) in ("self", "cls", "super()")


def asked(tree: ast.AST) -> set[str]:
    """The names, and the private modules, of the ways that a module asks for."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name("compat"), attr="has"), args=[ast.Constant(way)]
            ):
                for owner, names in compat.FEATURES[str(way)].needs:
                    found.update(names, filter(is_private, owner.split(".")))
    return found


@functools.cache
def trees() -> dict[Path, ast.Module]:
    """Each module of ours."""
    found = sorted(PACKAGE.rglob("*.py"))
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in found}


@functools.cache
def definitions() -> dict[Path, set[str]]:
    """The private names that each module of ours defines."""
    return {path: defined(tree) for path, tree in trees().items()}


@functools.cache
def of_all() -> set[str]:
    return set().union(*definitions().values()) - NAMES


@functools.cache
def of_managers() -> set[str]:
    """What a manager has: its parts know it, and import none of it."""
    names = (base.__module__.split(".") for base in BinanceSocketManager.__mro__)
    paths = (PACKAGE.parent.joinpath(*parts).with_suffix(".py") for parts in names)
    return set().union(*(definitions().get(path, ()) for path in paths))


def imported(tree: ast.AST) -> Iterator[Path]:
    """The modules of ours that a module imports, wherever it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("binance"):
            base = PACKAGE.parent.joinpath(*str(node.module).split("."))
            for path in (base, *(base / alias.name for alias in node.names)):
                yield from (path.with_suffix(".py"), path / "__init__.py")


def violations(tree: ast.Module) -> list[str]:
    """The private names that a module uses and neither defines nor asks for.

    By `self` it may use what any module of ours defines; of other objects what the modules that it
    imports define, and what a manager has. Names that others have too it must define itself.
    """
    known = defined(tree) | asked(tree)
    of_imported = (definitions().get(path, ()) for path in imported(tree))
    near = of_managers().union(PUBLIC, *of_imported) - NAMES
    return [
        f"{name} in line {line}"
        for name, by_self, line in used(tree)
        if name not in known and name not in (of_all() if by_self else near)
    ]


@pytest.mark.slow
def test_no_private_name_of_another_is_used_unless_it_is_looked_for():
    found = {path: violations(tree) for path, tree in trees().items() if path.name != "compat.py"}
    assert len(found) > 200
    assert {path: names for path, names in found.items() if names} == {}


PLANTED = [
    "threading._register_atexit(print)",
    "from twisted.internet._sslverify import x",
    "from twisted.internet import _sslverify",
    "import twisted.internet._sslverify",
    "getattr(reactor, '_stopped')",
    "reactor._stopped = True",
    "class A(B):\n    def f(self):\n        self.a._reads = 1",
    "class A(B):\n    _reads: int\n    def f(self):\n        return self._reads",
    "class A(B):\n    def f(self):\n        return super()._reads()",
    "compat.has('roots')\nreactor._stopped",
    "def f(way):\n    compat.has(way)\n    reactor._stopped",
]
INNOCENT = [
    "compat.has('stopped reactor')\nreactor._stopped",
    "compat.has('roots')\nfrom twisted.internet._sslverify import IOpenSSLTrustRoot",
    "class A:\n    def f(self, other):\n        self._stopped = other._stopped",
    "from binance.tx.loop.clock import SteadyReactor\ndef f(steady):\n    return steady._calls",
    "def f(manager):\n    return manager._conns",
    "def f(parts):\n    return parts._replace(a=1)",
    "from __future__ import annotations\nfor _ in a:\n    b.__dict__",
]


@pytest.mark.parametrize("source", PLANTED)
def test_a_private_name_that_is_planted_is_seen(source):
    assert len(violations(ast.parse(source))) == 1


@pytest.mark.parametrize("source", INNOCENT)
def test_what_is_ours_or_is_looked_for_passes(source):
    assert violations(ast.parse(source)) == []


# Nor does a class of ours meet a name of the class that it extends, by chance or on purpose


#: What Autobahn and Twisted document, in interfaces, as arguments or as what Factory is.
DOCUMENTED = {
    *("buildProtocol", "clientConnectionFailed", "clientConnectionLost", "startedConnecting"),
    *("connectionLost", "connectionMade", "dataReceived", "makeConnection", "transport"),
    *("factory", "noisy", "protocol", "wrappedProtocol"),
    *("clock", "continueTrying", "factor", "initialDelay", "jitter", "maxDelay", "maxRetries"),
    *("resetDelay", "retries", "retry", "stopTrying"),
    *("onClose", "onConnect", "onConnecting", "onMessage", "onOpen", "onPing", "onPong"),
    *("sendClose", "sendMessage", "sendPing", "sendPong"),
    *("resetProtocolOptions", "setProtocolOptions", "reactor", "url"),
}
#: The simulator, which shares no code with the client, closes by codes that only Autobahn may send.
OF_THE_SIMULATOR = {"STATE_OPEN", "sendCloseFrame", "state"}


def classes() -> Iterator[type]:
    for path in trees():
        if path.name != "__main__.py":
            parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            for found in vars(importlib.import_module(module)).values():
                if isinstance(found, type) and found.__module__ == module:
                    yield found


@functools.cache
def names_of(kind: type) -> frozenset[str]:
    """What a class defines, and what its methods use of themselves."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    except (OSError, TypeError):  # written in C
        tree = ast.Module([], [])
    of_self = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and is_own(node.value)
    }
    return frozenset(name for name in of_self.union(vars(kind)) if not name.startswith("__"))


def shared_names(kind: type, others: list[type]) -> set[str]:
    """What a class writes itself and shares: a base may have stored other names in it."""
    written = set(re.findall(r"\w+", inspect.getsource(kind)))
    return written.intersection(names_of(kind), frozenset().union(*map(names_of, others)))


@functools.cache
def shared() -> dict[type, set[str]]:
    """The names that each class shares with what it extends, where that is not ours."""
    return {
        kind: shared_names(kind, others)
        for kind in classes()
        if (others := [base for base in kind.__mro__ if base.__module__.split(".")[0] != "binance"])
        and not {base.__module__ for base in others} <= {"builtins", "typing", "enum", "abc"}
    }


class Unlucky(threading.Thread):
    _reads = 0

    def begin(self):
        self._target = None


def test_a_name_that_is_shared_by_chance_is_seen():
    assert names_of(Unlucky) == {"_reads", "begin", "_target"}
    assert shared_names(Unlucky, [threading.Thread, object]) == {"_target"}


@pytest.mark.slow
def test_a_class_has_no_private_name_of_what_it_extends_unless_it_is_looked_for():
    assert BinanceSocketManager in shared()
    known = NAMES | {"_abc_impl"}
    found = {kind: set(filter(is_private, names)) - known for kind, names in shared().items()}
    assert {kind: names for kind, names in found.items() if names} == {}


@pytest.mark.slow
def test_what_is_used_of_autobahn_is_documented_or_looked_for():
    found = {}
    for kind, names in shared().items():
        if "autobahn" in str(kind.__mro__):
            known = NAMES | DOCUMENTED
            if "simulator" in kind.__module__:
                known |= OF_THE_SIMULATOR
            found[kind] = {name for name in names if not is_private(name)} - known
    assert len(found) >= 5
    assert {kind: names for kind, names in found.items() if names} == {}
