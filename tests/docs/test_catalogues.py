"""The Japanese pages are complete: each message of the English pages has a translation."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
JAPANESE = ROOT / "docs/locale/ja/LC_MESSAGES"

KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
#: Parts that are the same in every language: code, roles and names.
KEPT = re.compile(r"``.*?``|:[a-z:]+:`[^`]*`|`[^`]*`_?|https?://\S+")
NAMES = re.compile(
    r"^(binance[-.\w]*|WebSocket API|ERROR|WARNING|INFO|DEBUG|[\W\d_]*|[A-Za-z]\w*\.\w[\w.]*)$"
)


def test_the_pages_that_stay_english_are_indexes_of_names(modules: SimpleNamespace) -> None:
    assert set(modules.catalogues.ENGLISH_ONLY) == {
        "reference/client",
        "reference/rest",
        "reference/enums",
        "reference/exceptions",
        "reference/helpers",
    }


@pytest.mark.slow
def test_nothing_is_untranslated_or_fuzzy(modules: SimpleNamespace, pages: SimpleNamespace) -> None:
    assert {"websockets", "reference/websockets", "reference/depthcache"} <= set(pages.templates)
    assert {"reference/simulator", "tutorial/first-stream", "index"} <= set(pages.templates)
    wanting = {
        page: missing
        for page, template in pages.templates.items()
        if (missing := modules.catalogues.wanting(template, modules.catalogues.translation(page)))
    }
    assert wanting == {}, "run: python docs/catalogues.py"


@pytest.mark.slow
def test_what_no_page_says_any_more_has_gone(
    modules: SimpleNamespace, pages: SimpleNamespace
) -> None:
    there = {path.relative_to(JAPANESE).with_suffix("").as_posix() for path in files()}
    assert there == set(pages.templates)
    for page, template in pages.templates.items():
        said = {message.id for message in template if modules.catalogues.has_words(message.id)}
        kept = {message.id for message in modules.catalogues.translation(page) if message.id}
        assert kept == said, page


def test_code_alone_needs_no_translation(modules: SimpleNamespace) -> None:
    has_words = modules.catalogues.has_words
    assert not has_words("``bm.close()``, ``bm.join()``")
    assert not has_words(":class:`Client`")
    assert has_words("``price`` in ms")


def test_translations_are_in_japanese() -> None:
    english = [
        (path.name, message.string)
        for path in files()
        for message in read(path)
        if message.id
        and not NAMES.match(KEPT.sub("", message.id).strip())
        and not KANA_OR_KANJI.search(message.string)
    ]
    assert english == []


def test_code_is_the_same_in_both_languages() -> None:
    """Checks roles and their targets, because Sphinx compares only their number."""
    role = re.compile(r":([a-z:]+):`(?:[^`<]*<)?([^`<>]*)>?`")
    for path in files():
        for message in read(path):
            if message.id:
                assert sorted(role.findall(message.id)) == sorted(role.findall(message.string)), (
                    message.id
                )


def files() -> list[Path]:
    return sorted(JAPANESE.rglob("*.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def test_a_changed_or_fuzzy_message_is_wanting(modules: SimpleNamespace) -> None:
    template, translated = Catalog(), Catalog(locale="ja")
    for text in ("same", "new words", "doubtful", "empty"):
        template.add(text)
    translated.add("same", "同じ")
    translated.add("old words", "古い言葉")
    translated.add("doubtful", "疑わしい", flags=["fuzzy"])
    translated.add("empty", "")
    assert modules.catalogues.wanting(template, translated) == ["new words", "doubtful", "empty"]
    made = modules.catalogues.updated(template, translated).decode()
    assert "古い言葉" not in made
    assert "疑わしい" not in made
    assert 'msgid "same"\nmsgstr "同じ"' in made
