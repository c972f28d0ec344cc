"""What was missed of an account, from the answers of REST."""

import pytest

from binance.sansio.account.reconcile import PARTS, Ledger

BEGIN, NOW = 1_700_000_000_000, 1_700_000_060_000
TRADE = {"symbol": "BNBBTC", "id": 5, "orderId": 21, "time": BEGIN + 10_000, "price": "1"}
TRADE |= {"qty": "1", "quoteQty": "1"}
ORDER = {"symbol": "BNBBTC", "orderId": 21, "clientOrderId": "a", "side": "BUY", "type": "LIMIT"}
ORDER |= {"origQty": "3", "executedQty": "1", "cummulativeQuoteQty": "1", "time": BEGIN - 10_000}


def events(ledger, **answers):
    """What is delivered if REST gives these answers: method of the client -> answer."""
    calls, given = ledger.calls(lambda: (NOW - BEGIN) / 1000), None
    try:
        while True:
            asked = calls.send(given)
            given = {"serverTime": NOW} if "time" in asked.method else answers[asked.method]
    except StopIteration as ended:
        return ledger.events(ended.value, [])


@pytest.mark.parametrize(
    ("kind", "prefix", "suffix"), [("user", "get_", ""), ("margin", "get_margin_", "margin_")]
)
def test_the_end_of_an_order_that_no_event_had_named(kind, prefix, suffix):
    """It is older than what is asked about, so only a trade shows that it exists."""
    ended = ORDER | {"status": "CANCELED", "updateTime": BEGIN + 20_000}
    came = events(
        Ledger(PARTS[kind], ["BNBBTC"]),
        **{
            f"get_open_{suffix}orders": [],
            f"get_all_{suffix}orders": [],
            "get_my_trades": [TRADE],
            "get_margin_trades": [TRADE],
            f"{prefix}order": ended,
            f"{prefix}account": {"balances": []},
        },
    )
    told = [(each["x"], each["X"], each["z"], each["T"]) for each in came if "x" in each]
    assert told == [
        ("TRADE", "PARTIALLY_FILLED", "1", BEGIN + 10_000),
        ("CANCELED", "CANCELED", "1", BEGIN + 20_000),
    ]
