import argparse

import pytest

from binance.simulator.run import options
from binance.simulator.run.from_options import make_state


def parsed(argv):
    parser = argparse.ArgumentParser()
    options.add(parser)
    return parser.parse_args(argv)


def test_a_state_is_as_the_options_say():
    given = parsed(["--symbols", "3", "--seed", "5", "--weight", "100", "--limits", "off"])
    state = make_state(given, lambda: 1_790_000_042_500)
    assert (state.exchange.seed, len(state.exchange.listed)) == (5, 3)
    assert [each.name for each in state.market("usdm").listed] == ["BTCUSDT", "ETHUSDT", "BNBUSDT"]
    assert (state.settings.weight, state.settings.counting) == (100, False)
    assert state.player is None
    assert state.now() == 1_790_000_042_500


def test_a_market_can_start_at_another_time():
    clock = iter([1_000_000_000_000, 1_000_000_000_250])
    given = parsed(["--start", "1790000000000"])
    state = make_state(given, lambda: next(clock))
    assert state.exchange.start == 1_790_000_000_000
    assert state.now() == 1_790_000_000_250


@pytest.mark.parametrize(
    "argv", [["--symbols", "0"], ["--rate", "0"], ["--weight", "0"], ["--rate-of", "XYZ=1"]]
)
def test_what_is_out_of_range_is_refused(argv):
    with pytest.raises(ValueError, match=r"must|not listed"):
        make_state(parsed(argv), lambda: 1_790_000_042_500)
