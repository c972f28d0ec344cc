"""The notebook of the pages runs, and shows what it shows there."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.pace import paced

NOTEBOOKS = Path(__file__).parent.parent.parent / "examples/notebooks"

pytestmark = [pytest.mark.process, pytest.mark.loopback]


@pytest.fixture(scope="module")
def notebook(modules: SimpleNamespace) -> Any:
    return modules.notebooks.executed(NOTEBOOKS / "live_market.ipynb", int(paced(120.0)))


def shown(notebook: Any) -> list[dict[str, Any]]:
    """What its cells show, one after the other.

    What they write is not counted: where matplotlib draws for the first time, it says that it
    makes its list of fonts, if that takes long.
    """
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    outputs = [output for cell in cells for output in cell["outputs"]]
    return [output["data"] for output in outputs if output["output_type"] != "stream"]


def test_it_shows_a_message_tables_a_chart_a_book_and_data_frames(notebook: Any) -> None:
    ticker, manager, chart, book, levels, candles, stats = shown(notebook)
    assert ticker["text/plain"].startswith("('BTCUSDT', '")
    assert "BinanceSocketManager: running, 2 sockets" in manager["text/html"]
    assert len(chart["image/png"]) > 5000
    assert "BTCUSDT, in sync" in book["text/html"]
    assert levels["text/html"].count("<tr>") == 4
    assert "<th>closed</th>" in candles["text/html"]
    assert stats["text/html"].count("<tr>") == 1 + 4


def test_its_live_table_was_updated(notebook: Any) -> None:
    manager = shown(notebook)[1]["text/html"]
    messages = manager.partition("<td>btcusdt@trade</td><td>")[2].partition("<")[0]
    assert int(messages.replace(",", "")) > 10


def test_the_page_has_the_same_kinds_of_outputs(notebook: Any) -> None:
    stored = json.loads((NOTEBOOKS / "live_market.ipynb").read_text(encoding="utf-8"))
    assert [set(data) for data in shown(stored)] == [set(data) for data in shown(notebook)]
