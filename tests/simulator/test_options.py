import argparse

import pytest

from binance.simulator import options


def parsed(argv):
    parser = argparse.ArgumentParser()
    options.add(parser)
    return parser.parse_args(argv)


def test_python_s_options_are_the_command_line_s():
    argv = options.arguments(
        {
            "seed": 7,
            "tls": False,
            "symbols": ["BTCUSDT", "ETHBTC"],
            "rates": {"ETHBTC": 5},
            "rate": 2.5,
            "pong_timeout": 3,
            "limits": "count",
            "faults": ["lose:count=3", {"kind": "drop", "delay": 2}],
            "levels": None,
        }
    )
    given = parsed(argv)
    assert (given.seed, given.tls, given.symbols) == (7, False, ["BTCUSDT", "ETHBTC"])
    assert (given.rate_of, given.rate, given.pong_timeout) == ([("ETHBTC", 5.0)], 2.5, 3.0)
    assert (given.limits, given.levels) == ("count", None)
    assert given.fault == [
        {"kind": "lose", "count": "3"},
        {"kind": "drop", "delay": "2"},
    ]


def test_unknown_options_are_refused_naming_those_that_there_are():
    with pytest.raises(TypeError, match=r"unknown option colour; allowed: .*seed"):
        options.arguments({"colour": 1})
    with pytest.raises(ValueError, match="unknown fault kind"):
        options.arguments({"faults": ["explode"]})
    with pytest.raises(ValueError, match="unknown fault kind"):
        options.arguments({"faults": [{"kind": "explode"}]})


def test_a_venue_is_as_the_options_say():
    given = parsed(["--symbols", "3", "--seed", "5", "--weight", "100", "--limits", "off"])
    venue = options.venue(given, lambda: 1_790_000_042_500)
    assert (venue.exchange.seed, len(venue.exchange.listed)) == (5, 3)
    assert [each.name for each in venue.futures.listed] == ["BTCUSDT", "ETHUSDT", "BNBUSDT"]
    assert (venue.settings.weight, venue.settings.counting) == (100, False)
    assert venue.player is None
    assert venue.now() == 1_790_000_042_500


def test_a_market_can_start_at_another_time():
    wall = iter([1_000_000_000_000, 1_000_000_000_250])
    given = parsed(["--start", "1790000000000"])
    venue = options.venue(given, lambda: next(wall))
    assert venue.exchange.start == 1_790_000_000_000
    assert venue.now() == 1_790_000_000_250


@pytest.mark.parametrize(
    "argv", [["--symbols", "0"], ["--rate", "0"], ["--weight", "0"], ["--rate-of", "XYZ=1"]]
)
def test_what_is_out_of_range_is_refused(argv):
    with pytest.raises(ValueError, match=r"must|not listed"):
        options.venue(parsed(argv), lambda: 1_790_000_042_500)
