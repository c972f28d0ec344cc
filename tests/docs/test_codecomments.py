"""The comments in the code of the Japanese pages are Japanese, and the code is the same."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages.catalog import Catalog
from docutils import nodes
from sphinx.addnodes import translatable

ROOT = Path(__file__).parent.parent.parent

CODE = '''"""What the script does.

    python script.py
"""

LIMIT = 5  # how many


class Bot:
    """It trades."""

    def __init__(self):
        # not at all
        self.text = "# how many"  # not


def plain():
    pass
'''


def test_comments_and_docstrings_are_messages(modules: SimpleNamespace) -> None:
    assert list(modules.codecomments.comments(CODE)) == [
        "What the script does.\n\n    python script.py\n",
        "how many",
        "It trades.",
        "not at all",
        "not",
    ]
    console = "$ make demo      # streams\n$ make test\n"
    assert list(modules.codecomments.comments(console, "console")) == ["streams"]
    unit = "# A relay.\n[Service]\nExecStart=a # b\n  # Why.\n#no\n"
    assert list(modules.codecomments.comments(unit, "ini")) == ["A relay.", "Why."]


def test_nothing_else_is_translated(modules: SimpleNamespace) -> None:
    catalogue = Catalog(locale="ja")
    for words in modules.codecomments.comments(CODE):
        catalogue.add(words, words.upper())
    assert (
        modules.codecomments.translated(CODE, catalogue)
        == '''"""WHAT THE SCRIPT DOES.

    PYTHON SCRIPT.PY
"""

LIMIT = 5  # HOW MANY


class Bot:
    """IT TRADES."""

    def __init__(self):
        # NOT AT ALL
        self.text = "# how many"  # NOT


def plain():
    pass
'''
    )


@pytest.mark.slow
@pytest.mark.parametrize("page", ["index", "tutorial/small-bot", "howto/recipes", "project"])
def test_the_pages_yield_them(pages: SimpleNamespace, page: str) -> None:
    found = [
        words
        for block in pages.env.get_doctree(page).findall(nodes.literal_block)
        if isinstance(block, translatable)
        for words in block.extract_original_messages()
    ]
    assert found
    assert {words for words in found if pages.templates[page].get(words) is None} == set()


def test_the_block_shows_the_translation(modules: SimpleNamespace) -> None:
    block = modules.codecomments.literal_block("f()  # call", "f()  # call", language="python")
    block.preserve_original_messages()
    block.apply_translated_message("call", "呼びます")
    assert block.astext() == block.rawsource == "f()  # 呼びます"
    assert block.extract_original_messages() == ["call"]
