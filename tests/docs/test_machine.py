"""The diagrams of the machines are the tables', and can be read."""

from itertools import combinations
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from binance.sansio.link import reconnect, rotation

SVG = "{http://www.w3.org/2000/svg}"
TABLES = {"connection": reconnect, "rotation": rotation}
#: what the page says is in the list alone
UNDRAWN = {"connection": set(), "rotation": {"STOP", "PAUSED", "RESUMED"}}


@pytest.fixture(params=TABLES)
def name(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def diagram(modules: SimpleNamespace, name: str) -> Any:
    return modules.machines.DIAGRAMS[name]


def drawn(svg: str) -> set[tuple[str | None, str | None, str | None]]:
    """(from, input, to) of each arrow."""
    found = set()
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        if group.get("class") == "edge":
            text = group.findall(f"{SVG}text")[-1]
            for word in text.iter(f"{SVG}tspan"):
                found.add((group.get("data-from"), word.text, group.get("data-to")))
    return found


def test_it_has_every_transition_and_no_other(diagram: Any, name: str) -> None:
    assert drawn(diagram.drawing()) == {
        (state.value, event.value, after.value)
        for (state, event), (after, _) in TABLES[name].TRANSITIONS.items()
        if event.name not in UNDRAWN[name]
    }


def test_it_follows_the_table(modules: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    diagram, state, event = (
        modules.machines.DIAGRAMS["connection"],
        reconnect.State,
        reconnect.Input,
    )
    changed = dict(reconnect.TRANSITIONS)
    del changed[state.IDLE, event.STOP]
    changed[state.PROVEN, event.RETRY_DUE] = (state.IDLE, "dial")
    monkeypatch.setattr(diagram, "transitions", changed)
    found = drawn(diagram.drawing())
    assert ("idle", "stop", "closed") not in found
    assert ("proven", "retry due", "idle") in found


def test_a_state_without_a_place_stops_the_build(
    diagram: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {key: value for key, value in diagram.places.items() if key.name != "PROVEN"}
    monkeypatch.setattr(diagram, "places", places)
    with pytest.raises(ValueError, match="PROVEN"):
        diagram.drawing()


def test_final_states_are_those_without_a_way_out(diagram: Any, name: str) -> None:
    finals = {"connection": {"closed", "given up"}, "rotation": {"ended"}}[name]
    assert {state.value for state in diagram.final_states()} == finals
    root = ElementTree.fromstring(diagram.drawing())
    final = [group for group in root.iter(f"{SVG}g") if group.get("class") == "state final"]
    assert {group.find(f"{SVG}text").text for group in final} == finals  # type: ignore[union-attr]


def test_boxes_stand_apart_and_inside(modules: SimpleNamespace, diagram: Any) -> None:
    width, height = modules.machines.WIDTH, modules.machines.HEIGHT
    for (x1, y1), (x2, y2) in combinations(diagram.places.values(), 2):
        assert abs(x1 - x2) > width or abs(y1 - y2) > height
    for x, y in diagram.places.values():
        assert width / 2 < x < diagram.size[0] - width / 2
        assert height / 2 < y < diagram.size[1] - height / 2


def test_no_arrow_crosses_the_box_of_a_third_state(modules: SimpleNamespace, diagram: Any) -> None:
    for source, target in diagram.edges():
        if source is target:
            continue
        path, _ = diagram._arrow(source, target)
        start, control, end = _points(path)
        for step in range(1, 50):
            t = step / 50
            x, y = (
                (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
                for a, b, c in zip(start, control, end, strict=True)
            )
            for state, (bx, by) in diagram.places.items():
                if state not in (source, target):
                    is_inside = (
                        abs(x - bx) < modules.machines.WIDTH / 2
                        and abs(y - by) < modules.machines.HEIGHT / 2
                    )
                    assert not is_inside, (source, target, state)


def _points(path: str) -> list[tuple[float, float]]:
    numbers = [float(part.strip("MQ,")) for part in path.split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


@pytest.mark.slow
def test_it_is_on_its_page_with_the_table(pages: SimpleNamespace, name: str) -> None:
    tree = pages.env.get_doctree("topics/design")
    text = tree.astext()
    for (state, event), (_, action) in TABLES[name].TRANSITIONS.items():
        assert f"{state.name}\n\n{event.name}" in text
        assert action in text
