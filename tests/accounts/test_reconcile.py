"""Orders that fill while the link is down, on a simulated exchange: one script for each kind."""

import pytest

pytestmark = [pytest.mark.loopback, pytest.mark.process]

SCRIPT = """
class Answers(logging.Handler):
    def emit(self, record):
        if record.msg.endswith("were fetched"):
            say("fetched")

logging.getLogger("binance").addHandler(Answers("INFO"))
logging.getLogger("binance").setLevel("INFO")
client = clients()["HMAC"]
bm = BinanceSocketManager(client, on_event=tell, reconcile=True)
bm.start()
kind, place_name, symbol, quantity, *more = os.environ["KIND"].split()
if symbol == "OPTION":
    import queue
    marks = queue.Queue()
    listing = bm.start_options_multiplex_socket(["btcusdt@optionMarkPrice"], marks.put)
    symbol = marks.get(timeout=paced(30))["data"][0]["s"]
    bm.stop_socket(listing)
start = getattr(bm, kind)
key = start("BTCUSDT", hear("user")) if "isolated" in kind else start(hear("user"))
assert bm.wait_open(key, paced(30))
say("open", key=key)

def place(side):
    order = dict(symbol=symbol, side=side, type="MARKET", quantity=quantity)
    return getattr(client, place_name)(**order, **dict(each.split("=") for each in more))

obey(place=place)
bm.close()
"""
KINDS = {
    "user": "start_user_socket create_order BTCUSDT 0.01",
    "margin": "start_margin_socket create_margin_order BTCUSDT 0.01",
    "margin:BTCUSDT": "start_isolated_margin_socket create_margin_order BTCUSDT 0.01"
    " isIsolated=TRUE",
    "usdm:user": "start_futures_user_socket futures_create_order BTCUSDT 0.01",
    "coinm:user": "start_coin_futures_user_socket futures_coin_create_order BTCUSD_PERP 5",
    "options:user": "start_options_user_socket eapi_create_order OPTION 0.002",
    "pm:user": "start_portfolio_margin_user_socket papi_create_um_order BTCUSDT 0.01",
}
STATES = ("outboundAccountPosition", "ACCOUNT_UPDATE", "BALANCE_POSITION_UPDATE")


def is_end(said, order):
    """Whether this is the event of an order's last fill."""
    message = said.get("message", {})
    body = message["o"] if isinstance(message.get("o"), dict) else message
    return str(body["i"]) == str(order) and body.get("X") == "FILLED" if "i" in body else False


@pytest.mark.parametrize("key", KINDS)
def test_orders_filled_during_an_outage_appear_exactly_once(venue, script, key):
    running = script(venue, SCRIPT, KIND=KINDS[key])
    assert running.saying("open")["key"] == key
    if not any(said["kind"] == "fetched" for said in running.said):
        running.saying("fetched")  # the open orders are known
    orders = [running.command("place", side="BUY")["orderId"]]
    if not any(is_end(said, orders[0]) for said in running.said):
        running.until(lambda said: is_end(said, orders[0]))

    refusal = venue.fault("http_status", status=503, on="handshake")
    venue.fault("drop")
    running.saying("event", event="Disconnected", key=key)
    orders += [running.command("place", side=side)["orderId"] for side in ("BUY", "SELL")]
    venue.clear(refusal)
    running.until(lambda said: said.get("message", {}).get("e") in STATES and is_fetched(said))

    orders.append(running.command("place", side="SELL")["orderId"])
    if not any(is_end(said, orders[-1]) for said in running.said):
        running.until(lambda said: is_end(said, orders[-1]))
    ends = {order: [each for each in running.said if is_end(each, order)] for order in orders}
    assert [len(found) for found in ends.values()] == [1, 1, 1, 1]
    fetched = [is_fetched(found[0]) for found in ends.values()]
    assert fetched == [False, True, True, False]
    assert not [each for each in running.said if each.get("event") == "Gap"]


def is_fetched(said):
    return "reconciled" in said["message"]
