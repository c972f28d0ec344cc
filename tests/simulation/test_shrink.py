"""Of plans whose finding is a rule that we know."""

from typing import Any

import pytest

from simulation.shrink import shrink


def plan(count: int, gap: float = 10.0) -> dict[str, Any]:
    operations = [{"at": gap * number, "do": f"op{number}"} for number in range(count)]
    return {"seed": 1, "features": ["a", "b"], "operations": operations}


@pytest.mark.parametrize("needed", [(), (0,), (7, 8), (3, 19), (0, 5, 11, 12, 30)])
def test_what_is_needed_is_left(needed: tuple[int, ...]) -> None:
    names = {f"op{number}" for number in needed}
    shortest = shrink(plan(31), lambda p: names <= {op["do"] for op in p["operations"]})
    assert {op["do"] for op in shortest["operations"]} == names
    assert shortest["features"] == []
    assert [op["at"] for op in shortest["operations"]] == [0.0] * len(needed)


def test_what_is_needed_only_while_something_else_is_there_goes_in_the_end() -> None:
    def shows(p: dict[str, Any]) -> bool:
        names = {op["do"] for op in p["operations"]}
        return "op9" in names and ("op0" not in names or "op1" in names)

    shortest = shrink(plan(12), shows)
    assert [op["do"] for op in shortest["operations"]] == ["op9"]


def test_time_that_is_needed_is_kept() -> None:
    def shows(p: dict[str, Any]) -> bool:
        return bool(p["operations"]) and p["operations"][-1]["at"] >= 24

    shortest = shrink(plan(6), shows)
    assert [op["at"] for op in shortest["operations"]] == [25.0]


def test_the_number_of_tries_is_bounded_and_the_plan_given_is_not_changed() -> None:
    tried: list[int] = []
    given = plan(100)
    shrink(given, lambda p: bool(tried.append(1)) or False, tries=30)
    assert len(tried) == 30
    assert given == plan(100)
