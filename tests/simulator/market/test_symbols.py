import pytest

from binance.simulator.market.symbols import MAX_SYMBOLS, decimal, listing, make, perpetuals, split


@pytest.mark.parametrize(
    ("units", "text"),
    [
        (0, "0.00000000"),
        (1, "0.00000001"),
        (123_456_789, "1.23456789"),
        (-150_000_000, "-1.50000000"),
        (11_000_000_000_000, "110000.00000000"),
    ],
)
def test_decimal_prints_eight_places(units, text):
    assert decimal(units) == text


def test_the_listing_begins_with_the_symbols_of_the_documentation():
    assert [symbol.name for symbol in listing(5)] == [
        "BTCUSDT",
        "ETHUSDT",
        "BNBUSDT",
        "BNBBTC",
        "ETHBTC",
    ]


def test_the_whole_listing_has_fifteen_hundred_different_symbols():
    found = listing(MAX_SYMBOLS)
    assert len({symbol.name for symbol in found}) == len(found) == 1500
    assert [symbol.rank for symbol in found] == list(range(1500))
    assert any(not symbol.name.isascii() for symbol in found)


def test_every_symbol_has_room_for_its_price_and_its_trades():
    for symbol in listing(MAX_SYMBOLS):
        assert symbol.anchor >= 1_000, symbol
        assert symbol.lot >= 5, symbol
        assert 1 <= symbol.gap <= symbol.anchor // 1_000, symbol


def test_named_symbols_are_listed_in_their_order_and_once():
    found = listing(["ethbtc", "BTCUSDT", "ETHBTC"])
    assert [symbol.name for symbol in found] == ["ETHBTC", "BTCUSDT"]
    assert (found[0].base, found[0].quote) == ("ETH", "BTC")


@pytest.mark.parametrize("symbols", [0, MAX_SYMBOLS + 1, [], ["USDT"], ["XYZ"]])
def test_what_cannot_be_listed_is_refused(symbols):
    with pytest.raises(ValueError, match="symbol"):
        listing(symbols)


def test_a_single_text_is_no_listing():
    with pytest.raises(TypeError, match="one string"):
        listing("BTCUSDT")


def test_split_knows_the_longest_quote():
    assert split("BTCFDUSD") == ("BTC", "FDUSD")


def test_the_same_coin_costs_the_same_in_every_quote():
    dollars, bitcoins = make("ZRX", "USDT", 0), make("ZRX", "BNB", 1)
    in_dollars = float(dollars.price(dollars.anchor))
    assert float(bitcoins.price(bitcoins.anchor)) * 900 == pytest.approx(in_dollars, rel=0.01)


def test_futures_print_no_more_decimals_than_they_have():
    (future,) = perpetuals(listing(["BTCUSDT"]))
    assert future.price(11_000_025) == "110000.25"
    assert future.quantity(1_000_000) == "1.000000"
    assert make("DOGE", "USDT", 0, short=True).quantity(25) == "25"
    assert future.amount(11_000_025 * 1_000_000) == "110000.25000000"


def test_futures_are_those_in_dollars_and_never_none():
    assert [each.name for each in perpetuals(listing(["BNBBTC", "LTCUSDT"]))] == ["LTCUSDT"]
    assert [each.name for each in perpetuals(listing(["BNBBTC"]))] == ["BTCUSDT"]
