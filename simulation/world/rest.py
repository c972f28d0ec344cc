"""HTTP without sockets: an adapter of `requests` that asks the simulated exchange.

Sessions, signatures, retries and limits are the client's own.  A request takes its time on the way,
reaches the exchange, and the answer takes its time back; each can get lost, and whoever waits gets
what `requests` raises then.
"""

from __future__ import annotations

import io
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy
from urllib3 import HTTPResponse
from urllib3 import exceptions as lower

from simulation.world.reactor import Reactor

__all__ = ["Adapter", "Lost", "Refused"]

DOUBLED = b'{"code":-1101,"msg":"Duplicate values for a parameter detected."}'
#: What a request takes at the exchange, in seconds, at least and by chance.
WORK = (0.005, 0.1)


class Lost(Exception):
    """The request had its effect; its answer never arrives."""


class Refused(Exception):
    """No connection could be had: nothing was sent."""


class Adapter(HTTPAdapter):
    """Answers from the exchange behind the network."""

    reactor: Reactor

    def __init__(self, *args: object) -> None:
        super().__init__()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        network = self.reactor.network
        dice = network.dice_of("rest")
        patience = timeout[1] if isinstance(timeout, tuple) else timeout
        proxy = select_proxy(request.url or "", proxies)
        parts = urlsplit(request.url or "")
        pool = _Pool(parts.netloc)
        began = self.reactor.now
        if proxy is not None:  # no proxy of the environment's is there
            self.reactor.sleep(network.latency(dice))
            raise requests.exceptions.ProxyError(_never_sent(pool, "Cannot connect to proxy."))
        if network.mode == "hole":
            self.reactor.sleep(patience or 120.0)
            raise requests.exceptions.ConnectTimeout(_never_sent(pool, "timed out"))
        self.reactor.sleep(2 * network.latency(dice))
        if network.mode == "refuse" or network.dns_fails():
            raise requests.exceptions.ConnectionError(_never_sent(pool, "Connection refused"))
        self.reactor.sleep(network.latency(dice))
        try:
            status, headers, body = self._ask(request, parts.path, parts.query)
        except Refused:
            raise requests.exceptions.ConnectionError(
                _never_sent(pool, "Connection refused")
            ) from None
        except Lost:
            raise self._lost(dice, patience, began) from None
        self.reactor.sleep(dice.uniform(*WORK) + network.latency(dice))
        if patience is not None and self.reactor.now - began > patience:
            raise requests.exceptions.ReadTimeout("Read timed out.")
        answer = HTTPResponse(io.BytesIO(body), headers, status, preload_content=False)
        return self.build_response(request, answer)

    def _ask(
        self, request: requests.PreparedRequest, path: str, query: str
    ) -> tuple[int, dict[str, str], bytes]:
        body = request.body or ""
        text = body.decode() if isinstance(body, bytes) else body
        pairs = parse_qsl(query, keep_blank_values=True) + parse_qsl(text, keep_blank_values=True)
        params = dict(pairs)
        if len(params) < len(pairs):
            return 400, {}, DOUBLED
        answer: tuple[int, dict[str, str], bytes] = self.reactor.network.exchange.rest(
            request.method, path, params, request.headers
        )
        return answer

    def _lost(
        self, dice: Random, patience: float | None, began: float
    ) -> requests.RequestException:
        """A connection that breaks, or one that says nothing until the time is over."""
        if dice.random() < 0.5 or patience is None:
            self.reactor.sleep(dice.random())
            return requests.exceptions.ConnectionError(
                lower.ProtocolError("Connection aborted.", ConnectionResetError(104, "reset"))
            )
        self.reactor.sleep(max(0.0, began + patience - self.reactor.now))
        return requests.exceptions.ReadTimeout("Read timed out.")


class _Pool:
    """What urllib3's exceptions want to name."""

    def __init__(self, netloc: str) -> None:
        self.host, self.port = netloc, 443

    def __str__(self) -> str:
        return f"HTTPSConnectionPool(host={self.host!r}, port=443)"


def _never_sent(pool: Any, words: str) -> lower.MaxRetryError:
    """What urllib3 raises where no connection was made."""
    return lower.MaxRetryError(pool, "", lower.NewConnectionError(pool, words))
