"""Orders through the client, their events through the callback, over TLS."""

import pytest

from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]

OLD_SCRIPT = """
client = clients()[os.environ["KIND"]]
filled = threading.Event()

def process_message(msg):
    say("message", of="user", message=msg)
    if msg["e"] == "error":
        bm.stop_socket(conn_key)
        bm.start_user_socket(process_message)
    if msg["e"] == "outboundAccountPosition" and order_is_filled():
        filled.set()

def order_is_filled():
    return any(m["X"] == "FILLED" for m in reports)

reports = []
def keep(msg):
    if msg["e"] == "executionReport":
        reports.append(msg)
    process_message(msg)

bm = BinanceSocketManager(client)
conn_key = bm.start_user_socket(keep)
bm.start()
assert bm.wait_open(conn_key, paced(30))

ask = client.get_order_book(symbol="BTCUSDT", limit=5)["asks"][0][0]
before = client.get_asset_balance(asset="BTC")
order = client.order_limit_buy(symbol="BTCUSDT", quantity=0.0001, price=str(float(ask) * 1.01)[:9])
assert filled.wait(paced(30))
after = client.get_asset_balance(asset="BTC")
say("balances", before=before, after=after, order=order, key=conn_key)
client.universal_transfer(type=Client.SPOT_TO_MARGIN_CROSS, asset="BTC", amount=0.5)
sys.stdin.read()
bm.close()
"""


@pytest.mark.parametrize("kind", ["HMAC", "RSA", "Ed25519"])
def test_a_script_of_the_old_form_sees_its_order_and_its_balance(venue, script, kind) -> None:
    running = script(venue, OLD_SCRIPT, KIND=kind)
    new = running.message("executionReport", x="NEW", X="NEW")
    running.message("outboundAccountPosition")
    filled = running.message("executionReport", x="TRADE", X="FILLED")
    position = running.message("outboundAccountPosition")
    told = running.saying("balances")
    order = told["order"]
    assert new["c"] == filled["c"] == order["clientOrderId"]
    assert new["i"] == filled["i"] == order["orderId"]
    assert filled["z"] == filled["q"] == "0.00010000"
    assert {"a": "BTC", "f": told["after"]["free"], "l": "0.00000000"} in position["B"]
    assert float(told["after"]["free"]) > float(told["before"]["free"])
    moved = running.message("balanceUpdate")
    assert (moved["a"], moved["d"]) == ("BTC", "-0.50000000")
    assert told["key"] == "user"
    assert running.end() == 0
    assert running.stderr == ""


COMMANDED = """
def place(of, **more):
    return market(all_clients[of], **more)

all_clients = clients()
bm = BinanceSocketManager(all_clients["HMAC"], on_event=tell)
bm.start()
"""


def test_each_account_hears_only_of_itself(venue, script) -> None:
    running = script(
        venue,
        COMMANDED
        + """
for name, client in all_clients.items():
    key = bm.start_user_socket(hear(name), client=client)
    assert bm.wait_open(key, paced(30))
    say("open", of=name, key=key)
obey(place=place)
bm.close()
""",
    )
    keys = [running.saying("open")["key"] for _ in range(3)]
    assert keys == ["user", "user:2", "user:3"]
    mine = {}
    for turn in range(4):
        for name in ("HMAC", "RSA", "Ed25519"):
            order = running.command("place", of=name, newClientOrderId=f"{name}-{turn}")
            mine.setdefault(name, set()).add(order["clientOrderId"])
            running.message("executionReport", X="FILLED", c=order["clientOrderId"], of=name)
    assert running.end() == 0
    for name, ids in mine.items():
        heard = {m["c"] for m in running.messages(name) if m["e"] == "executionReport"}
        assert heard == ids == {f"{name}-{turn}" for turn in range(4)}


def test_twenty_links_lost_during_a_run_of_orders(venue, script, users) -> None:
    before = venue.stats()["requests"].get("userDataStream.subscribe.signature", 0)
    running = script(
        venue,
        COMMANDED
        + """
key = bm.start_user_socket(hear("HMAC"))
assert bm.wait_open(key, paced(30))
obey(place=place)
bm.close()
""",
    )
    faults = [
        {"kind": "drop", "link": "ws_api"},
        {"kind": "server_shutdown", "link": "ws_api", "close_after": paced(1.0)},
        {"kind": "end_user_stream", "link": "ws_api"},
        {"kind": "malformed", "shape": "masked", "link": "ws_api"},
    ]
    lost = 0
    for turn in range(20):
        order = running.command("place", of="HMAC", newClientOrderId=f"before-{turn}")
        running.message("executionReport", X="FILLED", c=order["clientOrderId"])
        fault = dict(faults[0 if turn % 5 else turn // 5])
        kind = fault.pop("kind")
        venue.fault(kind, **fault)
        if kind == "server_shutdown":
            running.saying("event", event="Rotated")
        elif kind == "end_user_stream":
            running.saying("event", event="Gap")
        else:
            lost += 1
            running.saying("event", event="Disconnected")
            running.saying("event", event="Connected")
        order = running.command("place", of="HMAC", newClientOrderId=f"after-{turn}")
        running.message("executionReport", X="FILLED", c=order["clientOrderId"])
    assert running.end() == 0
    # Each new link was signed anew, once, and acknowledged: the exchange checks the signatures.
    asked = venue.stats()["requests"]["userDataStream.subscribe.signature"] - before
    assert asked == 1 + 20
    reports = [m for m in running.messages() if m["e"] == "executionReport"]
    ids = [(m["c"], m["x"], m["t"]) for m in reports]
    assert len(set(ids)) == len(ids)  # none twice
    assert lost >= 16
    assert users(venue)["subscribed"] == 0


def test_a_refused_key_ends_at_once_with_code_and_reason(venue, script) -> None:
    before = venue.stats()["requests"].get("userDataStream.subscribe.signature", 0)
    running = script(
        venue,
        """
        bm = BinanceSocketManager(Client("X" * 64, "Y" * 64), on_event=tell)
        bm.start_user_socket(hear("user"))
        bm.start()
        obey()
        bm.close()
        """,
    )
    gave_up = running.saying("event", event="GaveUp")
    assert gave_up["code"] == "-2015"
    assert "Invalid API-key" in gave_up["reason"]
    error = running.message("error")
    assert error == {"e": "error", "m": "Max reconnect retries reached"}
    assert running.end() == 0
    assert venue.stats()["requests"]["userDataStream.subscribe.signature"] == before + 1


def test_a_key_that_is_revoked_later_ends_too(venue, script) -> None:
    running = script(
        venue,
        COMMANDED
        + """
key = bm.start_user_socket(hear("user"))
assert bm.wait_open(key, paced(30))
say("open")
obey()
bm.close()
""",
    )
    running.saying("open")
    venue.fault("revoke_key", key="K*")
    venue.fault("drop", link="ws_api")
    assert running.saying("event", event="GaveUp")["code"] == "-2015"
    running.message("error")
    assert running.end() == 0


def test_a_clock_that_has_drifted_is_measured_again(venue, script) -> None:
    running = script(
        venue,
        COMMANDED
        + """
key = bm.start_user_socket(hear("user"))
assert bm.wait_open(key, paced(30))
say("open")
obey(place=place)
bm.close()
""",
    )
    running.saying("open")
    before = venue.stats()["requests"]
    venue.fault("clock_drift", ms=90_000)
    venue.fault("drop", link="ws_api")
    running.saying("event", event="Disconnected")
    running.saying("event", event="Connected")
    order = running.command("place", of="HMAC")
    running.message("executionReport", X="FILLED", c=order["clientOrderId"])
    assert running.end() == 0
    after = venue.stats()["requests"]
    asked = {
        name: after[name] - before.get(name, 0)
        for name in ("userDataStream.subscribe.signature", "time")
    }
    assert asked == {"userDataStream.subscribe.signature": 2, "time": 1}
