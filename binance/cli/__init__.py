"""The command line: ``binance-sockets``, or ``python -m binance``.

It needs the extra ``cli``. ``--help`` describes each command.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]

MISSING = """\
binance-sockets: the command line needs {name}; install it with: \
pip install "binance-socket-manager[cli]"
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: success; 1: the command failed, or ``doctor`` found a fault; 2: wrong usage; 130: Ctrl-C
    before a command could end by itself, or an order that the user did not confirm.
    """
    try:
        from binance.cli.app import run
    except ModuleNotFoundError as error:
        name = str(error.name).partition(".")[0]
        if name not in ("click", "rich"):
            raise
        sys.stderr.write(MISSING.format(name=name))
        return 2
    return run(sys.argv[1:] if argv is None else argv)
