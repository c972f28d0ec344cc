"""The two READMEs say what is there, and the same."""

import io
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docutils.core import publish_doctree
from docutils.nodes import (
    entry,
    image,
    list_item,
    literal,
    literal_block,
    paragraph,
    reference,
    row,
    strong,
    table,
)

ROOT = Path(__file__).parent.parent.parent
READMES = ("README.rst", "README.ja.rst")
MEASURED = (*READMES, "docs/topics/performance.rst")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tree_of(name: str) -> Any:
    warnings = io.StringIO()
    tree = publish_doctree(
        text_of(name), settings_overrides={"report_level": 1, "warning_stream": warnings}
    )
    assert warnings.getvalue() == ""
    return tree


@pytest.mark.parametrize("name", READMES)
def test_it_renders_without_warnings(name: str) -> None:
    assert len(list(tree_of(name).findall(literal_block))) == 4


@pytest.mark.parametrize("name", READMES)
def test_the_first_lines_say_what_it_is_and_show_it(name: str) -> None:
    """Title, one sentence, how to install it, a command to try, and a picture."""
    tree = publish_doctree("\n".join(text_of(name).splitlines()[:25]))
    first = next(tree.findall(paragraph)).astext()
    assert all(word in first for word in ("Binance", "WebSocket", "Python"))
    commands = next(tree.findall(literal_block)).astext().splitlines()
    assert [line.split()[:3] for line in commands] == [
        ["$", "pip", "install"],
        ["$", "binance-sockets", "--demo"],
    ]
    (picture,) = tree.findall(image)
    assert (ROOT / picture["uri"]).exists()


@pytest.mark.parametrize("name", READMES)
def test_its_script_is_an_example_that_is_run(name: str, modules: SimpleNamespace) -> None:
    blocks = list(tree_of(name).findall(literal_block))
    script = next(block for block in blocks if "python" in block["classes"]).astext()
    example = (ROOT / "examples/guide/first_stream.py").read_text(encoding="utf-8")
    if name == "README.ja.rst":  # with the comments of the Japanese pages
        example = modules.codecomments.translated(example, modules.catalogues.translation("index"))
    assert script == example.rstrip("\n")
    assert len([line for line in example.splitlines() if line]) == 10


@pytest.mark.parametrize("name", READMES)
def test_the_two_commands_are_targets(name: str) -> None:
    targets = re.findall(r"^(\w+):", text_of("Makefile"), re.M)
    blocks = [node.astext() for node in tree_of(name).findall(literal_block)]
    (block,) = [text for text in blocks if text.startswith("make ")]
    commands = [line.partition("#")[0].strip() for line in block.splitlines()]
    assert commands == ["make demo", "make test"]
    assert {"demo", "test"} <= set(targets)


@pytest.mark.parametrize("name", READMES)
def test_what_proves_a_claim_is_there(name: str) -> None:
    bullets = [
        [link["refuri"] for link in item.findall(reference)]
        for item in tree_of(name).findall(list_item)
        if item.children[0].children and isinstance(item.children[0].children[0], strong)
    ]
    assert len(bullets) == 6
    for links in bullets:
        assert links
    tests = [ROOT / link for links in bullets for link in links if link.startswith("tests")]
    assert len(tests) >= 5
    for path in tests:
        assert "def test_" in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("name", READMES)
def test_links_lead_to_files_of_the_repository(name: str) -> None:
    links = [link["refuri"] for link in tree_of(name).findall(reference)]
    assert len(links) > 12
    for link in links:
        assert (ROOT / link).is_file(), link


def test_both_name_the_same_things() -> None:
    english, japanese = (
        {node.astext() for node in tree_of(name).findall(literal)} for name in READMES
    )
    assert english == japanese
    targets = [[link["refuri"] for link in tree_of(name).findall(reference)] for name in READMES]
    assert targets[0][1:] == targets[1][1:]  # the first leads to the other language


@pytest.mark.parametrize("name", MEASURED)
def test_the_ratios_are_those_of_the_last_run(name: str, modules: SimpleNamespace) -> None:
    ratios = modules.ratios
    shown = ratios.BETWEEN.search(text_of(name))
    assert shown is not None
    wanted = ratios.section(ratios.results(), ROOT / name)
    assert shown[0] == wanted, "run: python docs/ratios.py"


def test_the_readme_has_one_small_table_of_them(modules: SimpleNamespace) -> None:
    for name in READMES:
        tree = publish_doctree(modules.ratios.section(modules.ratios.results(), ROOT / name))
        (made,) = tree.findall(table)
        rows = [[cell.astext() for cell in each.findall(entry)] for each in made.findall(row)]
        assert {len(cells) for cells in rows} == {2}
        assert len(rows) == 1 + 5


RESULTS = {
    "rounds": 7,
    "machine": {"cpu": "a processor", "python": "Python 3.11.7"},
    "cases": {
        "burst": {
            "ours": {"rate": 900_400.0, "cpu": 1.0},
            "python-binance 1.0": {"rate": 90_040.0, "cpu": 12.0},
        },
        "array": {"ours": {"rate": 10.0, "cpu": 4.0}},
    },
}


def rendered(text: str) -> list[str]:
    warnings = io.StringIO()
    tree = publish_doctree(text, settings_overrides={"warning_stream": warnings})
    assert warnings.getvalue() == ""
    return tree.astext().split()


def test_the_page_shows_a_run_as_ratios(modules: SimpleNamespace) -> None:
    words = rendered(modules.ratios.section(RESULTS, ROOT / "docs/topics/performance.rst"))
    assert words.count("1.00") == 4
    assert {"0.10", "12.00", "7"} <= set(words)


@pytest.mark.parametrize("name", READMES)
def test_the_readme_shows_a_run_as_rates(name: str, modules: SimpleNamespace) -> None:
    words = rendered(modules.ratios.section(RESULTS, ROOT / name))
    assert {"900,000", "90,000", "10"} <= set(words)


def test_a_short_run_is_not_shown(
    modules: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for rounds, shown in ((1, False), (7, True)):
        path = tmp_path / f"{rounds}.json"
        path.write_text(json.dumps(RESULTS | {"rounds": rounds}), encoding="utf-8")
        monkeypatch.setattr(modules.ratios, "RESULTS", path)
        assert (modules.ratios.results() is not None) is shown
    monkeypatch.setattr(modules.ratios, "RESULTS", tmp_path / "none.json")
    assert modules.ratios.results() is None
    assert modules.ratios.section(None, ROOT / "README.rst") == ""


def test_the_index_shows_the_same_script() -> None:
    index = text_of("docs/index.rst")
    assert ".. literalinclude:: ../examples/guide/first_stream.py" in index
