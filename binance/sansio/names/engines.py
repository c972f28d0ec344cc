"""URLs of a NATS server, which may be the source of streams in place of the exchange."""

import re
from typing import Final
from urllib.parse import urlsplit

SCHEMES: Final = ("nats", "tls")
STARTS: Final = tuple(f"{scheme}://" for scheme in SCHEMES)
PORT: Final = 4222


def is_engine(url: str) -> bool:
    """Whether a URL is one of a NATS server."""
    return url.strip().startswith(STARTS)


def servers(url: str) -> list[str]:
    """The URLs of an engine's servers: ``nats://host:4222``, or several with commas between them.

    :raises ValueError: one is no URL of a NATS server; the text has no password of it.
    """
    found = [each.strip() for each in url.split(",")]
    scheme = found[0].partition("://")[0]
    found = [each if "://" in each else f"{scheme}://{each}" for each in found]
    for each in found:
        try:
            parts = urlsplit(each)
            is_right = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_right = False
        if not is_right:
            shown = re.sub(r"//[^/]*@", "//..@", each)
            example = f"nats://host:{PORT}"
            raise ValueError(f"{shown!r} is no URL of a NATS server; give one such as {example}")
    return found


def shown_servers(urls: list[str]) -> str:
    """The hosts and ports of URLs, without user names and passwords."""
    parts = map(urlsplit, urls)
    return ",".join(f"{each.hostname}:{each.port or PORT}" for each in parts)
