"""CONTRIBUTING.rst shows the packages and the walks as they are."""

import io
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils.core import publish_doctree
from docutils.nodes import enumerated_list, image

from tests.imports import MODULES

ROOT = Path(__file__).parent.parent.parent
ADVICE = "run: python docs/contributing.py"


@pytest.fixture
def page() -> str:
    return (ROOT / "CONTRIBUTING.rst").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_picture_is_up_to_date(modules: SimpleNamespace) -> None:
    contributing = modules.contributing
    assert contributing.PICTURE.read_text(encoding="utf-8") == contributing.picture(), ADVICE


def test_the_walks_are_up_to_date(modules: SimpleNamespace, page: str) -> None:
    contributing = modules.contributing
    shown = contributing.BETWEEN.search(page)
    assert shown is not None
    assert shown[0] == contributing.walks(), ADVICE


def test_the_page_opens_with_the_picture_and_three_walks(page: str) -> None:
    warnings = io.StringIO()
    tree = publish_doctree(page, settings_overrides={"report_level": 1, "warning_stream": warnings})
    assert warnings.getvalue() == ""
    (picture,) = tree.findall(image)
    assert tree.index(picture) == 1  # after the title
    assert (ROOT / picture["uri"]).is_file()
    walks = list(tree.findall(enumerated_list))[:3]
    assert all(len(walk) >= 5 for walk in walks)


def test_make_clean_removes_what_git_ignores() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(VENV)", ".venv")
    clean = makefile.partition("\nclean:")[2].partition("\n\n")[0]
    ignored = set((ROOT / ".gitignore").read_text(encoding="utf-8").split())
    for name in ignored - {"*.py[cod]"}:  # in __pycache__
        assert name.strip("/").removeprefix("docs/locale/**/") in clean, name
    assert "find $(SOURCES) " in clean


def test_the_names_in_the_walks_exist(modules: SimpleNamespace) -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in MODULES.values())
    defined = set(re.findall(r"^ *(?:def|class) (\w+)", sources, re.M))
    words = " ".join(
        step[2]
        for walk in tomllib.loads(modules.contributing.WALKS.read_text(encoding="utf-8")).values()
        for step in walk["steps"]
    )
    named = {part for name in re.findall("`(.+?)`", words) for part in name.split(".")}
    assert {"Connection", "Failure"} <= named
    assert named <= defined


def test_a_walk_is_a_list_of_files_and_functions(
    modules: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "walks.toml"
    path.write_text(
        '[one]\ntitle = "One walk"\n'
        'steps = [["a/b.py", "A.f", "calls `g`."], ["c.py", "g", "returns."]]\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(modules.contributing, "WALKS", path)
    assert modules.contributing.walks() == (
        "One walk\n~~~~~~~~\n\n1. ``a/b.py`` ``A.f`` calls ``g``.\n2. ``c.py`` ``g`` returns.\n\n"
    )


@pytest.mark.slow
def test_the_script_writes_both(
    modules: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str
) -> None:
    contributing = modules.contributing
    stale = contributing.BETWEEN.sub("old\n\n", page)
    assert stale != page
    for name, text in (("PAGE", stale), ("PICTURE", "")):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(contributing, name, path)
    contributing.main()
    written = contributing.BETWEEN.sub(lambda _: contributing.walks(), page)
    assert (tmp_path / "PAGE").read_text(encoding="utf-8") == written
    assert (tmp_path / "PICTURE").read_text(encoding="utf-8").startswith("<svg")
