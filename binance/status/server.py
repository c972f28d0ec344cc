"""Serves the page, the metrics and the health check over HTTP, by Twisted's web server."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from functools import partial
from importlib import resources
from typing import Any, Self

import orjson
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from twisted.internet.error import CannotListenError
from twisted.internet.threads import blockingCallFromThread
from twisted.protocols.policies import WrappingFactory
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site

from binance.sansio.status.access import NO_TOKEN, Access, Asked, check
from binance.sansio.status.health import problems
from binance.sansio.status.metrics import METRICS
from binance.status.facts import Facts
from binance.tx.loop import reactor

logger = logging.getLogger("binance")

#: Status, type and body.
_Answer = tuple[int, str, bytes]

_FAMILIES: dict[str, Any] = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily}
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Server": "binance.status",
    "X-Content-Type-Options": "nosniff",
}
_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src data:; script-src {}; style-src {}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class StatusServer:
    """A server that `binance.status.serve` has started.  It can be used in a ``with`` block."""

    def __init__(self, bm: Any, port: int, host: str, token: str | None) -> None:
        reactor.check_usable()
        check(host, token)
        if type(port) is not int or not 0 <= port <= 65535:
            raise ValueError(f"port must be a whole number from 0 to 65535, not {port!r}")
        self._facts = Facts(bm)
        self._pages = _Pages(self._facts, Access(token))
        site = _Site(self._pages, _Request, reactor=reactor.get())
        self._connections = _Connections(site)
        listen = partial(reactor.get().listenTCP, port, self._connections, interface=host)
        try:
            if reactor.may_act():
                self._listening = listen()
            else:
                self._listening = blockingCallFromThread(reactor.get(), listen)
        except CannotListenError as error:
            self.close()
            raise OSError(str(error)) from error
        self.host = host
        self.port: int = self._listening.getHost().port
        # Cookies of one host are shared by all of its ports.
        self._pages.cookie_name = f"binance_status_{self.port}".encode()

    _listening: Any = None

    @property
    def url(self) -> str:
        """The address of the page, without the token."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    def close(self) -> None:
        """Stop answering.  May be called from any thread, and again."""
        self._facts.close()
        with reactor.ENDING:
            reactor.call(self._close)

    def _close(self) -> None:
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.stopListening()
        for connection in list(self._connections.protocols):
            connection.loseConnection()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<StatusServer {self.url}>"


class _Connections(WrappingFactory):
    """Knows all connections: a browser opens some before it asks for anything."""

    noisy = False


class _Request(Request):
    """Nobody needs to send a body here, so none is kept."""

    def handleContentChunk(self, data: bytes) -> None:
        """Drop it."""


class _Site(Site):
    """Without an access log, in which the query with the token would appear."""

    noisy = False
    displayTracebacks = False

    def log(self, request: Any) -> None:
        """Log nothing."""


class _Pages(Resource):
    """Answers each request.  Figures are read in a worker thread, because that may take long."""

    isLeaf = True
    cookie_name = b""

    def __init__(self, facts: Facts, access: Access) -> None:
        super().__init__()
        self._facts = facts
        self._access = access
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)
        page = resources.files("binance.status").joinpath("page.html").read_bytes()
        policy = _POLICY.format(_hashes(page, "script"), _hashes(page, "style"))
        self._headers = _HEADERS | {"Content-Security-Policy": policy}
        self._answers: dict[bytes, Callable[[Any], _Answer]] = {
            b"/": lambda _: (200, "text/html; charset=utf-8", page),
            b"/metrics": self._get_metrics,
            b"/health": self._get_health,
            b"/data": self._get_data,
        }

    def render(self, request: Any) -> Any:
        for name, value in self._headers.items():
            request.setHeader(name, value)
        asked = self._asked(request)
        answer, refusal = self._answers.get(request.path), self._access.refusal(asked)
        if refusal is not None or answer is None:
            status, reason = refusal or (404, "there is no such page")
            if status == NO_TOKEN[0]:
                request.setHeader("WWW-Authenticate", "Bearer")
            return _send(request, (status, "text/plain", reason.encode()))
        if asked.token and self._access.cookie:
            flags: dict[str, Any] = {"path": b"/", "httpOnly": True, "sameSite": b"strict"}
            request.addCookie(self.cookie_name, self._access.cookie.encode(), **flags)
        self._send_later(request, answer)
        return NOT_DONE_YET

    def _asked(self, request: Any) -> Asked:
        names = ("host", "origin", "authorization")
        return Asked(
            method=request.method.decode("latin-1"),
            cookie=(request.getCookie(self.cookie_name) or b"").decode("latin-1"),
            token=_argument(request, b"token"),
            **{name: request.getHeader(name) or "" for name in names},
        )

    def _send_later(self, request: Any, answer: Callable[[Any], _Answer]) -> None:
        gone: list[object] = []
        request.notifyFinish().addErrback(gone.append)

        def send(found: _Answer) -> None:
            if not gone:
                request.write(_send(request, found))
                request.finish()

        def fail(failure: Any) -> None:
            logger.error("the status server failed: %s", failure.getTraceback())
            send((500, "text/plain", b"the figures could not be read; the log has the reason"))

        reactor.in_thread(lambda: answer(request)).addCallbacks(send, fail)

    # in a worker thread

    def collect(self) -> Iterator[Metric]:
        """The metrics, as a collector of prometheus_client returns them."""
        report = self._facts.report()
        for one in METRICS:
            family = _FAMILIES[one.kind](one.name, one.help, labels=one.labels)
            for labels, value in one.samples(report):
                family.add_metric(labels, value)
            yield family

    def _get_metrics(self, request: Any) -> _Answer:
        encode, kind = choose_encoder(request.getHeader("accept") or "")
        return 200, kind, encode(self._registry)

    def _get_health(self, _: Any) -> _Answer:
        reasons = problems(self._facts.report())
        body = {"status": "unhealthy" if reasons else "ok", "reasons": reasons}
        return 503 if reasons else 200, "application/json", orjson.dumps(body)

    def _get_data(self, request: Any) -> _Answer:
        after = _argument(request, b"after")
        number = int(after) if re.fullmatch("[0-9]{1,18}", after) else 0
        return 200, "application/json", orjson.dumps(self._facts.data(number))


def _argument(request: Any, name: bytes) -> str:
    """The last value in the query."""
    values: list[bytes] = request.args.get(name, [b""])
    return values[-1].decode("latin-1")


def _send(request: Any, answer: _Answer) -> bytes:
    """Set the status and the headers; return the body."""
    status, kind, body = answer
    request.setResponseCode(status)
    request.setHeader("Content-Type", kind)
    request.setHeader("Content-Length", str(len(body)))
    return body


def _hashes(page: bytes, tag: str) -> str:
    """The sources that the policy allows: the elements of the page itself."""
    found = re.findall(rf"<{tag}>(.*?)</{tag}>".encode(), page, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(one).digest()).decode() for one in found)
    return " ".join(f"'sha256-{digest}'" for digest in digests)
