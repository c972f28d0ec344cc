"""The command line: ``binance-sockets``, or ``python -m binance``.

It needs the extra ``cli``. What each command does is told by its ``--help``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]

MISSING = """\
binance-sockets: the command line needs {name}; install it with: \
pip install 'binance-socket-manager[cli]'"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; its exit code.

    0: done; 1: it could not be done, or ``doctor`` found a fault; 2: wrong usage; 130: Ctrl-C
    before there was anything to end.
    """
    try:
        from binance.cli.app import run
    except ModuleNotFoundError as error:
        name = str(error.name).partition(".")[0]
        if name not in ("click", "rich"):
            raise
        sys.stderr.write(MISSING.format(name=name) + "\n")
        return 2
    return run(sys.argv[1:] if argv is None else argv)
