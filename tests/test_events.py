"""The lifecycle events are plain, frozen, comparable values."""

import dataclasses
import pickle

import pytest

from binance import events

FIELDS = {
    "Connected": [],
    "Disconnected": ["code", "reason", "http_status"],
    "Retrying": ["attempt", "delay"],
    "Delayed": ["until", "reason"],
    "Resumed": ["downtime"],
    "Rotated": [],
    "GaveUp": ["reason", "code"],
    "Silent": ["stream", "cause"],
    "Gap": ["stream", "first", "last", "reason"],
    "Backfilled": ["stream", "first", "last"],
    "CallbackFailed": ["error"],
    "Overflowed": ["dropped"],
    "RedundancyChanged": ["links", "reason"],
}
VALUES = {
    "code": 1006,
    "reason": "lost",
    "http_status": 451,
    "attempt": 1,
    "delay": 0.5,
    "until": 1.5e9,
    "downtime": 2.0,
    "stream": "bnbbtc@trade",
    "cause": "a quiet market",
    "first": 7,
    "last": 9,
    "error": None,
    "dropped": 3,
    "links": 1,
}


def build(name: str) -> events.Event:
    extra = {field: VALUES[field] for field in FIELDS[name]}
    return getattr(events, name)(key="bnbbtc@trade", when=1.5, **extra)


def test_the_module_exports_exactly_the_events() -> None:
    assert sorted(events.__all__) == sorted([*FIELDS, "Event"])


@pytest.mark.parametrize("name", FIELDS)
class TestEach:
    def test_is_an_event_with_key_when_and_its_own_fields(self, name: str) -> None:
        event = build(name)
        assert isinstance(event, events.Event)
        assert [f.name for f in dataclasses.fields(event)] == ["key", "when", *FIELDS[name]]
        assert (event.key, event.when) == ("bnbbtc@trade", 1.5)

    def test_is_frozen(self, name: str) -> None:
        with pytest.raises(dataclasses.FrozenInstanceError):
            build(name).key = "other"  # type: ignore[misc]

    def test_takes_no_positional_argument(self, name: str) -> None:
        with pytest.raises(TypeError):
            getattr(events, name)("bnbbtc@trade", 1.5)

    def test_has_no_room_for_other_attributes(self, name: str) -> None:
        assert not hasattr(build(name), "__dict__")

    def test_is_equal_by_value_hashable_and_survives_a_process_border(self, name: str) -> None:
        event = build(name)
        assert event == build(name)
        assert len({event, build(name)}) == 1
        assert pickle.loads(pickle.dumps(event)) == event

    def test_shows_its_name_and_values(self, name: str) -> None:
        assert repr(build(name)).startswith(f"{name}(key='bnbbtc@trade', when=1.5")


def test_events_of_different_kinds_are_never_equal() -> None:
    built = [build(name) for name in FIELDS]
    assert len(set(built)) == len(built)
