"""The two READMEs say what is there, and the same."""

import io
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docutils.core import publish_doctree
from docutils.nodes import literal, literal_block

ROOT = Path(__file__).parent.parent.parent
READMES = ("README.rst", "README.ja.rst")


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
    assert len(list(tree_of(name).findall(literal_block))) == 2


@pytest.mark.parametrize("name", READMES)
def test_its_script_is_an_example_that_is_run(name: str, modules: SimpleNamespace) -> None:
    blocks = list(tree_of(name).findall(literal_block))
    script = next(block for block in blocks if "python" in block["classes"]).astext()
    example = (ROOT / "examples/guide/first_stream.py").read_text(encoding="utf-8")
    if name == "README.ja.rst":  # with the comments of the Japanese pages
        example = modules.codecomments.translated(example, modules.catalogues.translation("index"))
    assert script == example.rstrip("\n")
    assert len(example.splitlines()) == 10


@pytest.mark.parametrize("name", READMES)
def test_the_two_commands_are_targets(name: str) -> None:
    targets = re.findall(r"^(\w+):", text_of("Makefile"), re.M)
    block = next(tree_of(name).findall(literal_block)).astext()
    commands = [line.partition("#")[0].strip() for line in block.splitlines()]
    assert commands == ["make demo", "make test"]
    assert {"demo", "test"} <= set(targets)


@pytest.mark.parametrize("name", READMES)
def test_what_proves_a_row_is_there(name: str) -> None:
    paths = [
        node.astext()
        for node in tree_of(name).findall(literal)
        if node.astext().startswith("tests")
    ]
    assert len(paths) >= 12
    for path in paths:
        found = ROOT / path
        tests = [found] if found.is_file() else list(found.rglob("test_*.py"))
        assert any("def test_" in test.read_text(encoding="utf-8") for test in tests), path


def test_both_name_the_same_things() -> None:
    english, japanese = (
        {node.astext() for node in tree_of(name).findall(literal)} for name in READMES
    )
    assert english == japanese


@pytest.mark.parametrize("name", READMES)
def test_the_ratios_are_those_of_the_last_run(name: str, modules: SimpleNamespace) -> None:
    ratios = modules.ratios
    shown = ratios.BETWEEN.search(text_of(name))
    assert shown is not None
    wanted = ratios.section(ratios.results(), ratios.READMES[ROOT / name])
    assert shown[0] == wanted, "run: python docs/ratios.py"


RESULTS = {
    "rounds": 7,
    "machine": {"cpu": "a processor", "python": "Python 3.11.7"},
    "cases": {
        "burst": {"ours": {"rate": 900.0, "cpu": 1.0}, "peer": {"rate": 90.0, "cpu": 12.0}},
        "array": {"ours": {"rate": 10.0, "cpu": 4.0}},
    },
}


@pytest.mark.parametrize("name", READMES)
def test_a_run_is_shown_as_ratios(name: str, modules: SimpleNamespace) -> None:
    section = modules.ratios.section(RESULTS, modules.ratios.READMES[ROOT / name])
    warnings = io.StringIO()
    tree = publish_doctree(section, settings_overrides={"warning_stream": warnings})
    assert warnings.getvalue() == ""
    words = tree.astext().split()
    assert words.count("1.00") == 4
    assert {"0.10", "12.00", "7"} <= set(re.findall(r"[\d.]+", " ".join(words)))


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
    assert modules.ratios.section(None, modules.ratios.ENGLISH) == ""


def test_the_index_shows_the_same_script() -> None:
    index = text_of("docs/index.rst")
    assert ".. literalinclude:: ../examples/guide/first_stream.py" in index
