"""Write the methods of a manager that start one socket each, with the types of their callbacks.

    python docs/start_methods.py

Reads ``methods.txt`` of ``binance/tx/generated``, writes its ``__init__.py``. Run this if the text
has changed. The first lines of the text explain its notation.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rest_methods import WIDTH, laid_out, quoted

FOLDER = Path(__file__).parent.parent / "binance/tx/generated"
SOURCE, TARGET = FOLDER / "methods.txt", FOLDER / "__init__.py"

_HEAD = '''\
"""Generated from `methods.txt` by `docs/start_methods.py`: change it there.

The annotations are for readers and type checkers: nothing evaluates them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from binance.enums import ContractType, FuturesType
from binance.sansio.names import streams as names
from binance.tx.sockets import Opening

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal, Unpack

    from binance.messages import (
{messages}    )
    from binance.tx.socket import SocketOptions


class StartMethods(Opening):
    """Each method starts one socket."""
'''
_OPTIONS = "**options: Unpack[SocketOptions]"
_TYPE = re.compile(r"^\w+: ")
_ALIAS = re.compile(r"^\w+ = \w+$")
_SIGNATURE = re.compile(r"^\w+\(.*\)$")
_NAME = re.compile(r"\b[A-Z]\w*[a-z]\w*")
_OTHERS = {"Any", "ContractType", "FuturesType", "Iterable", "Literal", "None", "False", "True"}


class Parameter(NamedTuple):
    name: str
    type: str
    default: str
    by_keyword: bool

    def __str__(self) -> str:
        return f"{self.name}: {self.type}{self.default and f' = {self.default}'}"

    def needed(self, **changed: str) -> Parameter:
        return self._replace(default="", **changed)


class Variant(NamedTuple):
    """What the callback may be; with a `name`, for its values of that type."""

    callback: str
    name: str = ""
    values: str = ""


class Method(NamedTuple):
    """A method as the text has it."""

    name: str
    parameters: list[Parameter]
    variants: list[Variant]
    returned: str
    doc: list[str]


def generated(text: str) -> str:
    """The module of a text."""
    types: dict[str, str] = {}
    lines: list[str] = []
    named: set[str] = set()
    for block in re.split(r"\n\n(?=\S)", text.rstrip("\n")):
        first, *_ = block.splitlines()
        if block.startswith("# The methods"):
            continue
        if _TYPE.match(first):
            types |= dict(line.split(": ", 1) for line in block.splitlines())
        elif first.startswith("#") or _ALIAS.match(first):
            lines += ["", *block.splitlines()]
        else:
            method = _method(block, types)
            used = [each.type for each in method.parameters]
            used += [each.callback for each in method.variants]
            named |= {name for each in used for name in _NAME.findall(each)}
            lines += [line for each in _of_method(method) for line in ["", *each]]
    messages = "".join(f"        {name},\n" for name in sorted(named - _OTHERS, key=str.lower))
    body = "".join(f"    {line}\n" if line else "\n" for line in lines)
    return _HEAD.replace("{messages}", messages) + body


def _method(block: str, types: dict[str, str]) -> Method:
    signature, *rest = block.splitlines()
    variants = []
    returned, doc = "", []
    for line in rest:
        if line.startswith("- "):
            callback, _, when = line[2:].partition(" if ")
            variants.append(Variant(callback, *when.split(": ", 1) if when else ()))
        elif line.startswith("= "):
            returned = line[2:]
        else:
            doc.append(line[4:])
    if not (_SIGNATURE.match(signature) and variants and returned and doc):
        raise ValueError(f"not a method: {signature!r}")
    name, _, parameters = signature.partition("(")
    (parsed,) = ast.parse(f"def f({parameters}: pass").body
    assert isinstance(parsed, ast.FunctionDef)
    callbacks = " | ".join(dict.fromkeys(each.callback for each in variants))
    given = list(_parameters(parsed.args, types | {"callback": callbacks}))
    return Method(name, given, variants, returned, doc)


def _parameters(given: ast.arguments, types: dict[str, str]) -> Iterator[Parameter]:
    missing = [None] * (len(given.args) - len(given.defaults))
    for each, default in zip(
        [*given.args, *given.kwonlyargs],
        [*missing, *given.defaults, *given.kw_defaults],
        strict=True,
    ):
        kind = ast.unparse(each.annotation) if each.annotation else types[each.arg]
        written = ast.unparse(default) if default else ""
        yield Parameter(each.arg, *_in_house_quotes(kind, written), each in given.kwonlyargs)


def _of_method(method: Method) -> Iterator[list[str]]:
    """The overloads of a method, and the method itself, each as lines."""
    if len(method.variants) > 1:
        for number, variant in enumerate(method.variants):
            for parameters in _overloads(method.parameters, variant, is_default=not number):
                yield ["@overload", *_signature(method.name, parameters, " ...")]
    call, _, arguments = method.returned.removesuffix(")").partition("(")
    returned = laid_out(f"return {call}(", [arguments], ")", WIDTH - 8)
    yield [
        *_signature(method.name, method.parameters),
        *quoted("\n".join(method.doc).strip().splitlines(), "    "),
        *(f"    {line.removesuffix(',')}" for line in returned),
    ]


def _overloads(
    parameters: list[Parameter], variant: Variant, is_default: bool
) -> Iterator[list[Parameter]]:
    """One parameter decides: it keeps its default, or it is needed, by keyword or by position."""
    found = [
        each._replace(type=variant.callback) if each.name == "callback" else each
        for each in parameters
    ]
    at = [each.name for each in parameters].index(variant.name)
    if is_default:
        yield [*found[:at], found[at]._replace(type=variant.values), *found[at + 1 :]]
        return
    decides = found[at].needed(type=variant.values)
    after = [each._replace(by_keyword=True) for each in found[at + 1 :]]
    yield [*found[:at], decides._replace(by_keyword=True), *after]
    if not decides.by_keyword:
        yield [*(each.needed() for each in found[:at]), decides, *found[at + 1 :]]


def _signature(name: str, parameters: list[Parameter], body: str = "") -> list[str]:
    by_keyword = [str(each) for each in parameters if each.by_keyword]
    given = ["self", *(str(each) for each in parameters if not each.by_keyword)]
    shown = [*given, *(["*", *by_keyword] if by_keyword else []), _OPTIONS]
    lines = laid_out(f"def {name}(", shown, f") -> str | Literal[False]:{body}", WIDTH - 4)
    return [part for line in lines for part in _broken(line)]


def _broken(line: str) -> list[str]:
    """A union that is too long for a line has one line for each of its types."""
    return [line] if len(line) <= WIDTH - 4 else line.replace(" | Call", "\n    | Call").split("\n")


def _in_house_quotes(*written: str) -> Iterator[str]:
    """`ast` writes single quotes, and the house double ones."""
    return (each.replace("'", '"') for each in written)


def main() -> None:
    TARGET.write_text(generated(SOURCE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
