import argparse

import pytest

from binance.simulator.run import options


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
