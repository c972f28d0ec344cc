"""HTTP proxies: which one to use, and the request of a tunnel. No I/O.

The URL of a proxy may contain a password. Texts made here contain only its host and port.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from binance.sansio.link.budget import is_loopback

#: Longest answer to CONNECT, in octets.
MAX_ANSWER = 64 * 1024

_DEFAULT_PORTS = {"http": 80, "https": 443}
_ALLOWED = "allowed is http://[user:password@]host[:port], or https:// for TLS to the proxy"


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. Its repr and str do not contain the credentials."""

    host: str
    port: int
    secure: bool = False
    authorization: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{_bracketed(self.host)}:{self.port}"

    def request(self, host: str, port: int) -> bytes:
        """The CONNECT request for a tunnel to a host and port."""
        target = f"{_bracketed(host)}:{port}"
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if self.authorization:
            lines.append(f"Proxy-Authorization: {self.authorization}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def parse(url: str) -> Proxy:
    """The proxy of a URL; the default scheme is `http://`. ValueError for a bad URL.

    User and password are percent-encoded in it, for Basic authentication (RFC 7617).
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
    authorization = ""
    if parts.username is not None:
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        authorization = "Basic " + base64.b64encode(credentials).decode("ascii")
    return Proxy(
        host=parts.hostname,
        port=_DEFAULT_PORTS[parts.scheme] if port is None else port,
        secure=parts.scheme == "https",
        authorization=authorization,
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


@dataclass(frozen=True, slots=True)
class Answer:
    """A proxy's answer to CONNECT, and the octets after it."""

    status: int
    phrase: str
    rest: bytes

    @property
    def granted(self) -> bool:
        """Whether the tunnel is open."""
        return 200 <= self.status < 300


def answer(data: bytes) -> Answer | None:
    """Read a proxy's answer; None while it is incomplete. ValueError if it is not HTTP."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        if len(data) > MAX_ANSWER:
            raise ValueError(f"the proxy's answer is longer than {MAX_ANSWER} octets")
        return None
    words = data[: data.find(b"\r\n")].decode("iso-8859-1").split(None, 2)
    if len(words) < 2 or not words[0].startswith("HTTP/1.") or not words[1].isdecimal():
        raise ValueError("the proxy's answer is not HTTP")
    phrase = "".join(filter(str.isprintable, words[2] if len(words) > 2 else ""))[:100]
    return Answer(status=int(words[1]), phrase=phrase, rest=data[end + 4 :])


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
