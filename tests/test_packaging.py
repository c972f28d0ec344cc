"""The files about the distribution agree with each other and with the package."""

import ast
import io
import re
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docutils.core import publish_doctree
from docutils.nodes import image, reference

import binance

ROOT = Path(__file__).parent.parent
README = ROOT / "README.rst"

pytestmark = pytest.mark.skipif(
    not (ROOT / "setup.py").exists(), reason="an installed package is tested, not a checkout"
)


def assigned(name: str) -> object:
    """One of setup.py's lists and dicts, which may use those before it."""
    tree = ast.parse((ROOT / "setup.py").read_text(encoding="utf-8"))
    found: dict[str, object] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List | ast.Dict):
            found[ast.unparse(node.targets[0])] = eval(ast.unparse(node.value), dict(found))
    return found[name]


def test_the_lowest_dependencies_that_are_tested_are_the_lower_bounds() -> None:
    lines = (ROOT / "constraints/lowest.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line.replace("==", ">=") for line in lines if not line.startswith("#")]
    assert pinned == assigned("RUNTIME")


# Import name -> distribution. zope.interface comes with Twisted, txaio with autobahn and urllib3
# with requests for as long as those stand; cryptography comes with pyOpenSSL but is declared.
DISTRIBUTIONS = {
    "OpenSSL": "pyOpenSSL",
    "autobahn": "autobahn",
    "certifi": "certifi",
    "nats": "nats-py[nkeys]",  # it imports nkeys for credentials
    "cryptography": "cryptography",
    "orjson": "orjson",
    "prometheus_client": "prometheus-client",
    "requests": "requests",
    "service_identity": "service-identity",
    "twisted": "Twisted",
    "txaio": "autobahn",
    "urllib3": "requests",
    "zope": "Twisted",
}
OPTIONAL = {
    "dateparser": "dates",
    "pandas": "pandas",
    "click": "cli",
    "rich": "cli",
    "textual": "dashboard",
    "nats": "relay",
    "prometheus_client": "status",
    "pytest": "test",
}


def imported(source: str) -> set[str]:
    """The topmost names of what a module imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).partition(".")[0])
    return names


@pytest.mark.slow
def test_what_the_package_imports_is_declared_and_nothing_else() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "binance").rglob("*.py")]
    used = set().union(*map(imported, sources))
    third = used - sys.stdlib_module_names - {"binance"} - set(OPTIONAL)
    runtime = assigned("RUNTIME")
    assert isinstance(runtime, list)
    assert {DISTRIBUTIONS[name] for name in third} == {line.split(">=")[0] for line in runtime}


def test_what_is_imported_when_asked_for_has_an_extra() -> None:
    extras = assigned("EXTRAS")
    assert isinstance(extras, dict)
    for module, extra in OPTIONAL.items():
        name = DISTRIBUTIONS.get(module, module)
        assert name in {line.split(">=")[0] for line in extras[extra]}


def test_the_version_has_the_form_of_one() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+([ab]\d+|rc\d+)?", binance.__version__)


def test_types_are_told_to_be_there() -> None:
    assert (Path(binance.__path__[0]) / "py.typed").exists()


def test_fragments_have_a_type_that_exists() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    types = set(re.findall(r'^directory = "(\w+)"$', pyproject, re.M)) - {"newsfragments"}
    assert types == {"feature", "bugfix", "doc", "removal", "misc"}
    for fragment in (ROOT / "newsfragments").glob("+*"):
        name, kind, suffix = fragment.name.rsplit(".", 2)
        assert (bool(name), kind in types, suffix) == (True, True, "rst"), fragment.name
        assert fragment.read_text(encoding="utf-8").strip()


def metadata(monkeypatch: pytest.MonkeyPatch, repository: str = "") -> dict[str, Any]:
    """What setup.py passes to setuptools."""
    passed: dict[str, Any] = {}
    setuptools = SimpleNamespace(setup=passed.update, find_packages=lambda **_: [])
    monkeypatch.setitem(sys.modules, "setuptools", setuptools)
    monkeypatch.setenv("REPOSITORY_URL", repository)
    runpy.run_path(str(ROOT / "setup.py"))
    return passed


def rendered(text: str) -> Any:
    warnings = io.StringIO()
    tree = publish_doctree(text, settings_overrides={"report_level": 1, "warning_stream": warnings})
    assert warnings.getvalue() == ""
    return tree


def test_a_package_index_shows_links_to_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    repository = "https://example.com/binance-socket-manager"
    passed = metadata(monkeypatch, repository)
    tree = rendered(passed["long_description"])
    links = [node["refuri"] for node in tree.findall(reference)]
    before = [node["refuri"] for node in rendered(README.read_text("utf-8")).findall(reference)]
    assert links == [f"{repository}/blob/main/{link}" for link in before]
    (picture,) = tree.findall(image)
    assert picture["uri"] == f"{repository}/raw/main/docs/_static/dashboard.svg"
    assert picture["alt"]
    assert passed["project_urls"]["Changelog"] == f"{repository}/blob/main/CHANGELOG.rst"


def test_without_a_repository_no_link_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = metadata(monkeypatch)
    tree = rendered(passed["long_description"])
    assert list(tree.findall(reference)) == list(tree.findall(image)) == []
    whole = rendered(README.read_text("utf-8"))
    (picture,) = whole.findall(image)
    assert tree.astext().split() == whole.astext().replace(picture["alt"], "").split()
    assert passed["project_urls"] == {}


def test_the_summary_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = metadata(monkeypatch)
    assert "\n" not in passed["description"]
    assert len(passed["description"]) < 100
    assert len(set(passed["classifiers"])) == len(passed["classifiers"])


def test_the_wheel_contains_what_is_not_python(monkeypatch: pytest.MonkeyPatch) -> None:
    package = ROOT / "binance"
    others = {
        path.relative_to(package)
        for path in package.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    patterns = metadata(monkeypatch)["package_data"]["binance"]
    packed = {path.relative_to(package) for pattern in patterns for path in package.glob(pattern)}
    # from which scripts make modules
    sources = {path for path in others if path.parent.name == "generated"}
    assert packed == others - sources
