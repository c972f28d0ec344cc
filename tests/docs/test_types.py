"""The scripts of the tutorial, and so that of the README, pass mypy --strict as a user runs it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pace import paced

ROOT = Path(__file__).parent.parent.parent
SCRIPTS = sorted(
    {
        (page.parent / target).resolve()
        for page in (ROOT / "docs/tutorial").glob("*.rst")
        for target in re.findall(r"literalinclude:: (\S+\.py)$", page.read_text("utf-8"), re.M)
    }
)


@pytest.mark.process
@pytest.mark.slow
def test_the_scripts_of_the_tutorial_pass_mypy_strict() -> None:
    pytest.importorskip("mypy")
    assert "first_stream.py" in {script.name for script in SCRIPTS}
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent"]
        + [str(script) for script in SCRIPTS],
        cwd=ROOT / "examples/guide",
        env=os.environ | {"MYPYPATH": str(ROOT), "MYPY_CACHE_DIR": str(ROOT / ".mypy_cache/user")},
        capture_output=True,
        text=True,
        timeout=paced(300.0),
        check=False,
    )
    assert found.returncode == 0, found.stdout


# What type checkers report about users' scripts: nothing in good ones, every typical mistake.

TYPED = ROOT / "tests/typed"
WRONG = {
    number
    for number, line in enumerate((TYPED / "mistakes.py").read_text("utf-8").splitlines(), 1)
    if line.endswith("# wrong")
}


def told_by_mypy(script: Path, folder: Path) -> set[int]:
    """The lines in which mypy --strict finds an error."""
    pytest.importorskip("mypy")
    command = ["mypy", "--strict", "--config-file=", "--follow-imports=silent", str(script)]
    found = _run(command, MYPYPATH=str(ROOT), MYPY_CACHE_DIR=str(ROOT / ".mypy_cache/user"))
    lines = re.findall(rf"{script.name}:(\d+): error", found.stdout)
    assert found.returncode == bool(lines), found.stdout + found.stderr
    return {int(line) for line in lines}


def told_by_pyright(script: Path, folder: Path) -> set[int]:
    """The lines in which pyright finds an error in its strict mode."""
    pytest.importorskip("pyright", reason="pip install pyright[nodejs]")
    (folder / script.name).write_text(script.read_text("utf-8"), encoding="utf-8")
    config = folder / "pyrightconfig.json"
    settings = {"typeCheckingMode": "strict", "include": [script.name], "extraPaths": [str(ROOT)]}
    config.write_text(json.dumps(settings), encoding="utf-8")
    options = ["--project", str(config), "--pythonpath", sys.executable, "--outputjson"]
    found = json.loads(_run(["pyright", *options]).stdout)
    assert found["summary"]["filesAnalyzed"] == 1
    errors = [one for one in found["generalDiagnostics"] if one["severity"] == "error"]
    return {one["range"]["start"]["line"] + 1 for one in errors}


def _run(command: list[str], **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=TYPED,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=paced(300.0),
        check=False,
    )


CHECKERS = [told_by_mypy, told_by_pyright]


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("told_by", CHECKERS)
def test_typical_lines_are_accepted(told_by: Callable[..., set[int]], tmp_path: Path) -> None:
    source = (TYPED / "lines.py").read_text("utf-8")
    assert len(re.findall(r"^ *(?:bm|other)\.\w+\(", source, re.M)) >= 60
    assert told_by(TYPED / "lines.py", tmp_path) == set()


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("told_by", CHECKERS)
def test_typical_mistakes_are_found(told_by: Callable[..., set[int]], tmp_path: Path) -> None:
    assert len(WRONG) >= 25
    assert told_by(TYPED / "mistakes.py", tmp_path) == WRONG
