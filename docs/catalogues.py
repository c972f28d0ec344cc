"""Update the Japanese catalogues from the English pages.

    python docs/catalogues.py            update locale/ja and list the untranslated messages
    python docs/catalogues.py --check    change nothing; exit code 1 if something is missing

Needs the extra ``docs``. If the English text of a message changes, the message is untranslated
again, because the old translation may be wrong.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

HERE = Path(__file__).parent
JAPANESE = HERE / "locale/ja/LC_MESSAGES"

#: Pages that are generated from code or list names: they are in English in both languages.
ENGLISH_ONLY = (
    "reference/client",
    "reference/rest",
    "reference/enums",
    "reference/exceptions",
    "reference/helpers",
)


def extract(target: Path, again: bool = True) -> Sphinx:
    """Write the message templates of all pages into a folder.

    :param again: False takes what is there, from an earlier call.
    """
    with docutils_namespace():  # what Sphinx makes of directives and roles is for its pages only
        app = Sphinx(HERE, HERE, target, target / "doctrees", "gettext", status=None, warning=None)
        # Messages need no links, and to resolve these takes a third of the time.
        app.registry.post_transforms.clear()
        if again:
            app.build(force_all=True)
    return app


def templates(folder: Path) -> Iterator[tuple[str, Catalog]]:
    """The name and the template of each page, without the pages that stay English."""
    for path in sorted(folder.rglob("*.pot")):
        page = path.relative_to(folder).with_suffix("").as_posix()
        if page not in ENGLISH_ONLY and page != "sphinx":
            yield page, _read(path)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="ja")


def translation(page: str) -> Catalog:
    """The catalogue of a page; an empty one if the page has none."""
    path = JAPANESE / f"{page}.po"
    return _read(path) if path.exists() else Catalog(locale="ja")


_MARKUP = re.compile(r"``.*?``|:[a-z:]+:`[^`]*`")


def has_words(text: str) -> bool:
    """Whether the text contains words to translate, and not only code and links."""
    return re.search(r"[A-Za-z]", _MARKUP.sub("", text)) is not None


def wanting(template: Catalog, translated: Catalog) -> list[str]:
    """The messages of a template that have no translation, or a fuzzy one."""
    found = []
    for message in template:
        if message.id and has_words(str(message.id)):
            mine = translated.get(message.id)
            if mine is None or not mine.string or mine.fuzzy:
                found.append(str(message.id))
    return found


_DROPPED = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Generated-By",
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
    "Last-Translator",
    "Language-Team",
)


def updated(template: Catalog, translated: Catalog) -> bytes:
    """The catalogue with those messages of the template that have words, in the same order."""
    made = Catalog(locale="ja", fuzzy=False)
    for message in template:
        if message.id and has_words(str(message.id)):
            mine = translated.get(message.id)
            kept = mine.string if mine is not None and not mine.fuzzy else ""
            made.add(message.id, kept)
    out = io.BytesIO()
    write_po(out, made, width=100, omit_header=False)
    # Without the date: a catalogue changes only when its messages change.
    lines = out.getvalue().decode().splitlines(keepends=True)
    dropped = tuple(f'"{field}' for field in _DROPPED)
    lines = [line for line in lines if not line.startswith((*dropped, "#"))]
    return "".join(lines).encode()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, only report")
    check = parser.parse_args().check
    missing = 0
    with tempfile.TemporaryDirectory() as folder:
        extract(Path(folder))
        for page, template in templates(Path(folder)):
            translated = translation(page)
            for text in wanting(template, translated):
                missing += 1
                print(f"{page}: {text[:90]}")  # noqa: T201
            if not check:
                path = JAPANESE / f"{page}.po"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(updated(template, translated))
    print(f"{missing} message(s) without a translation", file=sys.stderr)  # noqa: T201
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
