"""The verdicts of the benchmarks: a table of rounds, and what may be said of them."""

import random

import pytest

from benchmarks.verdicts import interval, noise, paired, verdict

EVEN = [0.98, 0.99, 1.0, 1.01, 1.02, 1.0, 0.99, 1.01]


@pytest.mark.parametrize(
    ("ratios", "doubt", "is_cost", "expected"),
    [
        ([1.1] * 8, 0.0, False, "ahead"),
        ([1.1] * 8, 0.0, True, "behind"),
        ([0.9] * 8, 0.0, False, "behind"),
        ([0.9] * 8, 0.0, True, "ahead"),
        (EVEN, 0.0, False, "level"),
        (EVEN, 0.0, True, "level"),
        ([1.1] * 8, 0.11, False, "level"),  # a lead within the noise is none
        ([1.1] * 5, 0.0, False, "unclear"),  # five rounds decide nothing
        ([], 0.0, False, "unclear"),
        ([0.5, 0.7, 0.9, 1.0, 1.1, 1.4, 1.8, 2.0], 0.0, False, "unclear"),  # nor do wild ones
        ([1.1] * 14 + [0.1], 0.0, False, "ahead"),  # one disturbed round moves nothing
        ([1.1] * 9 + [0.9] * 6, 0.0, False, "unclear"),
    ],
)
def test_verdicts(ratios: list[float], doubt: float, is_cost: bool, expected: str) -> None:
    assert verdict(ratios, doubt=doubt, is_cost=is_cost) == expected


@pytest.mark.parametrize(
    ("number", "low", "high"), [(1, 0, 0), (5, 0, 4), (6, 0, 5), (8, 0, 7), (9, 1, 7), (15, 3, 11)]
)
def test_the_interval_of_the_median_by_ranks(number: int, low: int, high: int) -> None:
    """The ranks of the sign test at 95 %, as in the tables."""
    ratios = [float(rank) for rank in range(number)]
    random.Random(number).shuffle(ratios)
    assert interval(ratios) == (low, high)


def test_the_interval_holds_the_true_median_as_often_as_it_says() -> None:
    rng = random.Random(1)
    held = 0
    for _ in range(2000):
        low, high = interval([rng.lognormvariate(0, 0.2) for _ in range(15)])
        held += low <= 1 <= high
    assert held / 2000 > 0.95


def test_a_pair_counts_only_if_the_machine_was_equally_fast() -> None:
    assert paired([2.0, 3.0, 4.0], [1.0, 1.0, 1.0], [1.0, 1.3, 0.9]) == [2.0, 4.0]
    with pytest.raises(ValueError, match="longer"):
        paired([1.0], [1.0, 2.0], [1.0])


def test_noise_is_the_usual_deviation() -> None:
    assert noise([1.0, 1.0, 1.0, 9.0]) == 0
    assert noise([0.9, 1.0, 1.1]) == pytest.approx(0.1)
