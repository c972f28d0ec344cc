"""How many octets to read at a time from a connection with a backlog."""

from typing import Final

LEAST_ROOM: Final = 1 << 16
"""Octets of a read, as Twisted has it."""
MOST_ROOM: Final = 1 << 20
"""Beyond this, a read saves nothing any more."""
QUICK_SECONDS: Final = 0.005
"""A read is quick if its messages were delivered in this time: other sockets wait for it."""


def next_room(room: int, octets: int, seconds: float) -> int:
    """The size of the next read after one that brought so many octets of `room`.

    It doubles while reads are full and quick, and is halved after a slow or a small one. Each read
    has a cost of its own: for depth diffs it is a tenth of all, with reads of 64 KiB.
    """
    if octets >= room and seconds <= QUICK_SECONDS:
        return min(room * 2, MOST_ROOM)
    if octets < room // 4 or seconds > 4 * QUICK_SECONDS:
        return max(room // 2, LEAST_ROOM)
    return room
