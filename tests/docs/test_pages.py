"""What holds for the sources of the pages."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.rst") if "_build" not in path.parts)
INCLUDE = re.compile(r"^\s*\.\. literalinclude:: (\S+)$", re.M)
BLOCK = re.compile(r"^\s*\.\. code-block:: *(\S*)$", re.M)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_code_is_included_from_examples(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in INCLUDE.findall(text):
        assert (page.parent / target).resolve().is_relative_to(ROOT / "examples")
    assert set(BLOCK.findall(text)) <= {"console", "json"}
    assert not re.search(r"::$", re.sub(r"^\s*\.\. .*$", "", text, flags=re.M), re.M)


def test_every_example_is_on_a_page() -> None:
    included = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in INCLUDE.findall(page.read_text(encoding="utf-8"))
    }
    guide = set((ROOT / "examples/guide").glob("*.py"))
    assert guide - included == set()


@pytest.mark.slow
def test_every_recipe_is_on_its_page(pages: SimpleNamespace) -> None:
    text = pages.env.get_doctree("howto/recipes").astext()
    for recipe in (ROOT / "examples/recipes").glob("*.py"):
        assert f"recipes/{recipe.name}" in text
        assert recipe.read_text(encoding="utf-8").strip() in text


KNOWN_PAGE = (
    "Usage",
    "Websocket errors",
    "Multiplex socket",
    "Depth socket",
    "Kline socket",
    "Aggregated trade socket",
    "Trade socket",
    "Symbol ticker socket",
    "Ticker socket",
    "User socket",
    "Close a socket",
    "Close all sockets",
    "Exit the program",
)


def test_the_websockets_page_has_the_sections_that_users_look_for() -> None:
    text = (DOCS / "websockets.rst").read_text(encoding="utf-8")
    titles = re.findall(r"^(.+)\n-+$", text, re.M)
    assert [title for title in titles if title in KNOWN_PAGE] == list(KNOWN_PAGE)


def test_each_page_can_be_switched_to_the_other_language() -> None:
    assert '"sidebar/language.html"' in (DOCS / "conf.py").read_text(encoding="utf-8")
    template = (DOCS / "_templates/sidebar/language.html").read_text(encoding="utf-8")
    assert 'hreflang="{{ code }}"' in template
