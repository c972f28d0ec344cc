"""Names of streams and accounts of every market, as a loop over messages takes them."""

import pytest

from binance.sansio.names.named import Source, free_key, shape, sources


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["btcusdt@trade"], [("spot", "", ("btcusdt@trade",))]),
        (["a@trade", "b@trade", "a@trade"], [("spot", "", ("a@trade", "b@trade"))]),
        (
            ["usdm:a@trade", "b@trade", "usdm:c@depth@100ms"],
            [("usdm", "usdm:", ("a@trade", "c@depth@100ms")), ("spot", "", ("b@trade",))],
        ),
        (["a@kline_1d@+08:00"], [("spot", "", ("a@kline_1d@+08:00",))]),
        (["usdm:a@kline_1d@+08:00"], [("usdm", "usdm:", ("a@kline_1d@+08:00",))]),
        (["coinm:!miniTicker@arr"], [("coinm", "coinm:", ("!miniTicker@arr",))]),
        (["options:btc@ticker"], [("options", "options:", ("btc@ticker",))]),
        (["usdm:tradingSession"], [("usdm", "usdm:", ("tradingSession",))]),
        (["!miniTicker@arr"], [("spot", "", ("!miniTicker@arr",))]),
        (["!ticker@arr"], [("spot", "!ticker@arr", ("!ticker@arr",))]),
        (["user", "margin"], [("spot", "user", ()), ("spot", "margin", ())]),
        (["margin:ethbtc"], [("spot", "margin:ETHBTC", ())]),
        (["margin:risk"], [("usdm", "margin:risk", ())]),
        (["usdm:user", "coinm:user"], [("usdm", "usdm:user", ()), ("coinm", "coinm:user", ())]),
        (["options:user", "pm:user"], [("options", "options:user", ()), ("usdm", "pm:user", ())]),
    ],
)
def test_names_are_sorted_into_one_source_for_each_socket(names, found):
    assert sources(names) == [Source(*one) for one in found]


@pytest.mark.parametrize(
    ("path", "keys", "free"),
    [
        ("a@trade", [], 1),
        ("a@trade", ["a@trade", "b@trade#1", "usdm:a@trade#1"], 1),
        ("a@trade", ["a@trade#1", "a@trade#3"], 2),
        ("usdm:user", ["usdm:user#1:2", "usdm:user#2", "user#3", "usdm:user:3"], 3),  # one client's
    ],
)
def test_a_block_takes_the_smallest_number_that_is_free(path, keys, free):
    assert free_key(path, keys) == f"{path}#{free}"


@pytest.mark.parametrize(
    "name",
    [
        *("btcusdt", "usdm:", "usdm", "futures:btcusdt@trade", "user:2", ":a@trade", "spot:user"),
        *("tradingSession", "coinm:tradingSession"),
    ],
)
def test_what_is_neither_a_stream_nor_an_account_is_refused(name):
    with pytest.raises(ValueError, match=r"no stream or account is called .*'usdm:btcusdt@agg"):
        sources([name])


@pytest.mark.parametrize(
    ("names", "kind"), [([], ValueError), ([3], TypeError), ([""], ValueError)]
)
def test_no_names_at_all_are_refused(names, kind):
    with pytest.raises(kind, match="streams must be a list of stream names"):
        sources(names)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("btcusdt@trade", "btcusdt@trade"),
        ("usdm:btcusdt@trade", "usdm:btcusdt@trade"),
        ("!bookTicker", "!bookTicker"),
        ("margin:ethbtc", "margin:ETHBTC"),
    ],
)
def test_a_source_has_the_path_of_its_socket(name, path):
    assert sources([name])[0].path == path


def test_several_streams_have_the_path_of_a_multiplex_socket():
    assert sources(["usdm:a@trade", "usdm:b@trade"])[0].path == "usdm:streams=a@trade/b@trade"


@pytest.mark.parametrize("name", ["a@trade", "usdm:a@trade", "user", "!ticker@arr"])
def test_messages_of_a_single_name_stay_as_they_are(name):
    assert shape(sources([name])[0], is_single=True) is None


@pytest.mark.parametrize(
    ("name", "message", "shaped"),
    [
        ("usdm:a@trade", {"stream": "a@trade", "data": 1}, {"stream": "usdm:a@trade", "data": 1}),
        ("user", {"e": "balanceUpdate"}, {"stream": "user", "data": {"e": "balanceUpdate"}}),
        ("!ticker@arr", [1], {"stream": "!ticker@arr", "data": [1]}),
        ("usdm:a@trade", {"stream": "a@trade"}, {"stream": "a@trade"}),  # of an unknown shape
        ("usdm:a@trade", [1], [1]),
    ],
)
def test_messages_of_several_names_say_which_one(name, message, shaped):
    before = repr(message)
    assert shape(sources([name])[0], is_single=False)(message) == shaped
    assert repr(message) == before
    assert shape(sources(["b@trade"])[0], is_single=False) is None
