"""HTTP and SOCKS5 proxies: which one to use, and the dialogue that opens a tunnel. No I/O.

The URL of a proxy may contain a password. Texts made here contain only its host and port.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from binance.sansio.link.budget import is_loopback

#: Longest answer to CONNECT, in octets.
MAX_ANSWER = 64 * 1024
#: Longest user or password for a SOCKS proxy, in octets.
MAX_LOGIN = 255

_DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_ALLOWED = (
    "allowed is http://[user:password@]host[:port], or https:// for TLS to the proxy, or socks5h://"
)
#: Octets to send -> octets that arrived; at the end those behind the proxy's answer.
Dialogue = Generator[bytes, bytes, bytes]


class Refused(Exception):
    """A proxy does not open a tunnel; the text says why.

    Attributes:
        login: whether user and password are missing or wrong.
    """

    def __init__(self, words: str, login: bool = False) -> None:
        super().__init__(words)
        self.login = login


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy. Its repr and str do not contain the credentials."""

    host: str
    port: int
    secure: bool = False
    is_socks: bool = False
    #: user and password
    login: tuple[bytes, bytes] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{_bracketed(self.host)}:{self.port}"

    @property
    def authorization(self) -> str:
        """The value of the header for Basic authentication (RFC 7617)."""
        if self.login is None:
            return ""
        return "Basic " + base64.b64encode(b":".join(self.login)).decode("ascii")

    def dialogue(self, host: str, port: int) -> Dialogue:
        """Open a tunnel to a host and port.

        It raises `Refused`, or ValueError for an answer that is not of the proxy's protocol.
        """
        if self.is_socks:
            return _socks(self.login, host, port)
        return _connect(self.request(host, port))

    def request(self, host: str, port: int) -> bytes:
        """The CONNECT request for a tunnel to a host and port."""
        target = f"{_bracketed(host)}:{port}"
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if self.authorization:
            lines.append(f"Proxy-Authorization: {self.authorization}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def parse(url: str) -> Proxy:
    """The proxy of a URL; the default scheme is `http://`. ValueError for a bad URL.

    User and password are percent-encoded in it.
    """
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:  # its text may contain the password
        raise ValueError(f"the URL of the proxy is not valid: {_ALLOWED}") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError(f"proxies of scheme {parts.scheme!r} are not supported: {_ALLOWED}")
    try:
        port = parts.port
    except ValueError:
        raise ValueError(f"the port of the proxy is not a number up to 65535: {_ALLOWED}") from None
    if not parts.hostname:
        raise ValueError(f"the URL of the proxy has no host: {_ALLOWED}")
    login, is_socks = None, parts.scheme.startswith("socks")
    if parts.username is not None:
        login = unquote(parts.username).encode(), unquote(parts.password or "").encode()
        if is_socks and max(map(len, login)) > MAX_LOGIN:
            raise ValueError(f"user and password of a SOCKS proxy have at most {MAX_LOGIN} octets")
    return Proxy(
        host=parts.hostname,
        port=_DEFAULT_PORTS[parts.scheme] if port is None else port,
        secure=parts.scheme == "https",
        is_socks=is_socks,
        login=login,
    )


def from_environment(
    host: str, port: int, secure: bool, environ: Mapping[str, str]
) -> Proxy | None:
    """The proxy for a WebSocket to `host`, from the usual environment variables, or None.

    For wss `https_proxy` or `HTTPS_PROXY`, for ws `http_proxy`, then `all_proxy` or `ALL_PROXY`.
    `HTTP_PROXY` is not read, because under CGI it may come from a request header of a client.
    `no_proxy` or `NO_PROXY` exempts hosts. Loopback never uses a proxy of the environment.
    """
    if is_loopback(host):
        return None
    names = ("https_proxy", "HTTPS_PROXY") if secure else ("http_proxy",)
    for name in (*names, "all_proxy", "ALL_PROXY"):
        url = environ.get(name, "").strip()
        if url:
            break
    else:
        return None
    exempt = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    if is_exempt(host, port, exempt):
        return None
    try:
        return parse(url)
    except ValueError as error:
        raise ValueError(
            f"the environment variable {name} contains no valid proxy: {error}; correct it, "
            f"exempt {host} by NO_PROXY, or pass proxy='' to use none"
        ) from None


def is_exempt(host: str, port: int, no_proxy: str) -> bool:
    """Whether a NO_PROXY list exempts this host and port.

    Its items are separated by commas: `*`, a domain (with its subdomains, with or without a leading
    dot), an address or a network, each with an optional `:port`.
    """
    host = host.lower().rstrip(".")
    address = _address(host)
    for item in no_proxy.lower().replace(" ", ",").split(","):
        if item == "*":
            return True
        name, given_port = _split_port(item)
        if not name or (given_port and given_port != str(port)):
            continue
        if address is not None:
            network = _network(name)
            if network is not None and address in network:
                return True
        else:
            domain = name.lstrip("*").lstrip(".")
            if domain and (host == domain or host.endswith("." + domain)):
                return True
    return False


def _connect(request: bytes) -> Dialogue:
    received = yield request
    while (end := received.find(b"\r\n\r\n")) < 0:
        if len(received) > MAX_ANSWER:
            raise ValueError(f"the proxy's answer is longer than {MAX_ANSWER} octets")
        received += yield b""
    line = received[: received.find(b"\r\n")].decode("iso-8859-1")
    version, _, words = line.partition(" ")
    status, _, phrase = words.strip().partition(" ")
    if not version.startswith("HTTP/1.") or not status.isdecimal():
        raise ValueError("the proxy's answer is not HTTP")
    if not 200 <= int(status) < 300:
        phrase = "".join(filter(str.isprintable, phrase))[:100]
        raise Refused(f"{status} {phrase}".strip(), login=status == "407")
    return received[end + 4 :]


#: Why a SOCKS proxy does not connect, by the code of its reply (RFC 1928, section 6).
_SOCKS_REPLIES = {
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "TTL expired",
    7: "command not supported",
    8: "address type not supported",
}
_NO_LOGIN, _BY_PASSWORD, _NO_METHOD = 0, 2, 255
_IPV4, _NAME, _IPV6 = 1, 3, 4


def _socks(login: tuple[bytes, bytes] | None, host: str, port: int) -> Dialogue:
    """SOCKS5 with user and password: RFC 1928 and 1929. The proxy resolves the host's name."""
    methods = [_NO_LOGIN] if login is None else [_NO_LOGIN, _BY_PASSWORD]
    got = yield from _asked(b"\x05" + _counted(bytes(methods)), 2)
    if got[0] != 5 or got[1] not in (*methods, _NO_METHOD):
        raise ValueError("the proxy's answer is not SOCKS5")
    if got[1] == _NO_METHOD:
        raise Refused("it wants a user and a password" if login is None else _BAD_LOGIN, login=True)
    if login is not None and got[1] == _BY_PASSWORD:
        got = yield from _asked(b"\x01" + b"".join(map(_counted, login)), 2, got[2:])
        if got[1] != 0:
            raise Refused(_BAD_LOGIN, login=True)
    address = _address(host)
    kind = _NAME if address is None else _IPV4 if address.version == 4 else _IPV6
    target = _counted(host.encode("ascii")) if address is None else address.packed
    request = bytes([5, 1, 0, kind]) + target + port.to_bytes(2, "big")
    got = yield from _asked(request, 2, got[2:])
    if got[0] != 5:
        raise ValueError("the proxy's answer is not SOCKS5")
    if got[1] != 0:
        raise Refused(_SOCKS_REPLIES.get(got[1], f"reply {got[1]}"))
    got = yield from _asked(b"", 5, got)
    size = {_IPV4: 10, _NAME: 7 + got[4], _IPV6: 22}.get(got[3])
    if size is None:
        raise ValueError("the proxy's answer is not SOCKS5")
    got = yield from _asked(b"", size, got)
    return got[size:]


_BAD_LOGIN = "it does not accept the user and the password"


def _asked(request: bytes, size: int, received: bytes = b"") -> Dialogue:
    """Send a request, then wait until so many octets have arrived."""
    while request or len(received) < size:
        received += yield request
        request = b""
    return received


def _counted(data: bytes) -> bytes:
    return bytes([len(data)]) + data


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _split_port(item: str) -> tuple[str, str]:
    """Host and port of a NO_PROXY item; a bare IPv6 address or network has no port."""
    if item.startswith("["):
        host, _, rest = item[1:].partition("]")
        return host, rest.removeprefix(":")
    if item.count(":") == 1:
        host, _, port = item.partition(":")
        return host, port
    return item, ""
