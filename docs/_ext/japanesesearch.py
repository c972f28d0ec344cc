"""The index of the Japanese pages' search: Japanese has no spaces, so a word is found in a run.

The search of the page looks a word of one or two characters up in the index, and looks for a longer
one within each entry. So the index contains each run of letters as it is, each kanji in it, and
each pair of neighbouring characters. No dictionary is needed, and a word is found in every form.
"""

from __future__ import annotations

import re
from itertools import pairwise

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage

_KANJI = "\u3005\u3400-\u9fff"
_JAPANESE = re.compile(f"[\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff{_KANJI}]+")
_SINGLE = re.compile(f"[{_KANJI}]")
_LATIN = re.compile(r"[A-Za-z0-9_]+")


class JapaneseSearch(SearchLanguage):
    """Splits a text into the entries of the index."""

    lang = "ja"
    language_name = "Japanese"

    def split(self, input: str) -> list[str]:
        entries: list[str] = []
        for run in re.findall(r"\w+", input):
            entries.append(run)
            for japanese in _JAPANESE.findall(run):
                entries += _SINGLE.findall(japanese)
                entries += map("".join, pairwise(japanese))
            if _JAPANESE.search(run):
                entries += _LATIN.findall(run)
        return entries


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_search_language(JapaneseSearch)
    return {"parallel_read_safe": True}
