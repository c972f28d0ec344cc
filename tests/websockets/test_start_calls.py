"""What a start costs the thread that asks for it."""

import pytest

from benchmarks.start_calls import MOST_CALLS, MOST_FILES, calls_of, of_one_start
from binance.enums import SIDE_BUY
from binance.helpers import interval_to_milliseconds


@pytest.mark.loopback
def test_a_start_takes_few_calls_in_few_files() -> None:
    _, second = of_one_start()
    assert len(second.made) <= MOST_CALLS, second.made
    assert len(second.files) <= MOST_FILES, second.files
    assert second.made[0] == ("tx/generated/__init__.py", "StartMethods.start_trade_socket")


def test_the_count_sees_calls_of_ours_alone() -> None:
    calls = calls_of(lambda: [interval_to_milliseconds("1m"), sorted(SIDE_BUY, key=ord)])
    assert calls.made == [("helpers.py", "interval_to_milliseconds")]
