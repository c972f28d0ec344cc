"""How update ids connect events and snapshots of a book, for each market.

Source: "How to manage a local order book correctly" (as corrected on 2025-11-12),
https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams, and its USD-M
counterpart, https://developers.binance.com/docs/derivatives/usds-margined-futures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

Event = Mapping[str, Any]
"""A `depthUpdate` event: ids `U` to `u`, levels `b` and `a`, time `E`; on futures also `pu`."""


class Rules(Protocol):
    """How a market's update ids connect events and snapshots: an event has the ids `U` to `u`."""

    def is_old(self, update_id: int, first: Event) -> bool:
        """Whether a snapshot is older than the first kept event."""
        ...

    def holds(self, update_id: int, event: Event) -> bool:
        """Whether a snapshot certainly contains an event, which is then not applied to it."""
        ...

    def joins(self, event: Event, update_id: int) -> bool:
        """Whether an event can be the first one applied to the snapshot with this id."""
        ...

    def follows(self, event: Event, update_id: int) -> bool:
        """Whether an event directly follows the event with this last id."""
        ...


class _Spot:
    """The ids of a symbol are contiguous.  An event may overlap: its levels are absolute."""

    def is_old(self, update_id: int, first: Event) -> bool:
        first_id: int = first["U"]
        return update_id < first_id

    def holds(self, update_id: int, event: Event) -> bool:
        last_id: int = event["u"]
        return last_id <= update_id

    def joins(self, event: Event, update_id: int) -> bool:
        first_id: int = event["U"]
        return first_id <= update_id + 1

    follows = joins


class _Futures:
    """All symbols share the ids; `pu` is the last id of the symbol's previous event.

    The documentation requires `U <= lastUpdateId <= u` for the first event.  `pu <= lastUpdateId`
    is true in all these cases, and also if the snapshot is exactly that of the previous event.  As
    documented, an event whose last id is the snapshot's is applied: if the snapshot has it already,
    as in real frames, this changes nothing.
    """

    def is_old(self, update_id: int, first: Event) -> bool:
        previous_id: int = first["pu"]
        return update_id < previous_id

    def holds(self, update_id: int, event: Event) -> bool:
        last_id: int = event["u"]
        return last_id < update_id

    def joins(self, event: Event, update_id: int) -> bool:
        previous_id: int = event["pu"]
        return previous_id <= update_id

    def follows(self, event: Event, update_id: int) -> bool:
        previous_id: int = event["pu"]
        return previous_id == update_id


SPOT: Rules = _Spot()
FUTURES: Rules = _Futures()
