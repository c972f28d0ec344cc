"""A client whose requests are answered from a script, in memory: no socket anywhere."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter

from binance.client import Client
from binance.rest.limits import GATES

NOW = 1_700_000_000_000  # ms: the scripted exchange's clock


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    url: str
    body: str
    headers: dict[str, str]
    options: dict[str, Any]

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> str:
        return urlsplit(self.url).query

    @property
    def params(self) -> dict[str, str]:
        return dict(parse_qsl(self.query + self.body, keep_blank_values=True))


Reply = tuple[int, Any] | tuple[int, Any, dict[str, str]] | Exception


@dataclass
class Script(BaseAdapter):
    """What answers: the clock, else `rule`, else `replies` in turn, else an empty object."""

    replies: list[Reply] = field(default_factory=list)
    rule: Callable[[Asked], Reply | None] = lambda asked: None
    asked: list[Asked] = field(default_factory=list)
    clock: Callable[[], Any] = lambda: NOW
    clock_asked: list[str] = field(default_factory=list)
    everything: list[Asked] = field(default_factory=list)
    lock: Any = field(default_factory=threading.Lock)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        body = request.body or ""
        asked = Asked(
            str(request.method),
            str(request.url),
            body.decode() if isinstance(body, bytes) else body,
            dict(request.headers),
            options,
        )
        with self.lock:
            self.everything.append(asked)
            if asked.path.endswith("/time"):
                self.clock_asked.append(asked.path)
                return respond(request, (200, {"serverTime": self.clock()}))
            self.asked.append(asked)
            reply = self.rule(asked) or (self.replies.pop(0) if self.replies else (200, {}))
        if isinstance(reply, Exception):
            raise reply
        return respond(request, reply)

    def close(self) -> None:
        pass

    @property
    def last(self) -> Asked:
        return self.asked[-1]


def respond(request: requests.PreparedRequest, reply: Any) -> requests.Response:
    status, body, *headers = reply
    response = requests.Response()
    response.status_code = status
    response.url = str(request.url)
    response.request = request
    response.headers.update(headers[0] if headers else {})
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    response._content = text if isinstance(text, bytes) else text.encode()
    return response


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith("BINANCE_"):
            monkeypatch.delenv(name)
    GATES.forget()
    yield
    GATES.forget()


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def make(script: Script) -> Callable[..., Client]:
    """Makes a client on the script; its pauses are recorded in ``client.slept``, not waited."""

    def made(*args: Any, **options: Any) -> Client:
        client = Client(*args, **options)
        client.session.mount("https://", script)
        client.session.mount("http://", script)
        client.slept = []  # type: ignore[attr-defined]
        client._sleep = client.slept.append  # type: ignore[attr-defined]
        return client

    return made


@pytest.fixture
def client(make: Callable[..., Client]) -> Client:
    return make("K" * 64, "S" * 64)
