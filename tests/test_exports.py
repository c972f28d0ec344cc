"""Every public name of the old library is here, with its value or its signature.

`data/surface.txt` lists them; `data/surface_absent.txt` lists those that are still to come. The
second list only shrinks: a name that has come must leave it, a name that goes may not enter it.
`data/surface_added.txt` lists names that the old library did not have.
`python tests/test_exports.py` prints what belongs in it now.
"""

import ast
import importlib
import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import binance
from binance.websockets import BinanceSocketManager
from tests.pace import paced

DATA = Path(__file__).parent / "data"
ABSENT = "absent"
VARIABLE = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
NAMEABLE = (
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.KEYWORD_ONLY,
    inspect.Parameter.VAR_KEYWORD,
)


def listed(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class Names(dict[str, Any]):
    """A module's names, the lazy ones too, for eval()."""

    def __init__(self, module: Any) -> None:
        super().__init__()
        self.module = module

    def __missing__(self, name: str) -> Any:
        return getattr(self.module, name)


def problem(line: str) -> str | None:
    """What is wrong with our side of one line of the list, or None."""
    module_name, _, rest = line.partition(":")
    name, equals, value = rest.partition(" = ")
    signature = None
    if not equals and name.endswith(")"):
        at = name.rindex("(")
        name, signature = name[:at], name[at:]
    try:
        found = eval(name, Names(importlib.import_module(module_name)))
    except (ModuleNotFoundError, AttributeError):
        return ABSENT
    if equals and found != ast.literal_eval(value):
        return f"is {found!r}"
    return _signature_problem(found, signature) if signature else None


def _signature_problem(function: Any, expected: str) -> str | None:
    """Ours must take every call that fits the expected signature.

    Where that is ``**params`` ours may name those of the parameters that the exchange demands.
    """
    # Of a class through its constructor; of a function through its class, so with self.
    mine = list(inspect.signature(function).parameters.values())
    if mine and mine[0].name == "self":
        mine = mine[1:]
    if {own.kind for own in mine} >= set(VARIABLE):
        return None  # takes everything
    namespace: dict[str, Any] = {}
    exec(f"def wanted{expected}: pass", namespace)
    for theirs in inspect.signature(namespace["wanted"]).parameters.values():
        if theirs.kind is theirs.VAR_KEYWORD:
            if not any(own.kind is own.VAR_KEYWORD for own in mine):
                return f"takes no **{theirs.name}"
            return None if all(own.kind in NAMEABLE for own in mine) else "has nameless ones"
        own = mine.pop(0) if mine else None
        if own is None or own.name != theirs.name or own.kind is not theirs.kind:
            return f"has {own} where {theirs} is expected"
        # An argument that was demanded may be optional now.
        if theirs.default not in (..., theirs.empty) and own.default != theirs.default:
            return f"has {own} where {theirs} is expected"
    demanding = [own.name for own in mine if own.default is own.empty and own.kind not in VARIABLE]
    return f"demands {demanding}" if demanding else None


def problems_of_all() -> dict[str, str]:
    lines = [*listed("surface.txt"), *listed("surface_added.txt")]
    found = {line: problem(line) for line in lines}
    return {line: reason for line, reason in found.items() if reason is not None}


@pytest.fixture(scope="module")
def problems() -> dict[str, str]:
    """Seen in a fresh interpreter: some of the names install a reactor when asked for."""
    environment = {n: v for n, v in os.environ.items() if not n.startswith("BINANCE_")}
    places = Path(binance.__path__[0]).parent, Path(__file__).parents[1]
    environment["PYTHONPATH"] = os.pathsep.join(map(str, places))
    done = subprocess.run(
        [sys.executable, __file__, "--json"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=paced(60),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.process
def test_nothing_is_wrong(problems: dict[str, str]) -> None:
    assert {line: reason for line, reason in problems.items() if reason != ABSENT} == {}


@pytest.mark.process
def test_nothing_is_missing_but_what_is_listed(problems: dict[str, str]) -> None:
    missing = {line for line, reason in problems.items() if reason == ABSENT}
    assert missing - set(listed("surface_absent.txt")) == set()


@pytest.mark.process
def test_what_has_come_has_left_the_list(problems: dict[str, str]) -> None:
    assert set(listed("surface_absent.txt")) - set(problems) == set()


def test_the_lists_are_whole() -> None:
    surface = listed("surface.txt")
    assert len(set(surface)) == len(surface)
    assert set(listed("surface_absent.txt")) <= set(surface)
    methods = [line for line in surface if re.match(r"binance\.client:Client\.[a-z].*\)$", line)]
    assert len(methods) == 230
    assert len([line for line in surface if "SocketManager.start_" in line]) == 24


@pytest.mark.process
@pytest.mark.parametrize(
    ("module", "names"),
    [
        (
            "binance.client",
            "Client BinanceAPIException date_to_milliseconds requests time hmac itemgetter",
        ),
        (
            "binance.websockets",
            "BinanceSocketManager BinanceClientProtocol Client reactor ssl connectWS threading",
        ),
        ("binance.depthcache", "DepthCache DepthCacheManager"),
        ("binance.exceptions", "BinanceAPIException BinanceOrderException"),
        ("binance", "AsyncClient BinanceSocketManager FuturesType SIDE_BUY BinanceAPIException"),
        ("binance.enums", "SIDE_BUY KLINE_INTERVAL_1MINUTE"),
        ("binance.helpers", "date_to_milliseconds interval_to_milliseconds"),
    ],
)
def test_what_a_star_imports(module: str, names: str) -> None:
    program = f"from {module} import *\nfor name in {names.split()}: globals()[name]"
    environment = os.environ | {"PYTHONPATH": str(Path(binance.__path__[0]).parent)}
    subprocess.run([sys.executable, "-c", program], env=environment, timeout=paced(60), check=True)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("binance.enums:SIDE_BUY = 'BUY'", None),
        ("binance.enums:SIDE_BUY", None),
        ("binance.enums:SIDE_BUY = 'SELL'", "is 'BUY'"),
        ("binance.enums:SIDE_UP = 'UP'", ABSENT),
        ("binance.nowhere:x", ABSENT),
        ("binance.exceptions:BinanceOrderException(code, message)", None),
        ("binance.exceptions:BinanceOrderException(-1, 'm').code = -1", None),
        ("binance.exceptions:BinanceOrderException(-1, 'm').code = -2", "is -1"),
        ("binance.exceptions:BinanceOrderException(-1, 'm').cause", ABSENT),
        ("binance.exceptions:BinanceOrderException(message, code)", "has code"),
        ("binance.exceptions:BinanceOrderException(code)", "demands ['message']"),
        ("binance.exceptions:BinanceOrderException(code, message, x)", "has None where x"),
        ("binance.exceptions:BinanceOrderException(**params)", "takes no **params"),
        ("string:capwords(s, sep=None)", None),
        ("string:capwords(s, sep=...)", None),
        ("string:capwords(s)", None),
        ("string:capwords(s, sep=' ')", "has sep"),
        ("binance.helpers:date_to_milliseconds(date_str)", None),
        ("binance.helpers:date_to_milliseconds(date_str, now=None)", "has now"),
    ],
)
def test_a_line_is_checked(line: str, told: str | None) -> None:
    """Defaults are tried on the standard library: Sphinx rewrites those of ours in its process."""
    found = problem(line)
    if told is None:
        assert found is None
    else:
        assert found is not None
        assert found.startswith(told)


def test_the_methods_of_the_threaded_manager_are_here_with_their_keywords() -> None:
    """The READMEs and the page about moving say so."""
    lines = [line.split() for line in listed("threaded.txt")]
    assert len(lines) == 34
    for name, *parameters in lines:
        mine = inspect.signature(getattr(BinanceSocketManager, name)).parameters
        assert set(parameters) <= set(mine), name


if __name__ == "__main__":
    found = problems_of_all()
    if "--json" in sys.argv:
        print(json.dumps(found))
    else:
        print("# Names of surface.txt that are still to come. This list only shrinks.")
        print("\n".join(line for line, reason in found.items() if reason == ABSENT))
