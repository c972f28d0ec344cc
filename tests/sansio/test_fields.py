"""The table of fields, held against the other tables and against frames of the exchange."""

import json
from pathlib import Path

import pytest

from binance.sansio.names.fields import (
    MARKETS,
    PAYLOADS,
    TYPES,
    Field,
    _parsed,
)
from binance.sansio.names.forms import FORMS, Stream, parse
from tests.payloads import of_event, of_stream, problems, problems_of_stream

CAPTURES = Path(__file__).parent.parent / "data/captures"
WHOLE = Path(__file__).parents[3] / "shared/captures"
#: Fields that the exchange has added since the frames were captured.
YOUNGER = {"st", "ps", "nq"}
FRAMES = [*sorted(CAPTURES.glob("*.frames")), *sorted(WHOLE.glob("*.frames"))]


@pytest.mark.parametrize(
    ("form", "market"),
    [(form, market) for form in FORMS for market in form.markets],
    ids=lambda value: value if isinstance(value, str) else value.template,
)
def test_every_stream_has_a_payload(form, market):
    payload, _ = of_stream(Stream(form.kind, "" if form.whole_market else "x"), market)
    assert payload.market == market
    assert payload.text


def test_types_and_records_exist_and_every_record_is_used():
    used = set()
    for payload in PAYLOADS.values():
        for field in payload.fields:
            assert field.meaning
            assert field.also in ("", "null", '""')
            if field.record:
                assert (field.record, payload.market) in PAYLOADS
                used.add((field.record, payload.market))
            else:
                assert field.type in TYPES
    records = {
        key for key, payload in PAYLOADS.items() if not payload.events and not payload.streams
    }
    assert records == used


def test_no_payload_has_a_key_twice():
    for name, payload in PAYLOADS.items():
        keys = [field.key for field in payload.fields]
        assert len(keys) == len(set(keys)), name


@pytest.mark.parametrize(
    ("name", "market", "many"),
    [
        ("!miniTicker@arr", "spot", True),
        ("!ticker_1h@arr", "spot", True),
        ("!bookTicker", "usdm", False),
        ("!forceOrder@arr", "coinm", False),
        ("!markPrice@arr@1s", "usdm", True),
        ("btcusd@markPrice", "coinm", True),
        ("btcusd_perp@markPrice", "coinm", False),
        ("!index@arr", "options", True),
        ("btc@optionMarkPrice", "options", True),
        ("!optionSymbol", "options", False),
        ("btcusdt@trade", "spot", False),
    ],
)
def test_which_streams_send_lists(name, market, many):
    assert of_stream(parse(name, market), market)[1] is many


def test_events_are_found_by_market():
    spot, usdm, options = (
        of_event(*key)
        for key in (
            ("executionReport", "spot"),
            ("ACCOUNT_UPDATE", "usdm"),
            ("ACCOUNT_UPDATE", "options"),
        )
    )
    assert (spot.name, usdm.name, options.name) == (
        "ExecutionReport",
        "AccountUpdate",
        "OptionsAccountUpdate",
    )
    assert of_event("executionReport", "usdm") is None
    assert {payload.market for payload in PAYLOADS.values()} == set(MARKETS.values())


def test_the_notation():
    text = """
given | | | |
  s:s symbol; T:ms time; _received:i time of receipt
_Base | | SU | |
  s; q:d quantity, in coins
Thing | thing,other | SU | ticker !ticker[] rollingTicker | A thing
  +_Base; N?:s|null name
  T?@U; B@U:[Part] parts
"""
    spot, usdm = _parsed(text)
    assert (spot.name, spot.events, spot.market) == ("Thing", ("thing", "other"), "spot")
    assert (spot.streams, usdm.streams) == (
        ("ticker", "!ticker[]", "rollingTicker"),
        ("ticker", "!ticker[]"),
    )
    assert spot.text == "A thing"
    assert spot.fields == (
        Field("s", "s", "symbol"),
        Field("q", "d", "quantity, in coins"),
        Field("N", "s", "name", True, "null"),
        Field("_received", "i", "time of receipt", True),
    )
    assert usdm.fields[3:] == (Field("T", "ms", "time", True), Field("B", "[Part]", "parts"))
    assert [field.record for field in usdm.fields] == ["", "", "", "", "Part"]
    with pytest.raises(ValueError, match="no field: 'q d quantity'; write key:type meaning"):
        list(_parsed("Thing | thing | S | | A\n  q d quantity"))
    with pytest.raises(KeyError, match="nosuch"):
        list(_parsed("Thing | thing | S | nosuch | A\n  x:i a"))


TRADE = {
    "e": "trade",
    "E": 1_790_000_000_000,
    "s": "BNBBTC",
    "t": 7,
    "p": "0.01",
    "q": "3",
    "T": 1_790_000_000_000,
    "m": True,
    "M": True,
}
ORDER_LIST = {
    "e": "listStatus",
    "E": 1_790_000_000_000,
    "s": "BNBBTC",
    "g": 1,
    "c": "OCO",
    "l": "EXEC_STARTED",
    "L": "EXECUTING",
    "r": "NONE",
    "C": "x",
    "T": 1_790_000_000_000,
    "O": [{"s": "BNBBTC", "i": 1, "c": "a"}],
}


@pytest.mark.parametrize(
    ("name", "message", "found"),
    [
        ("Trade", TRADE, []),
        ("Trade", {**TRADE, "b": 1}, ["b: not in the table"]),
        ("Trade", {key: TRADE[key] for key in TRADE if key != "q"}, ["q: absent"]),
        ("Trade", {**TRADE, "q": 3.0}, ["q: 3.0 is not d"]),
        ("Trade", {**TRADE, "t": "7"}, ["t: '7' is not i"]),
        ("Trade", {**TRADE, "m": 1}, ["m: 1 is not b"]),
        ("Trade", {**TRADE, "T": 1_790_000_000}, ["T: 1790000000 is not ms"]),
        ("Trade", {**TRADE, "e": "aggTrade"}, ["e: 'aggTrade' is none of ('trade',)"]),
        ("Trade", [TRADE], [f"Trade: no object, but {[TRADE]!r}"]),
        ("ListStatus", ORDER_LIST, []),
        ("ListStatus", {**ORDER_LIST, "O": {}}, ["O: {} is not [ListOrder]"]),
        ("ListStatus", {**ORDER_LIST, "O": [{"s": "A", "i": 1}]}, ["O[0].c: absent"]),
        ("PartialDepth", {"lastUpdateId": 1, "bids": [["1", "2"]], "asks": []}, []),
        (
            "PartialDepth",
            {"lastUpdateId": 1, "bids": [["1", 2]], "asks": []},
            ["bids: [['1', 2]] is not levels"],
        ),
        ("ReferencePrice", {"e": "referencePrice", "s": "A", "r": None, "t": 0}, []),
    ],
)
def test_a_broken_message_is_found(name, message, found):
    assert problems(message, PAYLOADS[name, "spot"]) == found


def test_a_list_is_held_item_by_item():
    assert problems_of_stream({}, "!miniTicker@arr", "spot") == ["no list, but {}"]
    assert len(problems_of_stream([{}, {}], "!miniTicker@arr", "spot")) == 18


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_real_frames_are_as_the_table_says(path):
    market = path.stem.partition("-")[0]
    seen = set()
    for line in filter(None, path.read_text(encoding="utf-8").splitlines()[1:]):
        frame = json.loads(line.partition(": ")[2])
        stream = parse(frame["stream"], market)
        seen.add(stream.kind)
        found = {
            problem
            for problem in problems_of_stream(frame["data"], stream, market)
            if problem.removesuffix(": absent") not in YOUNGER
        }
        assert found == set(), line
    assert seen >= ({"aggTrade", "kline"} if "trades" in path.stem else {"bookTicker", "depth"})
