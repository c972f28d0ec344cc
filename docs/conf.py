"""Sphinx's settings: one English source, Japanese by message catalogues in locale/.

    make docs

builds both into ``_build/html/en`` and ``_build/html/ja``, with every warning an error.
"""

import builtins
import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE), str(HERE / "_ext")]

import binance  # noqa: E402 - the package in this repository, not an installed one

project = "binance-socket-manager"
author = "the authors of binance-socket-manager"
copyright = "MIT licence"
release = version = binance.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "codecomments",
    "commandhelp",
    "constants",
    "japanesesearch",
    "machines",
    "notebooks",
    "payloads",
    "recipes",
    "routetables",
    "simulatortables",
]
exclude_patterns = ["_build", "locale", "_ext", "_templates"]
default_role = "code"  # as in the docstrings: `name`
nitpicky = True
smartquotes = False

language = "en"
locale_dirs = ["locale"]
gettext_compact = False
gettext_location = False  # line numbers would change the catalogues with every edit
gettext_uuid = False

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
add_module_names = False
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = f"binance-socket-manager {release}"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_js_files = ["copy.js"]
templates_path = ["_templates"]
html_copy_source = False
html_show_sphinx = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}

LANGUAGES = {"en": "English", "ja": "日本語"}

PUBLIC_MODULES = (
    "client",
    "depthcache",
    "enums",
    "events",
    "exceptions",
    "helpers",
    "simulator",
    "websockets",
)

# Names of other packages in type hints: they are shown without a link.
_OTHERS = frozenset(sys.stdlib_module_names) | {
    "_pytest",
    "autobahn",
    "pytest",
    "requests",
    "twisted",
}
_PLAIN = frozenset(dir(builtins)) | {"Any", "Callable", "Decimal", "Future", "Self"}
_PLAIN |= frozenset(dir(importlib.import_module("binance.messages")))


def _public_names() -> dict[str, str]:
    """For each re-exported name: where it is defined -> where it is public."""
    found = {}
    for module in PUBLIC_MODULES:
        public = importlib.import_module(f"binance.{module}")
        for name in getattr(public, "__all__", ()):
            value = getattr(public, name)
            if hasattr(value, "__qualname__"):
                found[f"{value.__module__}.{value.__qualname__}"] = f"binance.{module}.{name}"
    return found


def resolve(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.TextElement
) -> nodes.Node | None:
    """Resolve a name that the Python domain does not know, such as a re-exported name."""
    if node.get("refdomain") != "py":
        return None
    target = str(node.get("reftarget", ""))
    if public := _public_names().get(target):
        domain = env.domains["py"]
        return domain.resolve_xref(
            env, str(node["refdoc"]), app.builder, str(node["reftype"]), public, node, contnode
        )
    topmost, dot, _ = target.partition(".")
    if topmost == "binance":  # a private type in a signature: shown, not documented
        known = _is_importable(target)
    else:
        known = topmost in _OTHERS if dot else topmost in _PLAIN
    return contnode if known else None


def _is_importable(target: str) -> bool:
    module, _, name = target.rpartition(".")
    return importlib.util.find_spec(module) is not None and hasattr(
        importlib.import_module(module), name
    )


def page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Add the addresses of the same page in the other languages, for the language switch."""
    up = "../" * (pagename.count("/") + 1)
    context["languages"] = [
        (name, None if code == app.config.language else f"{up}{code}/{pagename}.html", code)
        for code, name in LANGUAGES.items()
    ]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("missing-reference", resolve)
    app.connect("html-page-context", page_context)
    return {"parallel_read_safe": True}
