import argparse

import pytest

from binance.simulator.run import options
from binance.simulator.run.from_options import venue as opened


def parsed(argv):
    parser = argparse.ArgumentParser()
    options.add(parser)
    return parser.parse_args(argv)


def test_a_venue_is_as_the_options_say():
    given = parsed(["--symbols", "3", "--seed", "5", "--weight", "100", "--limits", "off"])
    venue = opened(given, lambda: 1_790_000_042_500)
    assert (venue.exchange.seed, len(venue.exchange.listed)) == (5, 3)
    assert [each.name for each in venue.futures.listed] == ["BTCUSDT", "ETHUSDT", "BNBUSDT"]
    assert (venue.settings.weight, venue.settings.counting) == (100, False)
    assert venue.player is None
    assert venue.now() == 1_790_000_042_500


def test_a_market_can_start_at_another_time():
    wall = iter([1_000_000_000_000, 1_000_000_000_250])
    given = parsed(["--start", "1790000000000"])
    venue = opened(given, lambda: next(wall))
    assert venue.exchange.start == 1_790_000_000_000
    assert venue.now() == 1_790_000_000_250


@pytest.mark.parametrize(
    "argv", [["--symbols", "0"], ["--rate", "0"], ["--weight", "0"], ["--rate-of", "XYZ=1"]]
)
def test_what_is_out_of_range_is_refused(argv):
    with pytest.raises(ValueError, match=r"must|not listed"):
        opened(parsed(argv), lambda: 1_790_000_042_500)
