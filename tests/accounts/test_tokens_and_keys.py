"""Margin accounts by listen token, and listen keys where they still live."""

import pytest

pytestmark = [pytest.mark.loopback, pytest.mark.process]

MARGIN = """
class ShortTokens(Client):
    "Asks for tokens that do not live long, so that a test sees them renewed."
    def margin_create_listen_token(self, **params):
        return super().margin_create_listen_token(**params | {"validity": int(paced(4000))})

client = ShortTokens(api_keys.HMAC_KEY, api_keys.HMAC_SECRET)
bm = BinanceSocketManager(client, on_event=tell)
bm.start()
key = (
    bm.start_isolated_margin_socket("btcusdt", hear("margin"))
    if os.environ["ISOLATED"] else bm.start_margin_socket(hear("margin"))
)
assert bm.wait_open(key, paced(30))
say("open", key=key)

def place(**more):
    isolated = {"isIsolated": "TRUE"} if os.environ["ISOLATED"] else {}
    return client.create_margin_order(
        symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.001",
        newOrderRespType="FULL", **isolated, **more
    )

def place_on_spot():
    return market(client)

obey(place=place, place_on_spot=place_on_spot)
bm.close()
"""


@pytest.mark.parametrize(("isolated", "key"), [("", "margin"), ("yes", "margin:BTCUSDT")])
def test_a_margin_account_is_heard_beyond_the_end_of_its_tokens(
    venue, script, users, eventually, isolated, key
) -> None:
    before = users(venue)["listen_tokens_made"]
    running = script(venue, MARGIN, ISOLATED=isolated)
    assert running.saying("open")["key"] == key
    running.command("place_on_spot")  # of another account: not heard
    for renewals in (1, 2):
        eventually(lambda: users(venue)["listen_tokens_made"] >= before + 1 + renewals)  # noqa: B023
        order = running.command("place")
        running.message("executionReport", X="FILLED", c=order["clientOrderId"])
    assert running.end() == 0
    heard = {m["e"] for m in running.messages()}
    assert heard == {"executionReport", "outboundAccountPosition"}
    events = [said["event"] for said in running.said if said["kind"] == "event"]
    assert events == ["Connected"]  # one link all the time, and no hole


LISTEN_KEYS = """
from urllib.parse import urlsplit
client = Client(api_keys.HMAC_KEY, api_keys.HMAC_SECRET, tld="us")
bm = BinanceSocketManager(client, user_timeout=0.5, on_event=tell)
bm.start()
key = bm.start_user_socket(hear("user"))
assert bm.wait_open(key, paced(30))
say("open", key=key)
obey(place=lambda **more: market(client, **more))
bm.close()
"""


def test_listen_keys_are_kept_replaced_and_never_deleted(region, script, users, eventually) -> None:
    running = script(region, LISTEN_KEYS)
    assert running.saying("open")["key"] == "user"
    before = users(region)
    made, kept = before["listen_keys_made"], before["listen_keys_kept"]
    eventually(lambda: users(region)["listen_keys_kept"] >= kept + 6)  # beyond the life of a key
    order = running.command("place")
    running.message("executionReport", X="FILLED", c=order["clientOrderId"])

    # The key ends, and nobody says so; keepalives fail twice, then work, and find that out.
    region.fault("http_status", path="/api/v3/userDataStream", status=503, count=2)
    region.fault("end_listen_keys")
    assert users(region)["listen_keys_made"] == made
    eventually(lambda: users(region)["listening"] == 1)  # a second link, on a new key
    assert users(region)["listen_keys_made"] == made + 1
    order = running.command("place")
    running.message("executionReport", X="FILLED", c=order["clientOrderId"])
    eventually(lambda: users(region)["listening_in_vain"] == 0)  # the first one is closed
    assert users(region)["listening"] == 1
    assert running.end() == 0
    assert users(region)["listen_keys_deleted"] == 0
    reports = [(m["i"], m["x"], m["t"]) for m in running.messages() if m["e"] == "executionReport"]
    assert len(set(reports)) == len(reports)


def test_a_user_stream_of_old_answers_410_and_says_what_to_use(venue, script) -> None:
    running = script(
        venue,
        """
        from binance.exceptions import BinanceAPIException
        client = clients()["HMAC"]
        for call in (
            client.stream_get_listen_key,
            lambda: client.stream_keepalive("L"),
            lambda: client.stream_close("L"),
        ):
            try:
                call()
            except BinanceAPIException as error:
                say("refused", status=error.status_code, words=str(error))
        """,
    )
    for _ in range(3):
        said = running.saying("refused")
        assert said["status"] == 410
        assert "start_user_socket" in said["words"]
