"""Which proxy, and how it is asked: tables."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.tx.wire import proxy

SECRET = "s3cret-pass"


@pytest.mark.parametrize(
    ("url", "host", "port", "secure", "user"),
    [
        ("http://proxy.example:3128", "proxy.example", 3128, False, None),
        ("http://proxy.example", "proxy.example", 80, False, None),
        ("https://proxy.example/", "proxy.example", 443, True, None),
        ("proxy.example:8080", "proxy.example", 8080, False, None),
        ("HTTP://Proxy.Example:1", "proxy.example", 1, False, None),
        ("http://[::1]:3128", "::1", 3128, False, None),
        ("http://ann:pw@proxy.example:3128", "proxy.example", 3128, False, "ann:pw"),
        ("http://ann@proxy.example", "proxy.example", 80, False, "ann:"),
        ("http://a%40b:p%3Aw%20%C3%A4@h:1", "h", 1, False, "a@b:p:w ä"),
    ],
)
def test_parse(url: str, host: str, port: int, secure: bool, user: str | None) -> None:
    parsed = proxy.parse(url)
    assert (parsed.host, parsed.port, parsed.secure) == (host, port, secure)
    expected = "" if user is None else "Basic " + base64.b64encode(user.encode()).decode()
    assert parsed.authorization == expected


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"socks5://u:{SECRET}@h:1", "scheme 'socks5' are not supported: allowed is http"),
        (f"http://u:{SECRET}@h:99999", "port"),
        (f"http://u:{SECRET}@h:x", "port"),
        (f"http://u:{SECRET}@", "host"),
        (f"http://u:{SECRET}\u2100@h:1", "is not valid"),
        ("", "host"),
    ],
)
def test_what_cannot_be_a_proxy_is_said_without_its_password(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        proxy.parse(url)
    shown = f"{caught.value} {caught.value.__cause__} {caught.value.__context__!r}"
    assert SECRET not in str(caught.value)
    assert SECRET not in shown or caught.value.__suppress_context__


def test_no_text_of_a_proxy_holds_its_password() -> None:
    parsed = proxy.parse(f"http://ann:{SECRET}@h:3128")
    coded = base64.b64encode(f"ann:{SECRET}".encode()).decode()
    for text in (repr(parsed), str(parsed), f"{parsed}"):
        assert SECRET not in text
        assert coded not in text
    assert str(parsed) == "h:3128"


def test_the_request_for_a_tunnel() -> None:
    assert proxy.parse("http://ann:pw@h:1").request("stream.example", 9443) == (
        b"CONNECT stream.example:9443 HTTP/1.1\r\n"
        b"Host: stream.example:9443\r\n"
        b"Proxy-Authorization: Basic YW5uOnB3\r\n\r\n"
    )
    assert b"Authorization" not in proxy.parse("h:1").request("x", 1)
    assert proxy.parse("h:1").request("2001:db8::1", 443).startswith(b"CONNECT [2001:db8::1]:443 ")


@pytest.mark.parametrize(
    ("environ", "secure", "host"),
    [
        ({}, True, None),
        ({"HTTPS_PROXY": "http://a:1"}, True, "a"),
        ({"https_proxy": "http://b:1", "HTTPS_PROXY": "http://a:1"}, True, "b"),
        ({"https_proxy": "", "HTTPS_PROXY": "http://a:1"}, True, "a"),
        ({"HTTPS_PROXY": "http://a:1"}, False, None),
        ({"http_proxy": "http://a:1"}, False, "a"),
        ({"HTTP_PROXY": "http://a:1"}, False, None),
        ({"http_proxy": "http://a:1"}, True, None),
        ({"ALL_PROXY": "http://c:1"}, True, "c"),
        ({"all_proxy": "d:1", "ALL_PROXY": "http://c:1"}, False, "d"),
        ({"HTTPS_PROXY": "http://a:1", "ALL_PROXY": "http://c:1"}, True, "a"),
        ({"HTTPS_PROXY": "http://a:1", "NO_PROXY": "stream.example"}, True, None),
        ({"HTTPS_PROXY": "http://a:1", "no_proxy": "*"}, True, None),
        ({"HTTPS_PROXY": "http://a:1", "no_proxy": "other.example"}, True, "a"),
    ],
)
def test_the_environment(environ: dict[str, str], secure: bool, host: str | None) -> None:
    found = proxy.from_environment("stream.example", 9443, secure, environ)
    assert (found.host if found else None) == host


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "x.localhost", "127.0.0.1", "::1"])
def test_loopback_is_never_reached_by_a_proxy_of_the_environment(host: str) -> None:
    assert proxy.is_loopback(host)
    assert proxy.from_environment(host, 1, True, {"HTTPS_PROXY": "http://a:1"}) is None


@pytest.mark.parametrize("host", ["localhost.example", "10.0.0.1", "notlocalhost", "::2"])
def test_what_is_not_loopback(host: str) -> None:
    assert not proxy.is_loopback(host)


@pytest.mark.parametrize(
    ("host", "no_proxy", "exempt"),
    [
        ("stream.example", "", False),
        ("stream.example", "example", True),
        ("stream.example", ".example", True),
        ("stream.example", "*.example", True),
        ("stream.example", "STREAM.Example", True),
        ("stream.example.", "stream.example", True),
        ("stream.example", "eam.example", False),
        ("stream.example", "a, b ,example", True),
        ("stream.example", "a b example", True),
        ("stream.example", "stream.example:9443", True),
        ("stream.example", "stream.example:443", False),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.3:9443", True),
        ("10.1.2.3", "10.1.2.3:1", False),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("11.1.2.3", "1.2.3", False),
        ("2001:db8::1", "2001:db8::/32", True),
        ("2001:db8::1", "[2001:db8::1]:9443", True),
        ("2001:db8::1", "[2001:db8::1]:1", False),
        ("stream.example", ".", False),
    ],
)
def test_no_proxy(host: str, no_proxy: str, exempt: bool) -> None:
    assert proxy.is_exempt(host, 9443, no_proxy) is exempt


@given(st.text(max_size=30), st.text(max_size=40))
def test_no_list_of_exemptions_raises(host: str, no_proxy: str) -> None:
    assert proxy.is_exempt(host, 443, no_proxy) in (True, False)


GRANTED = b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n"


def test_an_answer_is_read_once_it_is_whole() -> None:
    data = GRANTED + b"\x16\x03"
    for cut in range(len(GRANTED)):
        assert proxy.answer(data[:cut]) is None
    whole = proxy.answer(data)
    assert whole is not None
    assert (whole.status, whole.phrase, whole.rest) == (
        200,
        "Connection established",
        b"\x16\x03",
    )
    assert whole.granted


@pytest.mark.parametrize(
    ("line", "status", "phrase"),
    [
        (b"HTTP/1.0 407 Proxy Authentication Required", 407, "Proxy Authentication Required"),
        (b"HTTP/1.1 403", 403, ""),
        (b"HTTP/1.1 502 Bad\x1b[31m\x07 Gateway", 502, "Bad[31m Gateway"),
        (b"HTTP/1.1 500 " + b"x" * 5000, 500, "x" * 100),
    ],
)
def test_a_refusal(line: bytes, status: int, phrase: str) -> None:
    refusal = proxy.answer(line + b"\r\n\r\n")
    assert refusal is not None
    assert (refusal.status, refusal.phrase, refusal.granted) == (status, phrase, False)


@pytest.mark.parametrize("data", [b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 x\r\n\r\n"])
def test_what_is_not_http(data: bytes) -> None:
    with pytest.raises(ValueError, match="not HTTP"):
        proxy.answer(data)


def test_an_endless_answer() -> None:
    longest = b"HTTP/1.1 200 OK\r\n".ljust(proxy.MAX_ANSWER, b"X")
    assert proxy.answer(longest) is None
    with pytest.raises(ValueError, match="longer than"):
        proxy.answer(longest + b"X")


def test_a_variable_that_names_no_usable_proxy_is_named_and_so_is_the_cure():
    for name in ("ALL_PROXY", "HTTPS_PROXY"):
        with pytest.raises(
            ValueError, match=f"{name} .*'socks'.*http://.*NO_PROXY.*proxy=''"
        ) as no:
            proxy.from_environment("a.example", 443, True, {name: "socks://u:s3cret@h:1"})
        assert "s3cret" not in str(no.value)
