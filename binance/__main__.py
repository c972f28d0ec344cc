"""``python -m binance``: the command line."""

import sys

from binance.cli import main

if __name__ == "__main__":
    sys.exit(main())
