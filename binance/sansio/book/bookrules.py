"""How update ids connect events and snapshots of a book, for each market.

Source: "How to manage a local order book correctly" (as corrected on 2025-11-12),
https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams, and its USD-M
counterpart, https://developers.binance.com/docs/derivatives/usds-margined-futures.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Event = Mapping[str, Any]
"""A `depthUpdate` event: ids `U` to `u`, levels `b` and `a`, time `E`; on futures also `pu`."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a market's update ids connect events and snapshots: an event has the ids `U` to `u`."""

    is_old: Callable[[int, Event], bool]
    """Whether a snapshot with this id is older than the first kept event."""
    holds: Callable[[int, Event], bool]
    """Whether a snapshot certainly contains an event, which is then not applied to it."""
    joins: Callable[[Event, int], bool]
    """Whether an event can be the first one applied to the snapshot with this id."""
    follows: Callable[[Event, int], bool]
    """Whether an event directly follows the event with this last id."""


#: The ids of a symbol are contiguous.  An event may overlap: its levels are absolute.
SPOT = Rules(
    is_old=lambda update_id, first: update_id < first["U"],
    holds=lambda update_id, event: event["u"] <= update_id,
    joins=lambda event, update_id: event["U"] <= update_id + 1,
    follows=lambda event, update_id: event["U"] <= update_id + 1,
)

#: All symbols share the ids; `pu` is the last id of the symbol's previous event.
#:
#: The documentation requires `U <= lastUpdateId <= u` for the first event.  `pu <= lastUpdateId`
#: is true in all these cases, and also if the snapshot is exactly that of the previous event.  As
#: documented, an event whose last id is the snapshot's is applied: if the snapshot has it already,
#: as in real frames, this changes nothing.
FUTURES = Rules(
    is_old=lambda update_id, first: update_id < first["pu"],
    holds=lambda update_id, event: event["u"] < update_id,
    joins=lambda event, update_id: event["pu"] <= update_id,
    follows=lambda event, update_id: event["pu"] == update_id,
)
