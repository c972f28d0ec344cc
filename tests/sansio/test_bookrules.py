"""How ids join events and snapshots, as the exchange documents it."""

import pytest

from binance.sansio.book.bookrules import FUTURES, SPOT, Rules


@pytest.mark.parametrize(
    ("update_id", "is_old"), [(98, True), (99, True), (100, False), (101, False)]
)
def test_a_spot_snapshot_below_the_first_u_is_old(update_id: int, is_old: bool) -> None:
    assert SPOT.is_old(update_id, {"U": 100, "u": 105}) is is_old


@pytest.mark.parametrize(
    ("update_id", "joins"), [(98, False), (99, True), (100, True), (104, True), (200, True)]
)
def test_a_spot_event_must_begin_at_the_next_id_or_before(update_id: int, joins: bool) -> None:
    assert SPOT.joins({"U": 100, "u": 105}, update_id) is joins
    assert SPOT.follows({"U": 100, "u": 105}, update_id) is joins


@pytest.mark.parametrize(
    ("update_id", "is_old"), [(89, True), (90, False), (95, False), (100, False)]
)
def test_a_futures_snapshot_before_the_first_pu_is_old(update_id: int, is_old: bool) -> None:
    event = {"U": 100, "u": 105, "pu": 90}
    assert FUTURES.is_old(update_id, event) is is_old
    assert FUTURES.joins(event, update_id) is not is_old


@pytest.mark.parametrize("update_id", range(95, 110))
def test_a_futures_event_joins_wherever_the_documentation_says(update_id: int) -> None:
    """`U <= lastUpdateId <= u` is the documented condition; ours is wider."""
    event = {"U": 100, "u": 105, "pu": 90}
    if event["U"] <= update_id <= event["u"]:
        assert FUTURES.joins(event, update_id)


@pytest.mark.parametrize(
    ("rules", "update_id", "holds"),
    [
        (SPOT, 104, False),
        (SPOT, 105, True),
        (SPOT, 106, True),
        (FUTURES, 104, False),
        (FUTURES, 105, False),
        (FUTURES, 106, True),
    ],
)
def test_which_events_a_snapshot_holds(rules: Rules, update_id: int, holds: bool) -> None:
    """Spot: drop `u <= lastUpdateId`; futures: drop `u < lastUpdateId`."""
    assert rules.holds(update_id, {"U": 100, "u": 105, "pu": 90}) is holds


@pytest.mark.parametrize(("update_id", "follows"), [(89, False), (90, True), (91, False)])
def test_a_futures_event_names_the_one_before_it(update_id: int, follows: bool) -> None:
    assert FUTURES.follows({"U": 100, "u": 105, "pu": 90}, update_id) is follows
