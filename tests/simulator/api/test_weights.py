import pytest

from binance.simulator.api import weights
from binance.simulator.api.params import Params


@pytest.mark.parametrize(
    ("limit", "weight"),
    [
        (None, 5),
        (100, 5),
        (101, 25),
        (500, 25),
        (501, 50),
        (1000, 50),
        (1001, 250),
        (5000, 250),
        ("²", 5),
    ],
)
def test_the_weight_of_a_depth_snapshot(limit, weight):
    params = Params({} if limit is None else {"limit": str(limit)})
    assert weights.depth_weight(params) == weight


def asked(**raw):
    return Params(raw)


def test_other_weights():
    assert weights.ticker_24hr_weight(asked(symbol="A")) == 2
    assert weights.ticker_24hr_weight(asked()) == 80
    for count, weight in ((20, 2), (21, 40), (100, 40), (101, 80)):
        names = "[" + ",".join(f'"S{n}"' for n in range(count)) + "]"
        assert weights.ticker_24hr_weight(asked(symbols=names)) == weight
    assert weights.one_or_all(2, 4)(asked(symbol="A")) == 2
    assert weights.one_or_all(2, 4)(asked()) == 4
    assert weights.each_symbol(4, 200)(asked(symbols='["A","B"]')) == 8
    assert weights.each_symbol(4, 200)(asked(symbol="A")) == 4
    assert weights.LIGHT(asked()) == 1


@pytest.mark.parametrize(
    ("limit", "weight"), [(None, 10), (5, 2), (50, 2), (100, 5), (500, 10), (1000, 20)]
)
def test_the_weight_of_a_depth_snapshot_of_futures(limit, weight):
    params = Params({} if limit is None else {"limit": str(limit)})
    assert weights.futures_depth_weight(params) == weight


@pytest.mark.parametrize(
    ("limit", "weight"), [(None, 5), (10, 1), (50, 1), (100, 5), (500, 10), (1000, 20)]
)
def test_the_weight_of_a_depth_snapshot_of_options(limit, weight):
    params = Params({} if limit is None else {"limit": str(limit)})
    assert weights.options_depth_weight(params) == weight
