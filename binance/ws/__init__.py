"""The module names of python-binance 1.0, for scripts that import from them."""
