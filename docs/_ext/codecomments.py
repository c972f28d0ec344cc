"""The comments and docstrings of code blocks are messages: each language shows its own.

A ``literalinclude``, or a ``code-block`` of console input, yields a message for each comment, and
of Python also for each docstring. The code itself is never translated.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from babel.messages import Catalog
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.directives.code import CodeBlock, LiteralInclude

_AFTER_COMMAND = re.compile(r"  # (.+)$", re.M)
_WHOLE_LINE = re.compile(r"^ *# (.+)$", re.M)


def comments(text: str, language: str = "python") -> Iterator[str]:
    """The words of each comment and docstring, in order of the lines."""
    if language == "console":
        yield from _AFTER_COMMAND.findall(text)
        return
    if language != "python":
        yield from _WHOLE_LINE.findall(text)
        return
    found = [
        (token.start, token.string.removeprefix("# "))
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    ]
    documented = ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef
    found += [
        ((node.body[0].lineno, node.body[0].col_offset), words)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, documented) and (words := ast.get_docstring(node, clean=False))
    ]
    yield from (words for _, words in sorted(found))


def replaced(text: str, words: str, others: str) -> str:
    """The code with other words in a comment or a docstring."""
    words = re.escape(words)
    text = re.sub(f"(?<=# ){words}$", lambda _: others, text, flags=re.M)
    return re.sub(f'(?<="""){words}(?=""")', lambda _: others, text)


def translated(text: str, catalogue: Catalog) -> str:
    """The code with its comments and docstrings in the language of a catalogue."""
    for words in comments(text):
        text = replaced(text, words, str(catalogue[words].string))
    return text


class literal_block(nodes.literal_block, addnodes.translatable):
    """A block of code. It has this name so that every writer treats it like any other."""

    def preserve_original_messages(self) -> None:
        self["messages"] = list(comments(self.rawsource, self.get("language", "python")))

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        self.rawsource = replaced(self.rawsource, original_message, translated_message)
        self.children = []
        self += nodes.Text(self.rawsource)

    def extract_original_messages(self) -> list[str]:
        found: list[str] = self["messages"]
        return found


def _translatable(found: list[nodes.Node]) -> list[nodes.Node]:
    return [_block(node) if isinstance(node, nodes.literal_block) else node for node in found]


def _block(node: nodes.literal_block) -> literal_block:
    made = literal_block(node.rawsource, node.astext(), **node.attributes)
    made.source, made.line = node.source, node.line
    return made


class Include(LiteralInclude):
    """A file of examples/."""

    def run(self) -> list[nodes.Node]:
        return _translatable(super().run())


class Block(CodeBlock):
    """Code that is written on the page."""

    def run(self) -> list[nodes.Node]:
        found = super().run()
        return _translatable(found) if self.arguments == ["console"] else found


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("literalinclude", Include, override=True)
    app.add_directive("code-block", Block, override=True)
    return {"parallel_read_safe": True}
