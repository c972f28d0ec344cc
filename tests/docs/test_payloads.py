"""The pages show the fields of every message, with examples that are as the table says."""

import functools
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes

from binance.sansio.names.fields import PAYLOADS, TYPES, Field, Payload
from tests.payloads import problems

DOCS = Path(__file__).parent.parent.parent / "docs"
SOCKETS = {
    "Depth socket": ["Depth", "PartialDepth"],
    "Kline socket": ["Kline"],
    "Aggregated trade socket": ["AggTrade"],
    "Trade socket": ["Trade"],
    "Symbol ticker socket": ["Ticker"],
    "Mini ticker socket": ["MiniTicker"],
    "Book ticker socket": ["BookTicker"],
    "User socket": ["ExecutionReport", "AccountPosition", "BalanceUpdate"],
}


def test_the_examples_are_as_the_table_says(modules: SimpleNamespace) -> None:
    samples = modules.payloads.samples()
    assert len(samples) > 40
    wrong = {key: found for key, m in samples.items() if (found := problems(m, PAYLOADS[key]))}
    assert wrong == {}


def test_an_example_fits_on_the_page(modules: SimpleNamespace) -> None:
    for sample in modules.payloads.samples().values():
        lines = modules.payloads.wrapped(sample)
        assert max(map(len, lines)) <= modules.payloads.WIDTH


@pytest.mark.parametrize("title", SOCKETS)
def test_each_section_of_a_socket_shows_its_messages(title: str) -> None:
    text = (DOCS / "websockets.rst").read_text(encoding="utf-8")
    section = text.partition(f"\n{title}\n---")[2].partition("\n----")[0]
    for name in SOCKETS[title]:
        assert f"\n.. payload:: {name}\n" in section
        assert (name, "spot") in PAYLOADS


@pytest.mark.slow
def test_every_message_has_a_section_with_all_its_fields(
    modules: SimpleNamespace, pages: SimpleNamespace
) -> None:
    @functools.cache
    def rows_of(page: str) -> set[tuple[str, ...]]:
        found = pages.env.get_doctree(page).findall(nodes.row)
        return {tuple(entry.astext() for entry in row.findall(nodes.entry)) for row in found}

    for payload in PAYLOADS.values():
        if not payload.streams and not payload.events:
            continue
        page = f"reference/messages/{payload.market if payload.streams else 'events'}"
        for field, kind, meaning in modules.payloads.rows(payload):
            said = (field.strip("`"), kind.replace("``", ""), meaning.replace("``", ""))
            assert said in rows_of(page), (page, payload.name)


def test_the_types_in_words(modules: SimpleNamespace) -> None:
    words = modules.payloads.type_words
    assert words(Field("p", "d", "price")) == TYPES["d"][1]
    assert words(Field("N", "s", "asset", True, "null")) == "text or null, optional"
    assert words(Field("r", "d", "rate", also='""')) == "decimal number as text or empty text"
    assert words(Field("B", "[Balance]", "balances")) == "list of objects"


def test_records_follow_the_field_that_holds_them(modules: SimpleNamespace) -> None:
    payload: Payload = PAYLOADS["ListStatus", "spot"]
    fields = [field for field, _, _ in modules.payloads.rows(payload)]
    assert fields[-5:-1] == ["``O``", "``O[].s``", "``O[].i``", "``O[].c``"]
    payload = PAYLOADS["AccountUpdate", "usdm"]
    assert "``a.P[].pa``" in [field for field, _, _ in modules.payloads.rows(payload)]
