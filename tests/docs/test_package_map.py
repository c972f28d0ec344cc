"""The map has an arrow for each import between packages, and can be read."""

from itertools import combinations, pairwise
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.imports import MODULES, imported_modules

SVG = "{http://www.w3.org/2000/svg}"

IMPORTS = {
    "binance": set(),
    "binance.enums": set(),
    "binance.cli.app": {"binance", "binance.enums", "binance.cli.screen.terminal"},
    "binance.cli.book": {"binance.enums", "binance.tx.wire.dial", "binance.cli.app"},
    "binance.cli.screen.terminal": {"binance.sansio.names.routes.shape"},
    "binance.tx.wire.dial": {"binance.tx.wire.tls", "binance.enums"},
    "binance.tx.wire.tls": {"binance.tx.link"},
}


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    return {
        name: imported_modules(path.read_text(encoding="utf-8"), MODULES)
        for name, path in MODULES.items()
    }


@pytest.fixture
def package_map(modules: SimpleNamespace) -> Any:
    return modules.package_map


def drawn(svg: str) -> dict[tuple[str | None, str | None], int]:
    """(from, to) of each arrow, and its number."""
    return {
        (path.get("data-from"), path.get("data-to")): int(path.get("data-count") or 0)
        for path in ElementTree.fromstring(svg).iter(f"{SVG}path")
        if path.get("class") == "arrow"
    }


def test_imports_of_one_package_from_another_are_counted(package_map: Any) -> None:
    assert drawn(package_map.drawing(IMPORTS)) == {
        ("cli", "cli.screen"): 1,
        ("cli", "values"): 2,
        ("cli", "tx"): 1,
        ("cli", "sansio"): 1,
        ("tx", "values"): 1,
        ("tx.wire", "tx"): 1,
    }


def test_each_number_is_shown(package_map: Any) -> None:
    root = ElementTree.fromstring(package_map.drawing(IMPORTS))
    numbers = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "number"]
    assert sorted(numbers) == ["1", "1", "1", "1", "1", "2"]


@pytest.mark.parametrize(
    "module",
    ["binance.new", "binance.tx.new.part", "binance.rest.new.part", "binance.sansio.new"],
)
def test_a_module_without_a_place_stops_the_script(package_map: Any, module: str) -> None:
    with pytest.raises(ValueError, match=module):
        package_map.drawing({module: {"binance.enums"}})


def test_each_module_has_a_place_and_each_place_a_module(package_map: Any) -> None:
    places = {(key, part) for key, box in package_map.BOXES.items() for part in box.parts or ("",)}
    packages = {("sansio", "")}  # its __init__ is a docstring
    found = {package_map.place(module) for module in MODULES if module != "binance"}
    assert found == places | packages


def test_boxes_stand_apart_and_inside(package_map: Any) -> None:
    width, height = package_map.SIZE
    boxes = package_map.BOXES.values()
    for a, b in combinations(boxes, 2):
        assert a.right < b.x or b.right < a.x or a.bottom < b.y or b.bottom < a.y, (a, b)
    for box in boxes:
        assert box.x > 0 < box.y
        assert box.right < width
        assert box.bottom < height
        for x, y in package_map.corners(box).values() if box.parts else ():
            assert box.x < x < x + box.part_width < box.right
            assert box.y < y < y + package_map.PART_HEIGHT < box.bottom


@pytest.mark.slow
def test_no_arrow_crosses_a_third_box(package_map: Any, imports: dict[str, set[str]]) -> None:
    outer, _ = package_map.arrows(imports)
    assert len(outer) > 20
    for source, target in outer:
        for (x1, y1), (x2, y2) in pairwise(package_map.way(source, target)):
            left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
            for key, box in package_map.BOXES.items():
                is_crossed = (
                    left < box.right and right > box.x and top < box.bottom and bottom > box.y
                )
                assert not is_crossed, (source, target, key)


def test_an_arrow_begins_and_ends_at_its_boxes(
    package_map: Any, imports: dict[str, set[str]]
) -> None:
    outer, _ = package_map.arrows(imports)
    for source, target in outer:
        points = package_map.way(source, target)
        for key, (x, y) in ((source, points[0]), (target, points[-1])):
            box = package_map.BOXES[key]
            assert box.x <= x <= box.right, (source, target)
            assert box.y <= y <= box.bottom, (source, target)
            assert x in (box.x, box.right) or y in (box.y, box.bottom)


def test_no_two_arrows_share_a_way(package_map: Any, imports: dict[str, set[str]]) -> None:
    outer, _ = package_map.arrows(imports)
    ends = [package_map.way(*pair)[-1] for pair in outer]
    for (x1, y1), (x2, y2) in combinations(ends, 2):
        assert abs(x1 - x2) + abs(y1 - y2) > 10  # their numbers stand beside each other
