"""Run the tests on the installed package, from a folder where no source of it lies.

python tests/elsewhere.py FOLDER [arguments of pytest]
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TAKEN = ("tests", "examples", "fuzzing", "benchmarks", "pyproject.toml")


def main(folder: str, *arguments: str) -> int:
    place = Path(folder) / "elsewhere"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in TAKEN:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".envs", "results")
            shutil.copytree(ROOT / name, place / name, ignore=ignored)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, place)
    where = subprocess.run(
        [sys.executable, "-c", "import binance; print(binance.__path__[0])"],
        cwd=place,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    if Path(where) == ROOT / "binance":
        sys.exit(f"not the installed package: {where}")
    print(f"testing {where}")
    return subprocess.call([sys.executable, "-m", "pytest", *arguments], cwd=place)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
