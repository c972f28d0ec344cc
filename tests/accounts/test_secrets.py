"""A run with everything logged at DEBUG holds no key, secret, signature, listen key or token."""

import re

import pytest

from tests.accounts.conftest import SECRETS

pytestmark = [pytest.mark.loopback, pytest.mark.process]

LOUD = """
import traceback
from twisted.python.log import PythonLoggingObserver
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
PythonLoggingObserver().start()

seen = set()  # what only this run knows: signatures, listen keys, tokens; told apart from the log
from binance.sansio.account import signing, wsapi
def spied(function):
    def spy(*args, **kwargs):
        answer = function(*args, **kwargs)
        seen.add(answer if isinstance(answer, str) else answer.get("signature", ""))
        return answer
    return spy
for kind in signing.Signer.__subclasses__():
    kind.sign = spied(kind.sign)

def show(*things):
    for thing in things:
        logging.info("shown %r %s", thing, thing)

def fails(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except Exception as error:
        show(error, getattr(error, "args", ()))
        logging.exception("it failed")
"""
ENOUGH = """
def end():
    show(vars(bm), bm._conns, bm.stats())
    bm.close()
    for secret in seen - {""}:
        say("secret", text=secret)
obey(end=end, order=lambda of: fails(market, all_clients[of]))
"""


def leaks(running, secrets: dict[str, str]) -> list[str]:
    told = running.stderr + "".join(line for line in running.raw if '"kind": "secret"' not in line)
    return [name for name, secret in secrets.items() if secret in told]


def test_accounts_by_signature(venue, script) -> None:
    running = script(
        venue,
        LOUD
        + """
all_clients = clients()
bm = BinanceSocketManager(all_clients["HMAC"], on_event=lambda event: (tell(event), show(event)))
bm.start()
for name, client in all_clients.items():
    key = bm.start_user_socket(lambda msg: None, client=client)
    assert bm.wait_open(key, paced(30))
    show(client, client.signer, client.session, bm._conns[key])
    client.get_account()
    show(client.response, client.response.url, client.response.request.headers)
    fails(client.stream_keepalive, "L" * 64)
    fails(client.request, "GET", "/sapi/v1/nowhere", signed=True)
    client.API_URL = "https://localhost:1/api"
    fails(client.get_account)
    del client.__dict__["API_URL"]
say("open")
"""
        + ENOUGH,
    )
    running.saying("open")
    for name in ("HMAC", "RSA", "Ed25519"):
        venue.fault("drop_reply", path="/api/v3/order", count=1)
        running.command("order", of=name)
    venue.fault("drop", link="ws_api")
    running.saying("event", event="Disconnected")
    running.saying("event", event="Connected")
    venue.fault("revoke_key")
    venue.fault("drop", link="ws_api")
    for _ in range(3):
        running.saying("event", event="GaveUp")
    running.command("end")
    assert running.end() == 0
    signatures = {
        f"signature {number}": said["text"]
        for number, said in enumerate(running.said)
        if said["kind"] == "secret"
    }
    assert len(signatures) > 10
    assert "DEBUG:urllib3" in running.stderr  # the loudest was on
    assert "DEBUG:binance" in running.stderr
    assert leaks(running, SECRETS | {"listen key": "L" * 64} | signatures) == []
    assert not re.search(r"signature=(?!\*\*\*)", running.stderr)


def test_margin_by_token(venue, script) -> None:
    running = script(
        venue,
        LOUD
        + """
class Spied(Client):
    def margin_create_listen_token(self, **params):
        answer = super().margin_create_listen_token(**params | {"validity": 4000})
        seen.add(answer["token"])
        return answer

all_clients = {"HMAC": Spied(api_keys.HMAC_KEY, api_keys.HMAC_SECRET)}
bm = BinanceSocketManager(all_clients["HMAC"], on_event=lambda event: (tell(event), show(event)))
bm.start()
key = bm.start_margin_socket(lambda msg: None)
assert bm.wait_open(key, paced(30))
say("open")
"""
        + ENOUGH,
    )
    running.saying("open")
    venue.fault("http_status", path="/sapi/v1/userListenToken", status=503, count=1)
    venue.fault("drop", link="ws_api")
    running.saying("event", event="Disconnected")
    running.saying("event", event="Connected")
    running.command("end")
    assert running.end() == 0
    texts = {said["text"] for said in running.said if said["kind"] == "secret"}
    assert any(len(text) == 56 for text in texts)  # a token is among them
    assert leaks(running, SECRETS | {text[:4]: text for text in texts}) == []


@pytest.mark.parametrize("fault", ["drop", "end_listen_keys"])
def test_listen_keys(region, script, fault) -> None:
    running = script(
        region,
        LOUD
        + """
class Spied(Client):
    def stream_get_listen_key(self):
        key = super().stream_get_listen_key()
        seen.add(key)
        return key

client = Spied(api_keys.HMAC_KEY, api_keys.HMAC_SECRET, tld="us")
all_clients = {"HMAC": client}
bm = BinanceSocketManager(
    client, user_timeout=0.5, on_event=lambda event: (tell(event), show(event))
)
bm.start()
key = bm.start_user_socket(lambda msg: None)
assert bm.wait_open(key, paced(30))
say("open")
"""
        + ENOUGH,
    )
    running.saying("open")
    region.fault(fault)
    running.saying("event", event="Rotated" if fault == "end_listen_keys" else "Connected")
    running.command("order", of="HMAC")
    running.command("end")
    assert running.end() == 0
    texts = {said["text"] for said in running.said if said["kind"] == "secret"}
    assert texts
    assert leaks(running, SECRETS | {text[:4]: text for text in texts}) == []


@pytest.mark.parametrize("kind", ["futures", "options"])  # in a query; in a path and a request
def test_listen_keys_of_other_markets(venue, script, kind) -> None:
    running = script(
        venue,
        LOUD
        + """
calls = {"futures": "futures_stream_get_listen_key", "options": "eapi_stream_get_listen_key"}
name = calls[os.environ["KIND"]]
client = Client(api_keys.HMAC_KEY, api_keys.HMAC_SECRET)
make = getattr(client, name)
def spied():
    answer = make()
    seen.add(answer if isinstance(answer, str) else answer["listenKey"])
    return answer
setattr(client, name, spied)
all_clients = {"HMAC": client}
bm = BinanceSocketManager(
    client, user_timeout=0.5, on_event=lambda event: (tell(event), show(event))
)
bm.start()
key = getattr(bm, "start_" + os.environ["KIND"] + "_user_socket")(lambda msg: None)
assert bm.wait_open(key, paced(30))
say("open")
"""
        + ENOUGH,
        KIND=kind,
    )
    running.saying("open")
    venue.fault("end_listen_keys", how="reported")
    running.saying("event", event="Gap")
    running.command("order", of="HMAC")
    running.command("end")
    assert running.end() == 0
    texts = {said["text"] for said in running.said if said["kind"] == "secret"}
    assert any(len(text) == 64 for text in texts)  # a listen key is among them
    assert leaks(running, SECRETS | {text[:4]: text for text in texts}) == []


def test_the_watch_sees_a_secret() -> None:
    class Told:
        stderr = f"INFO:it is {SECRETS['secret']}"
        raw: list[str] = []

    assert leaks(Told, SECRETS) == ["secret"]
