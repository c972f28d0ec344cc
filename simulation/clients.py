"""The REST clients that the user's program hands to the library."""

from __future__ import annotations

from typing import Any

from binance.tx.sessions import requests

KEY, SECRET = "apikey" + "k" * 58, "apisecret" + "s" * 55


class BookClient:
    """A user's own client, which has what books and account sockets on the WebSocket API need."""

    API_KEY, API_SECRET = KEY, SECRET

    def __init__(self, client: Any) -> None:
        self._client = client

    def get_order_book(self, symbol: str, limit: int) -> Any:
        return self._client.get_order_book(symbol=symbol, limit=limit)


#: What reconciling asks a client of spot for.
QUESTIONS = (
    *("get_server_time", "get_open_orders", "get_all_orders", "get_order", "get_my_trades"),
    "get_account",
)


class KeyClient(BookClient):
    """One that makes listen keys by itself, so that its account sockets use them."""

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        for name in QUESTIONS:
            setattr(self, name, getattr(client, name))

    def stream_get_listen_key(self) -> Any:
        return self._client.stream_get_listen_key()

    def stream_keepalive(self, key: str) -> Any:
        return self._client.stream_keepalive(key)


_dial = requests.dial


def _dial_plain(reactor: Any, url: str, factory: Any, **options: Any) -> Any:
    """For the links of `Client.ws_request`: most plans are without TLS."""
    factory.allow_plain = True
    return _dial(reactor, url, factory, **options)


requests.dial = _dial_plain
