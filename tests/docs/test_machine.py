"""The diagram of the connection's machine is the table's, and can be read."""

from itertools import combinations
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from binance.sansio.reconnect import TRANSITIONS, Input, State

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> set[tuple[str, str, str]]:
    """(from, input, to) of each arrow."""
    found = set()
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        if group.get("class") == "edge":
            text = group.findall(f"{SVG}text")[-1]
            for word in text.iter(f"{SVG}tspan"):
                found.add((group.get("data-from"), word.text, group.get("data-to")))
    return found


def test_it_has_every_transition_and_no_other(modules: SimpleNamespace) -> None:
    assert drawn(modules.machines.drawing()) == {
        (state.value, event.value, after.value)
        for (state, event), (after, _) in TRANSITIONS.items()
    }


def test_it_follows_the_table(modules: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = dict(TRANSITIONS)
    del changed[State.IDLE, Input.STOP]
    changed[State.PROVEN, Input.RETRY_DUE] = (State.IDLE, "dial")
    monkeypatch.setattr(modules.machines, "TRANSITIONS", changed)
    found = drawn(modules.machines.drawing())
    assert ("idle", "stop", "closed") not in found
    assert ("proven", "retry due", "idle") in found


def test_a_state_without_a_place_stops_the_build(
    modules: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {key: value for key, value in modules.machines.PLACES.items() if key != State.OPEN}
    monkeypatch.setattr(modules.machines, "PLACES", places)
    with pytest.raises(ValueError, match="OPEN"):
        modules.machines.drawing()


def test_final_states_are_those_without_a_way_out(modules: SimpleNamespace) -> None:
    assert modules.machines.final_states() == {State.CLOSED, State.GIVEN_UP}
    root = ElementTree.fromstring(modules.machines.drawing())
    final = [group for group in root.iter(f"{SVG}g") if group.get("class") == "state final"]
    assert [group.find(f"{SVG}text").text for group in final] == ["closed", "given up"]  # type: ignore[union-attr]


def test_boxes_stand_apart_and_inside(modules: SimpleNamespace) -> None:
    machines = modules.machines
    for (x1, y1), (x2, y2) in combinations(machines.PLACES.values(), 2):
        assert abs(x1 - x2) > machines.WIDTH or abs(y1 - y2) > machines.HEIGHT
    for x, y in machines.PLACES.values():
        assert machines.WIDTH / 2 < x < machines.SIZE[0] - machines.WIDTH / 2
        assert machines.HEIGHT / 2 < y < machines.SIZE[1] - machines.HEIGHT / 2


def test_it_is_on_its_page_with_the_table(pages: SimpleNamespace) -> None:
    tree = pages.env.get_doctree("topics/design")
    text = tree.astext()
    for (state, event), (_, action) in TRANSITIONS.items():
        assert f"{state.name}\n\n{event.name}" in text
        assert action in text
