"""URLs of a NATS server, which may be the source of streams in place of the exchange."""

from typing import Final
from urllib.parse import unquote, urlsplit

SCHEMES: Final = ("nats", "tls")
STARTS: Final = tuple(f"{scheme}://" for scheme in SCHEMES)
PORT: Final = 4222


def is_engine(url: str) -> bool:
    """Whether a URL is one of a NATS server."""
    return url.strip().startswith(STARTS)


def servers(url: str) -> list[str]:
    """The URLs of an engine's servers: ``nats://host:4222``, or several with commas between them.

    :raises ValueError: one is no URL of a NATS server; the text has nothing of it.
    """
    found = [each.strip() for each in url.split(",")]
    scheme = found[0].partition("://")[0]
    found = [each if "://" in each else f"{scheme}://{each}" for each in found]
    for each in found:
        try:
            parts = urlsplit(each)
            is_right = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
            # A rest is one of a password: its beginning looks like a host and a port.
            is_right = is_right and parts.path in ("", "/") and not {"?", "#"} & {*each}
        except ValueError:
            is_right = False
        if not is_right:
            raise ValueError(  # without the URL: any part of it may be a piece of a password
                f"what you gave is no URL of a NATS server; give one such as nats://host:{PORT}; "
                "write / ? # , : @ in a password as %2F %3F %23 %2C %3A %40"
            )
    return found


def split_secrets(urls: list[str]) -> tuple[list[str], dict[str, str]]:
    """URLs without secrets; and the user and password, or the token, of the first that has any."""
    parts = [urlsplit(each) for each in urls]
    secrets: dict[str, str] = {}
    for each in reversed(parts):
        if each.username is not None and each.password is not None:
            secrets = {"user": unquote(each.username), "password": unquote(each.password)}
        elif each.username is not None:
            secrets = {"token": unquote(each.username)}
    plain = [each._replace(netloc=each.netloc.rpartition("@")[2]).geturl() for each in parts]
    return plain, secrets


def shown_servers(urls: list[str]) -> str:
    """The hosts and ports of URLs, without user names and passwords."""
    parts = map(urlsplit, urls)
    return ",".join(f"{each.hostname}:{each.port or PORT}" for each in parts)
