"""Write the client's REST methods and the table of their routes.

    python docs/rest_methods.py

Reads ``methods.txt`` of ``binance/rest/generated``, whose first lines explain the notation. Writes
``__init__.py`` beside it, and ``binance/sansio/names/routes/generated/__init__.py``.
"""

from __future__ import annotations

import re
import runpy
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parent.parent / "binance"
SOURCE = PACKAGE / "rest/generated/methods.txt"
METHODS = PACKAGE / "rest/generated/__init__.py"
ROUTES = PACKAGE / "sansio/names/routes/generated/__init__.py"
WIDTH = 100
#: Read by its path: the package cannot be imported before its routes are written.
NEEDS = runpy.run_path(str(PACKAGE / "sansio/names/routes/shape.py"))["Security"]

_MADE_HERE = '"""Generated from `methods.txt` by `docs/rest_methods.py`: change it there."""\n\n'
_METHODS_HEAD = f"""{_MADE_HERE}from __future__ import annotations

from decimal import Decimal
from typing import Any

from binance import enums
from binance.rest.calls import Calls
from binance.rest.route_methods import NEEDED, by_signature

# What the exchange calls objects and arrays.
Object = dict[str, Any]
Array = list[Any]
Number = str | float | Decimal
"""
_ROUTES_HEAD = f"""{_MADE_HERE}from binance.sansio.names.routes import fates
from binance.sansio.names.routes.shape import Route, Security, State

GROUPS: dict[str, tuple[Route, ...]] = {{
"""
_TYPES = re.compile(r"^(?P<type>\S.*?): (?P<names>.*)$")
_GROUP = re.compile(r"^\[(?P<name>\w+)\] (?P<title>.*)$")
_SIGNATURE = re.compile(r"^(?P<name>\w+)(?P<open>[(\[])(?P<parameters>.*)[)\]] -> (?P<answer>\w+)$")
_BARE = re.compile(r"^(?P<name>\w+)(?P<by_hand> by hand)?: (?P<route>.*)$")
_ROUTE = re.compile(r"^(?P<verb>[A-Z]+) (?P<path>/\S+) (?P<security>[A-Z_]+)(?P<more>( \S+)*)$")
_RETIRED = "retired:"
_CONSTANTS = "[Constants]\n"


class Method(NamedTuple):
    """A method as the text has it."""

    name: str
    route: str
    parameters: list[str] = []
    #: None: any parameters, any answer
    answer: str | None = None
    #: Takes the named parameters alone, also by position.
    is_closed: bool = False
    is_by_hand: bool = False
    replacement: str | None = None
    doc: list[str] = []


class Group(NamedTuple):
    """A subject: a class of methods, and a group of routes."""

    name: str
    title: str
    doc: list[str]
    methods: list[Method]


# From the text


def groups(text: str) -> list[Group]:
    """All groups but that of constants."""
    parts = re.split(r"^(?=\[)", text, flags=re.M)[1:]
    return [_group(each) for each in parts if not each.startswith(_CONSTANTS)]


def types(text: str) -> dict[str, str]:
    """The type of each parameter that has one; of the others it is that of ''."""
    found = {"": "str"}
    for line in text.partition("\n[")[0].splitlines():
        if not line.startswith("#") and (match := _TYPES.match(line)):
            found |= dict.fromkeys(match["names"].split(), match["type"])
    return found


def _group(text: str) -> Group:
    first, *entries = _entries(text.splitlines())
    head = _GROUP.match(first[0])
    if head is None:
        raise ValueError(f"not the beginning of a group: {first[0]!r}")
    return Group(head["name"], head["title"], first[1], [_method(*each) for each in entries])


def _entries(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each entry: its head, which may take several lines, and the indented lines below it."""
    head: list[str] = []
    body: list[str] = []
    for line in lines:
        is_head = bool(line) and not line.startswith(" ")
        if head and is_head and (body or _BARE.match(" ".join(head))):
            yield " ".join(head), "\n".join(body).strip().splitlines()
            head, body = [], []
        if is_head:
            head.append(line)
        elif head:
            body.append(line[4:])
    if head:
        yield " ".join(head), "\n".join(body).strip().splitlines()


def _method(head: str, body: list[str]) -> Method:
    if found := _BARE.match(head):
        method = Method(found["name"], found["route"], is_by_hand=bool(found["by_hand"]))
    elif found := _SIGNATURE.match(head):
        route = body.pop(0) if body else ""
        method = Method(
            name=found["name"],
            route=route,
            parameters=found["parameters"].split(),
            answer=found["answer"],
            is_closed=found["open"] == "[",
        )
    else:
        raise ValueError(f"not a method: {head!r}")
    if body and body[0].startswith(_RETIRED):
        last = next((i for i, line in enumerate(body) if i and not line.startswith(" ")), len(body))
        words = " ".join(" ".join(body[:last]).split())
        method, body = method._replace(replacement=words[len(_RETIRED) :].strip()), body[last:]
    return method._replace(doc=body or described(method))


def described(method: Method) -> list[str]:
    """A docstring from a route."""
    verb, path, security, _ = _parts(method)
    if method.replacement is not None:
        cure = f"use {method.replacement}" if method.replacement else "there is no replacement"
        text = f"Retired (``{verb} {path}``), {cure}: raises `BinanceRetiredError`."
    else:
        needs = NEEDS[security].value
        text = f"``{verb} {path}``: the endpoint's parameters by keyword; needs {needs}."
    return textwrap.wrap(text, WIDTH - 14, break_long_words=False, break_on_hyphens=False)


def _parts(method: Method) -> tuple[str, str, str, str]:
    found = _ROUTE.match(method.route)
    if found is None:
        raise ValueError(f"not a route of {method.name}: {method.route!r}")
    return found["verb"], found["path"], found["security"], found["more"]


# To the routes


def routes(text: str) -> str:
    """The module of the routes."""
    lines = []
    for group in groups(text):
        rows = (f"        {_row(method)},\n" for method in group.methods)
        lines += [f'    "{group.title}": (\n', *rows, "    ),\n"]
    return "".join([_ROUTES_HEAD, *lines, "}\n"])


def _row(method: Method) -> str:
    verb, path, security, more = _parts(method)
    weight, state, options = "1", "SAME", []
    more, _, was = more.partition(" was ")
    for word in more.split():
        if word.isdecimal():
            weight = word
        elif word == "new":
            state = "NEW"
        elif word.isupper():
            options.append(f"**fates.{word}")
        else:
            name, _, value = word.partition("=")
            options.append(f'{name}="{value}"' if value else f"{name}=True")
    if was:
        state = "MOVED"
        options.append(f'was="{was}"')
    if method.replacement is not None:
        state = "RETIRED"
        options.append(f'replacement="{method.replacement}"')
    words = [f'"{method.name}"', f'"{verb}"', f'"{path}"', f"Security.{security}", weight]
    return f"Route({', '.join([*words, f'State.{state}', *options])})"


# To the methods


def methods(text: str) -> str:
    """The module of the methods."""
    known, found = types(text), groups(text)
    classes = "".join(_of_class(group, known) for group in found)
    names = "".join(f"    {name},\n" for name in ("Constants", *(group.name for group in found)))
    return (
        f"{_METHODS_HEAD}{_of_constants(text)}{classes}\n\n"
        f'class Methods(\n{names}):\n    """All of them."""\n'
    )


def _of_constants(text: str) -> str:
    """The class of constants: names of `enums`, or names with their values."""
    found = text.partition(f"\n{_CONSTANTS}")[2].partition("\n[")[0]
    doc, _, rest = found.strip().partition("\n\n")
    lines = [f'    """{doc}"""'] if found else ["    pass"]
    for line in rest.splitlines():
        if not line.startswith(" "):
            lines += ["", f"    # {line.rstrip(':')}"]
            continue
        for name, _, value in (word.partition("=") for word in line.split()):
            lines.append(f'    {name} = "{value}"' if value else f"    {name} = enums.{name}")
    return "\n\nclass Constants:\n" + "".join(f"{line}\n" for line in lines)


def _of_class(group: Group, known: dict[str, str]) -> str:
    lines = [*quoted(group.doc, "    ")]
    for method in group.methods:
        if not method.is_by_hand:
            lines += ["", *method_lines(method, known)]
    return f"\n\nclass {group.name}(Calls):\n" + "".join(f"{line}\n" for line in lines)


def method_lines(method: Method, known: dict[str, str]) -> Iterator[str]:
    """The lines of a method, as `ruff format` would lay them out."""
    given = [_parameter(each, known) for each in method.parameters]
    parameters = ["self", *given]
    if not method.is_closed:
        parameters = ["self", *(["*", *given] if given else []), "**params: Any"]
        yield "    @by_signature"
    answer = {None: "Any", "listenKey": "str"}.get(method.answer, method.answer)
    lines = laid_out(f"def {method.name}(", parameters, f") -> {answer}:", WIDTH - 4)
    yield from (f"    {line}" for line in lines)
    yield from quoted(method.doc, "        ")
    if method.is_closed:
        yield f"        return {_call(method)}"


def _call(method: Method) -> str:
    names = [each.partition(":")[0].rstrip("!") for each in method.parameters]
    arguments = ", ".join([f'"{method.name}"', *(f"{name}={name}" for name in names)])
    if method.answer == "listenKey":
        key = f'self._object({arguments})["listenKey"]'
        lines = f"str(\n            {key}\n        )"
        return lines if len(key) > WIDTH - 20 else f"str({key})"
    return f"self._{'array' if method.answer == 'Array' else 'object'}({arguments})"


def laid_out(start: str, items: list[str], end: str, width: int) -> list[str]:
    """Lines from `start` to `end`, as `ruff format` would break them."""
    joined = ", ".join(items)
    if len(start + joined + end) <= width:
        return [start + joined + end]
    if len(joined) + 4 <= width:
        return [start, f"    {joined}", end]
    return [start, *(f"    {each}," for each in items), end]


def quoted(doc: list[str], indent: str) -> list[str]:
    """The lines of a docstring."""
    lines = [f'"""{doc[0]}"""'] if len(doc) == 1 else [f'"""{doc[0]}', *doc[1:], '"""']
    return [f"{indent}{line}" if line else "" for line in lines]


def _parameter(written: str, known: dict[str, str]) -> str:
    """The parameter in Python; the first lines of the text explain the notation."""
    written, _, default = written.partition("=")
    name, _, own = written.rstrip("!").partition(":")
    kind = own or known.get(name, known[""])
    if written.endswith("!!"):
        return f"{name}: {kind}"
    if default:
        return f'{name}: {kind} = "{default}"'
    if written.endswith("!"):
        return f"{name}: {kind} = NEEDED"
    return f"{name}: {kind} | None = None"


def main() -> None:
    text = SOURCE.read_text(encoding="utf-8")
    METHODS.write_text(methods(text), encoding="utf-8")
    ROUTES.write_text(routes(text), encoding="utf-8")


if __name__ == "__main__":
    main()
