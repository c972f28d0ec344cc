"""What holds for the sources of the pages."""

import re
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from sphinx.addnodes import translatable

from binance.sansio.names import routes

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


def test_the_page_about_orders_has_the_queries_for_orders_of_unknown_status() -> None:
    text = (DOCS / "howto/orders.rst").read_text(encoding="utf-8")
    asked = {route.ask: route for route in routes.table().values() if route.ask}
    assert len(asked) > 10
    for names, route in asked.items():
        first, *others = re.split(r"[ |]", names)
        params = ", ".join(f"{name}=.." for name in (*route.keep, route.ask_id))
        assert f"     - ``{first}({params})``" in text
        assert all(f"``{name}(" in text for name in others)


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


#: Characters that a block of code has room for, on a page of 1366 pixels; a phone breaks the lines.
COLUMNS = 88


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_code_is_wider_than_its_column(
    language: str, pages: SimpleNamespace, modules: SimpleNamespace
) -> None:
    wide = []
    for page in pages.env.all_docs:
        catalogue = modules.catalogues.translation(page)
        for block in pages.env.get_doctree(page).findall(nodes.literal_block):
            text = block.astext()
            if language == "ja" and isinstance(block, translatable):
                for words in block.extract_original_messages():
                    if message := catalogue.get(words):
                        text = modules.codecomments.replaced(text, words, message.string)
            wide += [f"{page}: {line}" for line in text.splitlines() if columns(line) > COLUMNS]
    assert not wide, "\n".join(wide)


def test_the_search_finds_japanese_words(modules: SimpleNamespace) -> None:
    split = modules.japanesesearch.JapaneseSearch({}).split
    entries = split("接続が切れると、ライブラリは pingの後に自動で再接続します。")
    # the page looks up words of one and two characters, and looks for longer ones in each entry
    assert {"切", "接続", "再接", "自動", "ping"} <= set(entries)
    assert any("再接続" in entry for entry in entries)
    assert any("ライブラリ" in entry for entry in entries)
    assert split("Futures on COIN-M") == ["Futures", "on", "COIN", "M"]


def test_the_first_page_leads_to_both_languages() -> None:
    first = (DOCS / "languages.html").read_text(encoding="utf-8")
    assert re.findall(r'href="(\w+)/index.html" hreflang="(\w+)"', first) == [
        ("en", "en"),
        ("ja", "ja"),
    ]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "cp docs/languages.html docs/_build/html/index.html" in makefile
