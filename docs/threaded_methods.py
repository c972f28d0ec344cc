"""Write the methods that python-binance 1.0 has for sockets: those with callbacks, and the awaited.

    python docs/threaded_methods.py

Reads ``methods.txt`` of ``binance/ws/generated``, writes its ``__init__.py``. Run this if the text
has changed. The first lines of the text explain its notation.
"""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import NamedTuple

from rest_methods import WIDTH, laid_out

from binance.websockets import BinanceSocketManager

FOLDER = Path(__file__).parent.parent / "binance/ws/generated"
SOURCE, TARGET = FOLDER / "methods.txt", FOLDER / "__init__.py"

_HEAD = '''\
"""Generated from `methods.txt` by `docs/threaded_methods.py`: change it there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from binance.enums import ContractType, FuturesType
from binance.ws.reconnecting_websocket import ReconnectingWebsocket

Callback = Callable[[Any], object]


class ThreadedMethods:
    """The methods of a `ThreadedWebsocketManager` that start one socket each."""

    def _start(
        self, method: str, callback: Callback, is_bare: bool = False, **arguments: Any
    ) -> str:
        raise NotImplementedError
'''
_AWAITED = '''

class AwaitedMethods:
    """The methods of a `BinanceSocketManager` that return a socket to be awaited."""
'''
_ROW = re.compile(
    r"^(?P<name>\w+)\((?P<parameters>[^)]*)\)( -> (?P<data>data))?"
    r"( = (?P<other>\w+)(\((?P<given>.+)\))?)?(  # (?P<text>.+))?$"
)


class Row(NamedTuple):
    name: str
    parameters: list[str]
    """As in a signature, with their types."""
    method: str
    """The method of `BinanceSocketManager` behind it."""
    is_bare: bool
    """Whether its messages come without their envelope."""
    given: str
    """Arguments of that method that are always the same."""
    text: str
    """What it brings, if the method behind it does not say."""

    @property
    def passed(self) -> list[str]:
        names = [name for name in map(_name, self.parameters) if name not in _words(self.given)]
        arguments = [f"{name}={name}" for name in names]
        arguments += self.given.split(", ") if self.given else []
        return ["is_bare=True", *arguments] if self.is_bare else arguments

    @property
    def summary(self) -> str:
        if self.text:
            return self.text
        doc = inspect.getdoc(getattr(BinanceSocketManager, self.method))
        assert doc is not None, self.method
        line = doc.splitlines()[0]
        return line if len(line) <= WIDTH - 14 else re.sub(r"( \(`|; |, each).*", ".", line)


def generated(text: str) -> str:
    """The module of a text."""
    types: dict[str, str] = {}
    both, awaited = [], []
    of = both
    for line in filter(None, text.splitlines()):
        if line == "[awaited]":
            of = awaited
        elif match := _ROW.match(line):
            of.append(_row(types, **match.groupdict()))
        elif not line.startswith("#"):
            types |= [line.split(": ", 1)]
    lines = [line for row in both for line in _threaded(row)]
    rows = {row.name: row for row in [*both, *awaited]}
    more = [line for row in rows.values() for line in _method(row)]
    return _HEAD + _indented(lines) + _AWAITED + _indented(more)


def _row(
    types: dict[str, str],
    name: str,
    parameters: str,
    data: str | None,
    other: str | None,
    given: str | None,
    text: str | None,
) -> Row:
    (parsed,) = ast.parse(f"def f({parameters}): pass").body
    assert isinstance(parsed, ast.FunctionDef)
    known = parsed.args
    missing: list[ast.expr | None] = [None] * (len(known.args) - len(known.defaults))
    shown = [
        f"{each.arg}: {types[each.arg]}" + (f" = {_written(default)}" if default else "")
        for each, default in zip(known.args, [*missing, *known.defaults], strict=True)
    ]
    method = f"start_{other or name}"
    return Row(name, shown, method, data is not None, given or "", text or "")


def _threaded(row: Row) -> list[str]:
    arguments = ["self", "callback: Callback", *row.parameters]
    passed = [f'"{row.method}"', "callback", *row.passed]
    return [
        "",
        *laid_out(f"def start_{row.name}(", arguments, ") -> str:", WIDTH - 4),
        f'    """{row.summary}"""',
        *(f"    {line}" for line in laid_out("return self._start(", passed, ")", WIDTH - 8)),
    ]


def _method(row: Row) -> list[str]:
    arguments = ["self", *row.parameters]
    passed = ["self", f'"{row.method}"', *row.passed]
    made = laid_out("return ReconnectingWebsocket(", passed, ")", WIDTH - 8)
    return [
        "",
        *laid_out(f"def {row.name}(", arguments, ") -> ReconnectingWebsocket:", WIDTH - 4),
        f'    """{row.summary}"""',
        *(f"    {line}" for line in made),
    ]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _name(parameter: str) -> str:
    return parameter.partition(":")[0]


def _written(default: ast.expr) -> str:
    return ast.unparse(default).replace("'", '"')


def _indented(lines: list[str]) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in lines)


def main() -> None:
    TARGET.write_text(generated(SOURCE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
