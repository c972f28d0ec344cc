import pytest

from binance.simulator.api.params import Params
from binance.simulator.rules.errors import ApiError


def code_of(function, *arguments):
    with pytest.raises(ApiError) as caught:
        function(*arguments)
    return caught.value.code


def test_texts_and_numbers():
    params = Params({"symbol": "BTCUSDT", "limit": "7", "empty": ""})
    assert params.text("symbol") == "BTCUSDT"
    assert params.symbol() == "BTCUSDT"
    assert params.integer("limit") == 7
    assert params.text("empty", "x") == "x"
    assert params.optional("absent") is None
    assert params.optional_integer("absent") is None
    assert params.integer("absent", 3) == 3
    assert "symbol" in params
    params.reject_unread()


def test_what_is_mandatory():
    params = Params({"empty": ""})
    assert code_of(params.text, "absent") == -1102
    assert code_of(params.text, "empty") == -1102
    assert code_of(params.integer, "absent") == -1102


@pytest.mark.parametrize("value", ["x", "1.5", "1e3", " 1", "9" * 30])
def test_numbers_are_whole(value):
    assert code_of(Params({"n": value}).integer, "n") == -1100


@pytest.mark.parametrize("value", ["btcusdt", "BTC USDT", "B" * 30, "BTC/USDT"])
def test_symbols_have_legal_characters(value):
    assert code_of(Params({"symbol": value}).symbol) == -1100


def test_a_symbol_may_be_beyond_ascii():
    assert Params({"symbol": "币安人生USDT"}).symbol() == "币安人生USDT"


def test_limits_are_capped_and_positive():
    assert Params({}).limit(500, 1000) == 500
    assert Params({"limit": "5000"}).limit(500, 1000) == 1000
    assert code_of(Params({"limit": "0"}).limit, 500, 1000) == -1130


def test_choices():
    assert Params({}).choice("type", "FULL", ("FULL", "MINI")) == "FULL"
    assert code_of(Params({"type": "X"}).choice, "type", "FULL", ("FULL", "MINI")) == -1130


def test_flags():
    for text, is_set in (("true", True), ("True", True), ("TRUE", True), ("False", False)):
        assert Params({"f": text}).flag("f") is is_set
    assert Params({}).flag("f") is False
    assert code_of(Params({"f": "yes"}).flag, "f") == -1130


def test_lists_of_names():
    assert Params({"symbols": '["A","B"]'}).names("symbols") == ["A", "B"]
    assert Params({}).names("symbols") is None
    for value in ("A,B", '["A"', '{"A":1}', "[1]"):
        assert code_of(Params({"symbols": value}).names, "symbols") == -1100
    assert code_of(Params({"symbols": "[]"}).names, "symbols") == -1102


def test_what_nobody_reads_is_refused():
    params = Params({"symbol": "A", "foo": "1"})
    params.text("symbol")
    with pytest.raises(ApiError, match=r"read '1' parameter.s. but was sent '2'") as caught:
        params.reject_unread()
    assert caught.value.code == -1104


def test_parameters_of_json():
    params = Params.of_json(
        {"symbol": "A", "limit": 5, "flag": True, "symbols": ["A", "B"], "none": None, "p": 0.5}
    )
    assert params.raw == {
        "symbol": "A",
        "limit": "5",
        "flag": "true",
        "symbols": '["A","B"]',
        "p": "0.5",
    }
