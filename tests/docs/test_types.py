"""What type checkers report about users' scripts: nothing in good ones, every typical mistake.

Good are the scripts of the tutorial, and so that of the README, and typical lines. Each checker
runs once, in its strict mode, as a user runs it.
"""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.pace import paced

ROOT = Path(__file__).parent.parent.parent
TYPED = ROOT / "tests/typed"
TUTORIAL = sorted(
    {
        (page.parent / target).resolve()
        for page in (ROOT / "docs/tutorial").glob("*.rst")
        for target in re.findall(r"literalinclude:: (\S+\.py)$", page.read_text("utf-8"), re.M)
    }
)
SCRIPTS = [*TUTORIAL, TYPED / "lines.py", TYPED / "mistakes.py"]
WRONG = {
    number
    for number, line in enumerate((TYPED / "mistakes.py").read_text("utf-8").splitlines(), 1)
    if line.endswith("# wrong")
}

pytestmark = [pytest.mark.process, pytest.mark.slow]


def told_by_mypy(folder: Path) -> Mapping[str, set[int]]:
    """The lines in which mypy --strict finds an error, by script."""
    pytest.importorskip("mypy")
    options = ["--strict", "--config-file=", "--follow-imports=silent", "--no-error-summary"]
    found = _run(
        ["mypy", *options, *map(str, SCRIPTS)],
        MYPYPATH=str(ROOT),
        MYPY_CACHE_DIR=str(ROOT / ".mypy_cache/user"),
    )
    lines = defaultdict(set)
    for line in found.stdout.splitlines():
        script, number, kind, _ = line.split(":", 3)
        if kind == " error":
            lines[Path(script).name].add(int(number))
    assert found.returncode == bool(lines), found.stdout + found.stderr
    return lines


def told_by_pyright(folder: Path) -> Mapping[str, set[int]]:
    """The lines in which pyright finds an error in its strict mode, by script."""
    pytest.importorskip("pyright", reason="pip install pyright[nodejs]")
    config = folder / "pyrightconfig.json"
    settings: dict[str, Any] = {"typeCheckingMode": "strict", "extraPaths": [str(ROOT)]}
    settings["include"] = [script.name for script in SCRIPTS[-2:]]  # the tutorial's have no types
    for script in SCRIPTS[-2:]:
        (folder / script.name).write_text(script.read_text("utf-8"), encoding="utf-8")
    config.write_text(json.dumps(settings), encoding="utf-8")
    options = ["--project", str(config), "--pythonpath", sys.executable, "--outputjson"]
    found = json.loads(_run(["pyright", *options]).stdout)
    assert found["summary"]["filesAnalyzed"] == 2
    lines = defaultdict(set)
    for one in found["generalDiagnostics"]:
        if one["severity"] == "error":
            lines[Path(one["file"]).name].add(one["range"]["start"]["line"] + 1)
    return lines


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


def test_there_are_enough_of_each_kind() -> None:
    assert "first_stream.py" in {script.name for script in TUTORIAL}
    source = (TYPED / "lines.py").read_text("utf-8")
    assert len(re.findall(r"^ *(?:bm|other)\.\w+\(", source, re.M)) >= 60
    assert len(WRONG) >= 25


@pytest.mark.parametrize("told_by", [told_by_mypy, told_by_pyright])
def test_each_mistake_is_found_and_nothing_else(told_by: Any, tmp_path: Path) -> None:
    assert told_by(tmp_path) == {"mistakes.py": WRONG}
