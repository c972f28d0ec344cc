"""The arguments of python-binance 1.0 that configure a library which is not used here."""

import warnings


def without_effect(stacklevel: int, **arguments: object) -> None:
    """Warn of each that is given; the caller's caller has `stacklevel` 2."""
    for name, value in arguments.items():
        if value is not None:
            warnings.warn(f"{name} has no effect in this library", stacklevel=stacklevel + 1)
