"""Write the client's REST methods that are their route and nothing more.

    python docs/rest_methods.py

Reads ``methods.txt`` of ``binance/rest/generated``, writes its ``__init__.py``. Run this if the
text has changed; what a method calls is in ``binance/sansio/names/routes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent.parent / "binance/rest/generated"
SOURCE, TARGET = FOLDER / "methods.txt", FOLDER / "__init__.py"
WIDTH = 100

_HEAD = '''\
"""Generated from `methods.txt` by `docs/rest_methods.py`: change it there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from binance.rest.calls import NEEDED, Calls
from binance.rest.route_methods import by_signature

# What the exchange calls objects and arrays.
Object = dict[str, Any]
Array = list[Any]
Number = str | float | Decimal
'''
_TYPES = re.compile(r"^(?P<type>\S.*?): (?P<names>.*)$")
_CLASS = re.compile(r"^\[(?P<name>\w+)\] (?P<doc>.*)$")
_METHOD = re.compile(r"^(?P<name>\w+)\((?P<parameters>.*)\) -> (?P<answer>\w+)$")


class Method(NamedTuple):
    """A method as the text has it."""

    name: str
    parameters: str
    answer: str
    doc: list[str]


def generated(text: str) -> str:
    """The module of a text."""
    head, *classes = re.split(r"^(?=\[)", text, flags=re.M)
    types = {"": "str"}
    for line in head.splitlines():
        if found := _TYPES.match(line):
            types |= dict.fromkeys(found["names"].split(), found["type"])
    return "".join([_HEAD, *(_of_class(each, types) for each in classes)])


def _of_class(text: str, types: dict[str, str]) -> str:
    first, *lines = text.splitlines()
    found = _CLASS.match(first)
    if found is None:
        raise ValueError(f"not the beginning of a class: {first!r}")
    body = (line for method in _methods(lines) for line in ["", *_of_method(method, types)])
    return f'\n\nclass {found["name"]}(Calls):\n    """{found["doc"]}"""\n' + "".join(
        f"{line}\n" for line in body
    )


def _methods(lines: list[str]) -> Iterator[Method]:
    """The methods: a signature, which may take several lines, and an indented docstring."""
    method: Method | None = None
    signature = ""
    for line in lines:
        if method is not None and (not line or line.startswith(" ")):
            method.doc.append(line[4:])
            continue
        if method is not None:
            yield method
            method = None
        signature = f"{signature} {line}".strip()
        if found := _METHOD.match(signature):
            method, signature = Method(*found.group("name", "parameters", "answer"), []), ""
    if method is not None:
        yield method
    if signature:
        raise ValueError(f"not a method: {signature!r}")


def _of_method(method: Method, types: dict[str, str]) -> Iterator[str]:
    """The lines of a method, as `ruff format` would lay them out."""
    given = [_parameter(each, types) for each in method.parameters.split()]
    parameters = ["self", *(["*", *given] if given else []), "**params: Any"]
    start, end = f"    def {method.name}(", f") -> {method.answer}:"
    joined = ", ".join(parameters)
    yield "    @by_signature"
    if len(start + joined + end) <= WIDTH:
        yield start + joined + end
    elif len(joined) + 8 <= WIDTH:
        yield from (start, f"        {joined}", f"    {end}")
    else:
        yield from (start, *(f"        {each}," for each in parameters), f"    {end}")
    doc = "\n".join(method.doc).strip().splitlines()
    quoted = [f'"""{doc[0]}"""'] if len(doc) == 1 else [f'"""{doc[0]}', *doc[1:], '"""']
    yield from (f"        {line}" if line else "" for line in quoted)


def _parameter(written: str, types: dict[str, str]) -> str:
    """The parameter in Python; the first lines of the text explain the notation."""
    written, _, default = written.partition("=")
    name, _, own = written.rstrip("!").partition(":")
    kind = own or types.get(name, types[""])
    if written.endswith("!!"):
        return f"{name}: {kind}"
    if default:
        return f'{name}: {kind} = "{default}"'
    if written.endswith("!"):
        return f"{name}: {kind} = NEEDED"
    return f"{name}: {kind} | None = None"


def main() -> None:
    TARGET.write_text(generated(SOURCE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
