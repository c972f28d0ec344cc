"""The scripts of the tutorial, and so that of the README, pass mypy --strict as a user runs it."""

import os
import re
import subprocess
import sys
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
