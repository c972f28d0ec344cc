"""Futures accounts on a simulated exchange: orders by REST, events on the socket, keys that end."""

import pytest

pytestmark = [pytest.mark.loopback, pytest.mark.process]

SCRIPT = """
client = clients()["HMAC"]
bm = BinanceSocketManager(client, user_timeout=0.5, on_event=tell)
bm.start()
kind, place_name, close_name, symbol, quantity = os.environ["KIND"].split()
if symbol == "OPTION":
    import queue
    marks = queue.Queue()
    listing = bm.start_options_multiplex_socket(["btcusdt@optionMarkPrice"], marks.put)
    symbol = marks.get(timeout=paced(30))["data"][0]["s"]
    bm.stop_socket(listing)
key = getattr(bm, kind)(hear("user"))
assert bm.wait_open(key, paced(30))
say("open", key=key)

def place(side="BUY", **more):
    order = dict(symbol=symbol, side=side, type="MARKET", quantity=quantity)
    return getattr(client, place_name)(**order | more)

def delete_key():
    "Another program of this account closes its key."
    return getattr(client, close_name)()

obey(place=place, delete_key=delete_key)
bm.close()
"""
KINDS = {
    "usdm:user": "start_futures_user_socket futures_create_order futures_stream_close BTCUSDT 0.01",
    "coinm:user": "start_coin_futures_user_socket futures_coin_create_order"
    " futures_coin_stream_close BTCUSD_PERP 5",
    "pm:user": "start_portfolio_margin_user_socket papi_create_um_order papi_stream_close"
    " BTCUSDT 0.01",
    "options:user": "start_options_user_socket eapi_create_order eapi_stream_close OPTION 0.002",
}


def order_seen(running):
    """Place an order, and wait for the event of its last fill."""
    order = running.command("place")
    while True:
        event = running.message("ORDER_TRADE_UPDATE")
        if (
            event["o"]["i"] in (order["orderId"], str(order["orderId"]))
            and event["o"]["X"] == "FILLED"
        ):
            return


@pytest.mark.parametrize("key", KINDS)
def test_an_account_is_heard_whatever_becomes_of_its_key_and_links(
    venue, script, users, eventually, key
) -> None:
    running = script(venue, SCRIPT, KIND=KINDS[key])
    assert running.saying("open")["key"] == key
    order_seen(running)

    for _ in range(3):
        venue.fault("drop")
        running.saying("event", event="Connected", key=key)
        order_seen(running)

    for end in ("reported", "silently", "deleted"):
        made = users(venue)["listen_keys_made"]
        if end == "deleted":
            running.command("delete_key")
        else:
            venue.fault("end_listen_keys", how=end)
        running.saying("event", event="Gap", key=key)
        assert users(venue)["listen_keys_made"] == made + 1
        order_seen(running)
        eventually(lambda: users(venue)["listening_in_vain"] == 0)  # one live link
        assert users(venue)["listening"] == 1
        order_seen(running)

    assert running.end() == 0
    events = running.messages()
    reports = [
        (e["o"]["i"], e["o"]["x"], e["o"]["t"]) for e in events if e["e"] == "ORDER_TRADE_UPDATE"
    ]
    assert len(set(reports)) == len(reports)  # none twice
    assert "listenKeyExpired" not in {event["e"] for event in events}


def test_margin_risk_and_portfolio_margin_pro_are_heard(venue, script) -> None:
    running = script(
        venue,
        """
        client = clients()["HMAC"]
        bm = BinanceSocketManager(client)
        bm.start()
        keys = [
            bm.start_margin_risk_socket(hear("risk")),
            bm.start_portfolio_margin_user_socket(hear("pro"), pro=True),
        ]
        assert all(bm.wait_open(key, paced(30)) for key in keys)
        client.margin_borrow_repay(asset="BTC", amount="0.5", type="BORROW")
        say("open", keys=keys)
        sys.stdin.read()
        bm.close()
        """,
    )
    assert running.saying("open")["keys"] == ["margin:risk", "pm:pro"]
    assert running.message("USER_LIABILITY_CHANGE", of="risk")["p"] == "0.50000000"
    assert running.message("PM_PRO_ACCOUNT_UPDATE", of="pro")["eq"]
    assert running.end() == 0


def test_an_old_subclass_that_opens_a_futures_listen_key_gets_its_events(venue, script) -> None:
    running = script(
        venue,
        """
        class Old(BinanceSocketManager):
            "As published subclasses had it."
            def start_my_futures_socket(self, callback):
                listen_key = self._client.futures_stream_get_listen_key()
                return self._start_futures_socket(listen_key, callback)

        client = clients()["HMAC"]
        bm = Old(client)
        bm.start()
        key = bm.start_my_futures_socket(hear("user"))
        assert bm.wait_open(key, paced(30))
        order = client.futures_create_order(
            symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.01"
        )
        say("placed", id=order["orderId"])
        sys.stdin.read()
        bm.close()
        """,
    )
    placed = running.saying("placed")["id"]

    def seen():
        wrapped = [said["message"]["data"] for said in running.said if said["kind"] == "message"]
        return any(e["e"] == "ORDER_TRADE_UPDATE" and e["o"]["i"] == placed for e in wrapped)

    if not seen():  # its events may come before the answer to the order
        running.until(lambda said: seen())
    assert running.end() == 0
