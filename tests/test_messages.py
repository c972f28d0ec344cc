"""The types of messages: as the table of fields says, and loaded by nobody who does not ask."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NotRequired, get_args, get_origin, get_type_hints

import pytest

from binance import messages
from binance.sansio.names.fields import PAYLOADS, TYPES
from tests.pace import paced

ROOT = Path(__file__).parent.parent
STUB = ROOT / "binance/messages.pyi"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """docs/message_types.py, which is not part of an installed package."""
    if not (ROOT / "docs/message_types.py").exists():
        pytest.skip("the sources of the pages are not here")
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return importlib.import_module("message_types")
    finally:
        sys.path.remove(str(ROOT / "docs"))


def test_both_files_are_up_to_date(generator: ModuleType) -> None:
    for path, made in generator.FILES.items():
        assert path.read_text(encoding="utf-8") == made(), "run: python docs/message_types.py"


def test_every_message_has_a_type_with_its_fields(generator: ModuleType) -> None:
    for key, name in generator.names().items():
        payload = PAYLOADS[key]
        made = getattr(messages, name)
        assert made.__annotations__.keys() == {field.key for field in payload.fields}
        assert made.__optional_keys__ == {field.key for field in payload.fields if field.optional}
        for field in payload.fields:
            kind = get_type_hints(made)[field.key]
            if field.key == "e":
                assert (get_origin(kind), get_args(kind)) == (Literal, payload.events)
            elif field.record:
                inner = generator.names()[field.record, payload.market]
                assert kind == (
                    list[getattr(messages, inner)] if field.many else getattr(messages, inner)
                )
            else:
                plain = eval(TYPES[field.type][0])
                assert kind == (plain | None if field.also == "null" else plain)


def test_markets_share_a_type_only_if_their_fields_are_the_same(generator: ModuleType) -> None:
    by_name: dict[str, Any] = {}
    for key, name in generator.names().items():
        said = [
            (field.key, field.type, field.meaning, field.optional) for field in PAYLOADS[key].fields
        ]
        assert by_name.setdefault(name, said) == said
    assert generator.names()["Trade", "spot"] == "Trade"
    assert generator.names()["Trade", "usdm"] == "UsdmTrade"
    assert generator.names()["Depth", "coinm"] == "UsdmDepth"
    assert generator.names()["ExecutionReport", "margin"] == "ExecutionReport"
    assert generator.names()["ExecutionReport", "pm"] == "PortfolioMarginExecutionReport"


def test_the_stub_says_the_same_and_explains_every_field() -> None:
    explained = 0
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name != "Combined":
            assert ast.get_docstring(node)
            made = getattr(messages, node.name)
            keys = []
            for field, meaning in zip(node.body[1::2], node.body[2::2], strict=True):
                assert isinstance(field, ast.AnnAssign)
                assert isinstance(field.target, ast.Name)
                assert isinstance(meaning, ast.Expr)
                assert ast.literal_eval(meaning.value)
                keys.append(field.target.id)
                optional = ast.unparse(field.annotation).startswith("NotRequired")
                assert optional == (field.target.id in made.__optional_keys__)
            assert keys == list(made.__annotations__)
            explained += len(keys)
    assert explained > 1000


def test_lists_and_multiplex_messages() -> None:
    assert messages.MiniTickers == list[messages.MiniTicker]
    assert messages.UsdmTickers == list[messages.UsdmTicker]
    assert messages.MarkPrices == list[messages.MarkPrice]
    assert messages.Indexes == list[messages.Index]
    assert get_args(messages.Combined[messages.Trade]) == (messages.Trade,)
    assert messages.Combined.__required_keys__ == {"stream", "data"}
    assert NotRequired[str] == messages.UsdmAggTrade.__annotations__["nq"]


def test_a_key_that_is_a_keyword_is_no_obstacle() -> None:
    assert messages.ConditionalReject.__annotations__["or"] is messages.RejectedOrder


@pytest.mark.process
def test_nothing_loads_the_types_or_the_table_but_who_asks_for_them() -> None:
    code = (
        "import sys, binance.websockets, binance.client, binance.depthcache; "
        "print({'binance.messages', 'binance.sansio.names.fields'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=paced(60),
        check=True,
    )
    assert done.stdout == "set()\n"
