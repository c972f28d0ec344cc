"""Is another distribution that installs a package named ``binance`` in this environment?

pip lets two distributions write into one folder. The later one overwrites files of the earlier
one, and to uninstall one of them removes files of both. The rest fails in unexpected ways. So a
warning at import names both distributions and the remedy.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator

OURS = "binance-socket-manager"
PACKAGE = "binance"


def clash_warning(path: Iterable[str] | None = None) -> str | None:
    """The warning for the user, or None if no other distribution installs the package.

    :param path: the folders to look in; `sys.path` by default

    Only distributions with "binance" in their own name are looked at: reading the metadata of all
    that is installed would cost a large environment seconds at each start.
    """
    others = sorted(set(_claimants(sys.path if path is None else path)))
    if not others:
        return None
    names = " and ".join(others)
    return (
        f"{names} also installs a package named '{PACKAGE}' in this environment: its files and "
        f"those of {OURS} may be mixed, and what you import may be either's. "
        f"Run: pip uninstall {' '.join(others)} {OURS}; then: pip install {OURS}"
    )


def _claimants(path: Iterable[str]) -> Iterator[str]:
    """Names of the other distributions found that install our package."""
    for folder in path:
        try:
            entries = os.listdir(folder or os.curdir)
        except OSError:  # a zip file, or an entry of sys.path that does not exist
            continue
        for entry in entries:
            if PACKAGE in entry.lower() and entry.endswith((".dist-info", ".egg-info")):
                name = _normalized(entry)
                if name != OURS and _installs_package(os.path.join(folder, entry)):
                    yield name


def _normalized(entry: str) -> str:
    """``Python_Binance-1.0.36.dist-info`` -> ``python-binance``."""
    name = entry.rpartition(".")[0].partition("-")[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def _installs_package(path: str) -> bool:
    """Has it files under our package's name? A distribution that does not say is taken to."""
    from importlib.metadata import Distribution  # seldom needed, and it takes 3 ms

    distribution = Distribution.at(path)
    top_level = distribution.read_text("top_level.txt")
    if top_level is not None:
        return PACKAGE in top_level.split()
    files = distribution.files
    return files is None or any(file.parts[0] == PACKAGE for file in files)
