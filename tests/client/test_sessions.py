"""The adapters of sessions: retries for reads alone, trust and connections that are not shared."""

import os
import threading

import pytest
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import ProtocolError
from urllib3.util import Retry

from binance.client import Client
from binance.rest.sessions import CALLER, NotAwaitedError, ReadsOnly, VerifyingAdapter


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", None])
def test_a_call_with_effects_ends_with_the_error_that_it_met(method):
    lost = ProtocolError("the reply is lost")
    with pytest.raises(ProtocolError) as raised:
        ReadsOnly(3).increment(method, "/api/v3/order", error=lost)
    assert raised.value is lost


def test_a_read_is_tried_again():
    assert ReadsOnly(3).increment("GET", "/api/v3/time", error=ProtocolError("lost")).total == 2


def test_a_read_with_an_effect_is_not_tried_again(monkeypatch):
    monkeypatch.setattr(CALLER, "sends_once", True)
    assert not ReadsOnly(3).is_retry("GET", 503, True)
    with pytest.raises(ProtocolError):
        ReadsOnly(3).increment("GET", "/fapi/v1/income/asyn", error=ProtocolError("lost"))


@pytest.mark.parametrize("arguments", [(), (False,), (True,)])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_an_answer_is_judged_as_urllib3_does_it_but_for_reads_alone(method, arguments):
    expected = method == "GET" and Retry(3).is_retry(method, 503, *arguments)
    assert ReadsOnly(3).is_retry(method, 503, *arguments) is bool(expected)


def test_what_one_client_trusts_or_shows_is_not_in_the_context_of_others(monkeypatch):
    """urllib3 loads both into the context that it is given."""
    used = []
    monkeypatch.setattr(HTTPAdapter, "send", lambda adapter, *_, **__: used.append(adapter))
    mine, other = VerifyingAdapter(None), VerifyingAdapter(None)
    mine.max_retries = retries = Retry(7)
    options = [{}, {"verify": "/ca.pem"}, {"cert": "/me.pem"}, {"verify": "/ca.pem", "cert": "/b"}]
    for each in options:
        mine.send(None, **each)
    assert len({id(adapter._context) for adapter in used}) == len(options)
    assert {id(adapter.max_retries) for adapter in used} == {id(retries)}
    for each in options:
        mine.send(None, **each)
    assert used[4:] == used[:4]  # with their open connections
    other.send(None, verify=True, cert=None)
    assert used[-1]._context is used[0]._context
    for adapter in used[:4]:
        adapter.poolmanager.connection_from_url("https://a.example")
    mine.close()
    assert all(len(adapter.poolmanager.pools) == 0 for adapter in used[:4])


@pytest.mark.parametrize("proxy", [None, "http://proxy:1", "https://proxy:1"])
def test_a_connection_whose_caller_has_gone_meanwhile_is_not_used(monkeypatch, proxy):
    adapter = VerifyingAdapter(None)
    manager = adapter.proxy_manager_for(proxy) if proxy else adapter.poolmanager
    pool = manager.connection_from_url("https://a.example")
    assert str(pool).startswith("HTTPSConnectionPool(")  # as urllib3's errors show it
    connection = pool._new_conn()
    monkeypatch.setattr(HTTPSConnection, "connect", lambda self: None)
    connection.connect()
    monkeypatch.setattr(CALLER, "is_gone", lambda: True, raising=False)
    with pytest.raises(NotAwaitedError):
        connection.connect()


class Timeouts(HTTPAdapter):
    timeout = 3.0


def test_a_forked_child_has_none_of_its_parents_connections(monkeypatch):
    client, adapter = Client(), Timeouts(pool_connections=5)
    client.session.mount("https://", adapter)
    adapter.timeout = 7.0
    pools, proxied = adapter.poolmanager, adapter.proxy_manager_for("http://proxy:1")
    monkeypatch.setattr(os, "getpid", lambda: -1)
    child = client.session.get_adapter("https://a.example")
    assert (type(child), child.timeout, child._pool_connections) == (Timeouts, 7.0, 5)
    assert child.poolmanager is not pools
    pools = child.poolmanager
    assert child.proxy_manager_for("http://proxy:1") is not proxied
    client._sessions._local.__dict__.clear()  # another thread of the child's
    assert client.session.get_adapter("https://a.example").poolmanager is pools


@pytest.mark.thread
def test_what_a_later_thread_sets_holds_for_itself():
    client, seen = Client(), []
    client.session.verify, client.session.auth = "/a.pem", ("a", "a")
    adapter, own = Timeouts(), Timeouts()
    client.session.mount("https://", adapter)

    def work():
        session = client.session
        session.verify = "/b.pem"
        seen.append((session.verify, session.auth, session.get_adapter("https://a.example")))
        session.mount("https://", own)
        seen.append((session.get_adapter("https://a.example"), hasattr(session, "no_such")))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [("/b.pem", ("a", "a"), adapter), (own, False)]
    assert client.session.verify == "/a.pem"
