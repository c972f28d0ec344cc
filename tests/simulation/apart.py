"""Runs Python in a process of its own: a simulation installs its reactor and its clock."""

import os
import subprocess
import sys
from pathlib import Path

from tests.pace import paced

ROOT = Path(__file__).resolve().parents[2]


def run(*args: str, given: str = "", **environment: str) -> str:
    """What `python ARGS` prints, given a text as input; fails with it where the process fails."""
    done = subprocess.run(
        [sys.executable, *args],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        input=given,
        capture_output=True,
        text=True,
        timeout=paced(300),
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout
