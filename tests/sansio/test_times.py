import pytest

from binance.sansio.names import times

#: the same moment of 2026 in both units; and the bound itself, which is a time in milliseconds
MOMENTS = [(1_790_000_000_000, 1000), (1_790_000_000_000_000, 1_000_000)]
BOUND = [(10**14, 1000), (10**14 + 1, 1_000_000)]


@pytest.mark.parametrize(("moment", "units"), MOMENTS + BOUND)
def test_units_per_second(moment: int, units: int) -> None:
    assert times.per_second(moment) == units


@pytest.mark.parametrize(("moment", "units"), MOMENTS)
def test_milliseconds(moment: int, units: int) -> None:
    assert times.milliseconds(moment) == 1_790_000_000_000


def test_a_time_in_milliseconds_stays_a_whole_number() -> None:
    assert isinstance(times.milliseconds(1_790_000_000_000), int)
