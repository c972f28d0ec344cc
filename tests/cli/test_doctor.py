"""`doctor` names each staged fault, says what to do, and tells scripts by its exit code."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from binance.cli.diagnosis.advice import for_clock
from binance.cli.diagnosis.checks import BAD, DOUBT, GOOD, Checks, Finding
from binance.cli.diagnosis.layers import START, FirstMessages, first_messages
from binance.cli.streams import Stream
from tests.cli.rig import finished
from tests.pace import paced

pytestmark = pytest.mark.loopback


def doctor(exchange: Any, *arguments: str, **more: str) -> tuple[int, list[dict[str, Any]]]:
    """Run it; its exit code and findings."""
    done = finished(["doctor", "--json", *arguments], exchange, **more)
    assert done.stderr == ""
    print(done.stdout)  # shown where a test fails
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def faults(findings: list[dict[str, Any]]) -> list[tuple[str, str]]:
    assert all(each["advice"] for each in findings if each["state"] != GOOD)
    return [(each["check"], each["kind"]) for each in findings if each["state"] == BAD]


@pytest.mark.process
def test_where_all_is_well(calm: Any) -> None:
    code, findings = doctor(calm)
    assert (code, faults(findings)) == (0, [])
    checks = "settings DNS TCP TLS,round trip,clock,handshake stream stream"
    assert [each["check"] for each in findings] == [
        *checks.split(",", maxsplit=1)[0].split(),
        "round trip",
        "clock",
        *checks.rsplit(",", maxsplit=1)[-1].split(),
    ]
    tls = next(each for each in findings if each["check"] == "TLS")
    assert "localhost has a certificate for localhost, valid until 20" in tls["detail"]
    assert tls["more"] == ["issued by Binance simulator CA (throw-away)"]


@pytest.mark.process
def test_every_market_is_checked_on_request(calm: Any) -> None:
    code, findings = doctor(calm, "--every-market", BINANCE_PAPI_URL="https://localhost:1")
    assert (code, faults(findings)) == (1, [("TCP", "refused")])  # the last address of all
    streams = [each["detail"] for each in findings if each["check"] == "stream"]
    assert [each.partition(": ")[0] for each in streams] == [
        *("btcusdt@depth5", "!miniTicker@arr", "usdm:btcusdt@markPrice@1s"),
        *("coinm:btcusd_perp@markPrice@1s", "options:!index@arr"),
    ]


@pytest.mark.process
def test_a_region_that_is_not_served(calm: Any) -> None:
    calm.fault("http_status", status=451)
    code, findings = doctor(calm)
    assert (code, faults(findings)) == (1, [("REST", "region"), ("handshake", "region")])
    assert "--env us" in findings[-1]["advice"]


@pytest.mark.process
def test_a_clock_that_is_5_s_off(calm: Any) -> None:
    calm.fault("clock_drift", ms=5000)
    code, findings = doctor(calm)
    assert (code, faults(findings)) == (1, [("clock", "clock")])
    clock = next(each for each in findings if each["check"] == "clock")
    assert clock["detail"] == "this computer's clock is 5.0 s behind the exchange's"
    assert for_clock(5000)[0] == "this computer's clock is 5.0 s ahead of the exchange's"


@pytest.mark.process
def test_a_stream_that_is_silent(calm: Any) -> None:
    calm.fault("stall", stream="btcusdt@*")
    names = ["btcusdt@depth5", "nosuch@trade", "btcusdt@blockTrade"]
    code, findings = doctor(calm, *names, "--wait", "1.5s")
    assert (code, faults(findings)) == (1, [("stream", "silent")] * 2)
    held_back, unknown, quiet = findings[-3:]
    assert "a firewall or proxy holds the data back" in held_back["advice"]
    assert "the exchange has no symbol NOSUCH" in unknown["advice"]
    assert quiet["state"] == DOUBT
    assert "only when something happens" in quiet["advice"]


@pytest.mark.process
def test_a_wrong_path(calm: Any) -> None:
    wrong = calm.urls["ws"] + "/nothing"
    code, findings = doctor(calm, BINANCE_STREAM_URL=wrong)
    assert (code, faults(findings)) == (1, [("handshake", "path")])
    assert "HTTP 404" in findings[-1]["detail"]
    assert "Correct BINANCE_STREAM_URL" in findings[-1]["advice"]


# The layers below need no reactor, and are looked at in this process.


@pytest.fixture
def examined(calm: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Examines with the simulator's addresses, but for those that a test gives."""

    def examine(**more: str) -> list[Finding]:
        env = calm.env | more
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        return list(Checks((), 1.0, env).findings())

    return examine


def test_streams_of_a_relay_are_not_sought_at_the_exchange(examined: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = f"127.0.0.1:{server.getsockname()[1]}"
        found = examined(
            BINANCE_STREAM_URL=f"nats://me:s3cret@{here},tls://no-such-host.invalid",
            http_proxy="http://127.0.0.1:1",  # is not for NATS
        )
    assert bad(found) == [("DNS", "dns")]
    assert any(each.detail.startswith(f"{here} answers in ") for each in found)
    assert found[-1].detail == (
        f"market streams come from NATS at {here},no-such-host.invalid:4222, and are not checked"
    )
    assert not any(each.check == "handshake" for each in found)
    assert "s3cret" not in repr(found)


def test_the_servers_of_a_relay_may_be_misspelt(examined: Any) -> None:
    [found] = examined(BINANCE_STREAM_URL="nats://me:s3cret")
    assert (found.check, found.state) == ("settings", BAD)
    assert "s3cret" not in repr(found)
    assert "env | cut -d= -f1 | grep BINANCE_" in found.advice  # which shows no API key


def bad(findings: list[Finding]) -> list[tuple[str, str]]:
    return faults([{name: getattr(each, name) for name in NAMES} for each in findings])


NAMES = ("check", "kind", "state", "advice")


def test_a_name_that_does_not_resolve(examined: Any) -> None:
    findings = examined(BINANCE_STREAM_URL="wss://no-such-host.invalid")
    assert bad(findings) == [("DNS", "dns")]
    assert findings[-1].detail.startswith("no-such-host.invalid: ")


def test_a_refused_port(examined: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    findings = examined(BINANCE_STREAM_URL=f"wss://127.0.0.1:{port}")
    assert bad(findings) == [("TCP", "refused")]
    assert findings[-1].detail == f"127.0.0.1:{port}: connection refused"


CERTIFICATES = [
    (
        "wrong_host",
        "the certificate is for 'wrong-host.invalid'",
        "Another server than localhost answers",
    ),
    ("untrusted", "was issued by an unknown authority", "BINANCE_CA_FILE"),
    ("expired", "has expired", "Is this computer's date right?"),
]


@pytest.mark.parametrize(("certificate", "words", "advice"), CERTIFICATES)
def test_a_wrong_certificate(
    calm: Any, examined: Any, certificate: str, words: str, advice: str
) -> None:
    calm.fault("bad_certificate", certificate=certificate)
    findings = examined()
    assert bad(findings) == [("TLS", "certificate")]
    assert words in findings[-1].detail
    assert advice in findings[-1].advice


@contextmanager
def proxy(answer: bytes) -> Iterator[str]:
    """An HTTP proxy that answers so to whatever it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    peer, _ = listening.accept()
                except OSError:
                    return
                with peer:
                    peer.recv(4096)
                    peer.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://user:secret@127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def test_something_that_speaks_no_tls(examined: Any) -> None:
    with proxy(b"HTTP/1.1 400 Bad Request\r\n\r\n") as url:
        findings = examined(BINANCE_STREAM_URL=url.replace("http://user:secret@", "wss://"))
    assert bad(findings) == [("TLS", "tls")]


PROXIES = [
    (b"\x05\x07", "the proxy's answer is not SOCKS5", "Does the proxy run"),
    (b"\x05\xff", "refuses: it does not accept the user", "user:password@host"),
    (b"HTTP/1.1 403 Forbidden\r\n\r\n", "refuses: 403 Forbidden", "allow this host"),
    (b"HTTP/1.1 407 Login\r\n\r\n", "refuses: 407 Login", "user:password@host"),
    (b"SSH-2.0-x\r\n\r\n", "the proxy's answer is not HTTP", "Does the proxy run"),
    (b"", "it closed the connection without an answer", "Does the proxy run"),
]


@pytest.mark.parametrize(("answer", "words", "advice"), PROXIES)
def test_a_proxy_that_refuses(answer: bytes, words: str, advice: str) -> None:
    with proxy(answer) as url:
        if answer.startswith(b"\x05"):
            url = url.replace("http://", "socks5h://")
        findings = list(Checks((), 1.0, {"HTTPS_PROXY": url}).findings())
    assert set(bad(findings)) == {("proxy", "proxy")}
    assert words in findings[-1].detail
    assert advice in findings[-1].advice
    assert not any("secret" in repr(each) for each in findings)


def test_a_proxy_that_is_not_there() -> None:
    with proxy(b"") as url:
        pass
    findings = list(Checks((), 1.0, {"HTTPS_PROXY": url}).findings())
    assert set(bad(findings)) == {("TCP", "refused")}
    assert "the proxy 127.0.0.1:" in findings[-1].detail


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("BINANCE_ENV", "moon", "allowed are production"),
        ("BINANCE_STREAM_URL", "localhost:1", "give a URL such as wss://localhost:8443"),
        ("BINANCE_CA_FILE", "/no/such/file.pem", "there is no file '/no/such/file.pem'"),
        ("BINANCE_CA_FILE", __file__, f"no PEM certificate can be read from {__file__!r}"),
        ("BINANCE_CA_FILE", os.devnull, f"there is no file {os.devnull!r}"),
    ],
)
def test_wrong_settings(name: str, value: str, words: str) -> None:
    findings = list(Checks((), 1.0, {name: value}).findings())
    assert bad(findings) == [("settings", "settings")]
    assert words in findings[0].detail


def test_a_port_that_is_shut_is_a_doubt_where_another_is_open(
    examined: Any, calm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only built-in hosts have two ports; here the simulator's stands for the second one."""
    shut = calm.urls["ws"].rpartition(":")[0] + ":1"
    monkeypatch.setattr(
        "binance.cli.diagnosis.checks.alternatives", lambda *_: (shut, calm.urls["ws"])
    )
    asked: list[str] = []

    def first_messages(attribute: str, url: str, *_: object) -> FirstMessages:
        asked.append(url)
        return FirstMessages(reason="not asked", status=429)

    monkeypatch.setattr("binance.cli.diagnosis.layers.first_messages", first_messages)
    findings = examined()
    assert bad(findings) == [("handshake", "limit")]
    doubt = next(each for each in findings if each.state == DOUBT)
    assert (doubt.check, doubt.kind) == ("TCP", "refused")
    assert "has another port" in doubt.advice
    assert asked == [calm.urls["ws"]]


@pytest.mark.thread
def test_a_connection_that_fails_before_it_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    start, end = START["spot"], time.monotonic() + paced(10.0)

    def start_in_vain(manager: Any, names: list[str], callback: Any) -> str | bool:
        key = start(manager, names, callback)
        while key in manager._conns:
            assert time.monotonic() < end
            time.sleep(0.01)
        return key

    monkeypatch.setitem(START, "spot", start_in_vain)
    found = first_messages("STREAM_URL", "ws://127.0.0.1:1", [Stream("spot", "btcusdt@trade")], 1.0)
    assert found.opened is None
    assert "refused" in found.reason
