"""Which proxy, and how it is asked: tables."""

import base64
import contextlib

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
        ("socks5://proxy.example", "proxy.example", 1080, False, None),
        ("socks5h://ann:p%40w@proxy.example:9", "proxy.example", 9, False, "ann:p@w"),
    ],
)
def test_parse(url: str, host: str, port: int, secure: bool, user: str | None) -> None:
    parsed = proxy.parse(url)
    assert (parsed.host, parsed.port, parsed.secure) == (host, port, secure)
    expected = "" if user is None else "Basic " + base64.b64encode(user.encode()).decode()
    assert parsed.authorization == expected
    assert parsed.is_socks is url.startswith("socks5")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"socks4://u:{SECRET}@h:1", "scheme 'socks4' are not supported: allowed is http"),
        (f"socks5://u:{SECRET * 30}@h:1", "at most 255 octets"),
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


def test_a_variable_that_names_no_usable_proxy_is_named_and_so_is_the_cure():
    for name in ("ALL_PROXY", "HTTPS_PROXY"):
        with pytest.raises(
            ValueError, match=f"{name} .*'socks'.*http://.*NO_PROXY.*proxy=''"
        ) as no:
            proxy.from_environment("a.example", 443, True, {name: "socks://u:s3cret@h:1"})
        assert "s3cret" not in str(no.value)


# the dialogues


def talk(
    url: str, *answers: bytes, host: str = "x.example", by: int = 100
) -> tuple[list[bytes], bytes]:
    """What is sent to the proxy, and what was behind its last answer; it comes in such pieces."""
    dialogue = proxy.parse(url).dialogue(host, 9443)
    sent = [next(dialogue)]
    for answered in answers:
        for at in range(0, len(answered), by):
            try:
                sent.append(dialogue.send(answered[at : at + by]))
            except StopIteration as ended:
                return [one for one in sent if one], ended.value + answered[at + by :]
    raise EOFError


OPEN = b"\x05\x00\x00\x01\x7f\x00\x00\x01\x1f\x90"
TO_NAME = b"\x05\x01\x00\x03\x09x.example\x24\xe3"


@pytest.mark.parametrize("by", [1, 2, 100])
@pytest.mark.parametrize(
    "bound",
    [
        OPEN,
        b"\x05\x00\x00\x03\x02ab\x00\x01",
        b"\x05\x00\x00\x03\x00\x00\x01",
        b"\x05\x00\x00\x04" + bytes(18),
    ],
)
def test_a_tunnel_by_socks(bound: bytes, by: int) -> None:
    sent, rest = talk("socks5h://h", b"\x05\x00", bound + b"\x16\x03", by=by)
    assert sent == [b"\x05\x01\x00", TO_NAME]
    assert rest == b"\x16\x03"


@pytest.mark.parametrize("by", [1, 100])
def test_a_tunnel_by_socks_with_user_and_password(by: int) -> None:
    url = "socks5://ann:p%40w@h"
    sent, rest = talk(url, b"\x05\x02", b"\x01\x00", OPEN, by=by)
    assert sent == [b"\x05\x02\x00\x02", b"\x01\x03ann\x03p@w", TO_NAME]
    assert rest == b""
    sent, _ = talk(url, b"\x05\x00", OPEN, by=by)  # where they are not needed
    assert sent == [b"\x05\x02\x00\x02", TO_NAME]


@pytest.mark.parametrize(
    ("host", "target"),
    [
        ("10.1.2.3", b"\x01\x0a\x01\x02\x03"),
        ("2001:db8::1", b"\x04\x20\x01\x0d\xb8" + bytes(11) + b"\x01"),
    ],
)
def test_addresses_are_not_sent_as_names(host: str, target: bytes) -> None:
    sent, _ = talk("socks5://h", b"\x05\x00", OPEN, host=host)
    assert sent[1] == b"\x05\x01\x00" + target + b"\x24\xe3"


LOGIN = f"socks5://ann:{SECRET}@h"


@pytest.mark.parametrize(
    ("url", "answers", "words", "login"),
    [
        ("http://h", [b"HTTP/1.1 403 Forbidden\r\n\r\n"], "403 Forbidden", False),
        ("http://h", [b"HTTP/1.1 407 Login\r\n\r\n"], "407 Login", True),
        ("socks5://h", [b"\x05\xff"], "it wants a user and a password", True),
        (LOGIN, [b"\x05\xff"], "it does not accept the user and the password", True),
        (LOGIN, [b"\x05\x02", b"\x01\x01"], "it does not accept the user and the password", True),
        ("socks5://h", [b"\x05\x00", b"\x05\x02"], "not allowed by its rules", False),
        ("socks5://h", [b"\x05\x00", b"\x05\x04"], "host unreachable", False),
        ("socks5://h", [b"\x05\x00", b"\x05\x05\x00\x01"], "connection refused", False),
        ("socks5://h", [b"\x05\x00", b"\x05\x63"], "reply 99", False),
    ],
)
def test_a_proxy_says_why_it_refuses(
    url: str, answers: list[bytes], words: str, login: bool
) -> None:
    with pytest.raises(proxy.Refused) as refused:
        talk(url, *answers)
    assert (str(refused.value), refused.value.login) == (words, login)


@pytest.mark.parametrize(
    ("url", "answers", "words"),
    [
        ("http://h", [b"SSH-2.0-x\r\n\r\n"], "not HTTP"),
        ("socks5://h", [b"HTTP/1.1 400 Bad Request\r\n\r\n"], "not SOCKS5"),
        ("socks5://h", [b"\x04\x00"], "not SOCKS5"),
        ("socks5://h", [b"\x05\x02"], "not SOCKS5"),  # a method that was not offered
        (LOGIN, [b"\x05\x01"], "not SOCKS5"),
        ("socks5://h", [b"\x05\x00", b"\x04\x00"], "not SOCKS5"),
        ("socks5://h", [b"\x05\x00", b"\x05\x00\x00\x07\x00"], "not SOCKS5"),
    ],
)
def test_what_is_no_answer_of_a_proxy(url: str, answers: list[bytes], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        talk(url, *answers)


@given(st.lists(st.binary(max_size=12), max_size=6))
def test_no_answer_raises_anything_else(answers: list[bytes]) -> None:
    with contextlib.suppress(proxy.Refused, ValueError, EOFError):
        sent, _ = talk(LOGIN, *answers)
        assert len(sent) >= 2  # a tunnel that nobody asked for is none


GRANTED = b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n"


@pytest.mark.parametrize("by", [1, 7, 100])
def test_a_tunnel_by_http(by: int) -> None:
    sent, rest = talk("http://h", GRANTED + b"\x16\x03", by=by)
    assert sent == [proxy.parse("h").request("x.example", 9443)]
    assert rest == b"\x16\x03"
    with pytest.raises(EOFError):
        talk("http://h", GRANTED[:-1], by=by)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"HTTP/1.0 407 Proxy Authentication Required", "407 Proxy Authentication Required"),
        (b"HTTP/1.1 403", "403"),
        (b"HTTP/1.1 502 Bad\x1b[31m\x07 Gateway", "502 Bad[31m Gateway"),
        (b"HTTP/1.1 500 " + b"x" * 5000, "500 " + "x" * 100),
    ],
)
def test_a_refusal(line: bytes, words: str) -> None:
    with pytest.raises(proxy.Refused) as refused:
        talk("http://h", line + b"\r\n\r\n", by=10_000)
    assert str(refused.value) == words


@pytest.mark.parametrize("data", [b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 x\r\n\r\n"])
def test_what_is_not_http(data: bytes) -> None:
    with pytest.raises(ValueError, match="not HTTP"):
        talk("http://h", data)


def test_an_endless_answer() -> None:
    longest = b"HTTP/1.1 200 OK\r\n".ljust(proxy.MAX_ANSWER, b"X")
    with pytest.raises(EOFError):
        talk("http://h", longest, by=len(longest))
    with pytest.raises(ValueError, match="longer than"):
        talk("http://h", longest + b"X", by=len(longest) + 1)
