"""The option `gapless=`: up to which limits missing events are fetched."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gapless:
    """The limits of `gapless=`; what is beyond them is reported as a `Gap`."""

    max_age: float = 24 * 3600.0
    """The age in seconds up to which missing events are fetched."""
    max_count: int = 100_000
    """The number of missing events of a hole up to which they are fetched."""
    max_hold: float = 60.0
    """The seconds for which a stream is held while REST calls fail."""
    max_held: int = 50_000
    """The number of events of a stream that are held meanwhile."""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                raise ValueError(f"{name} must be a number above 0, not {value!r}")


def limits_of(gapless: object) -> Gapless | None:
    """The limits that an option `gapless` means.

    :raises TypeError: it is neither a truth value nor a `Gapless`.
    """
    if isinstance(gapless, Gapless):
        return gapless
    if gapless is None or isinstance(gapless, bool):
        return Gapless() if gapless else None
    raise TypeError(f"gapless must be True, False or a Gapless(..), not {gapless!r}")
