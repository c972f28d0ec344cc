"""How much is read at a time, by what the last read brought."""

import pytest

from binance.sansio.wire.reads import LEAST_ROOM, MOST_ROOM, QUICK_SECONDS, next_room

QUICK, SLOW, TOO_SLOW = QUICK_SECONDS, 2 * QUICK_SECONDS, 5 * QUICK_SECONDS


@pytest.mark.parametrize(
    ("room", "octets", "seconds", "then"),
    [
        (LEAST_ROOM, 0, 0.0, LEAST_ROOM),
        (LEAST_ROOM, LEAST_ROOM - 1, 0.0, LEAST_ROOM),
        (LEAST_ROOM, LEAST_ROOM, QUICK, 2 * LEAST_ROOM),
        (LEAST_ROOM, LEAST_ROOM, SLOW, LEAST_ROOM),
        (LEAST_ROOM, LEAST_ROOM, TOO_SLOW, LEAST_ROOM),
        (4 * LEAST_ROOM, 4 * LEAST_ROOM, SLOW, 4 * LEAST_ROOM),
        (4 * LEAST_ROOM, 4 * LEAST_ROOM, TOO_SLOW, 2 * LEAST_ROOM),
        (4 * LEAST_ROOM, 4 * LEAST_ROOM, 4 * QUICK_SECONDS, 4 * LEAST_ROOM),
        (4 * LEAST_ROOM, LEAST_ROOM, QUICK, 4 * LEAST_ROOM),
        (4 * LEAST_ROOM, LEAST_ROOM - 1, QUICK, 2 * LEAST_ROOM),
        (MOST_ROOM, MOST_ROOM, QUICK, MOST_ROOM),
        (LEAST_ROOM, 3 * LEAST_ROOM, QUICK, 2 * LEAST_ROOM),  # with octets that came late
    ],
)
def test_the_next_read(room: int, octets: int, seconds: float, then: int) -> None:
    assert next_room(room, octets, seconds) == then
