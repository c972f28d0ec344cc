"""The checks of ``doctor``, from the settings to the streams."""

from __future__ import annotations

import ssl
import time
from collections.abc import Generator, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from binance.cli.diagnosis import advice, layers
from binance.cli.errors import safe_line
from binance.cli.exchange import measure_clock
from binance.cli.streams import Stream
from binance.client import Client
from binance.exceptions import BinanceAPIException, BinanceError
from binance.sansio.names.endpoints import (
    STREAM_FIELDS,
    URL_ATTRIBUTES,
    VARIABLES,
    Endpoints,
    alternatives,
    resolve,
)
from binance.sansio.names.engines import PORT, is_engine, servers, shown_servers
from binance.sansio.names.forms import parse
from binance.sansio.names.streams import likely_cause
from binance.tx.wire import proxy as proxies

GOOD, DOUBT, BAD = "good", "doubt", "bad"
#: The streams to check if none is named: each sends a message a second at least.
USUAL = {
    "spot": ("btcusdt@depth5", "!miniTicker@arr"),
    "usdm": ("btcusdt@markPrice@1s",),
    "coinm": ("btcusd_perp@markPrice@1s",),
    "options": ("!index@arr",),
}
#: Milliseconds that a clock may be ahead before the exchange refuses signed requests.
#: https://developers.binance.com/docs/binance-spot-api-docs/rest-api#timing-security
AHEAD_MS = 1000
#: A longer round trip is a doubt.
SLOW_MS = 1000
#: A certificate that ends in fewer days is a doubt.
SOON_DAYS = 7
PINGS = 5
#: Seconds that a REST call may take.
REST_SECONDS = 8.0

#: Faults that another port of the same host may not have.
_OF_THE_PORT = ("refused", "late", "unreachable")


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    check: str
    """What was checked: ``settings``, ``DNS``, ``TCP``, ``proxy``, ``TLS``, ``REST``, ``clock``,
    ``round trip``, ``handshake``, ``stream``.
    """
    state: str
    """:data:`GOOD`, :data:`DOUBT` or :data:`BAD`."""
    detail: str
    advice: str = ""
    kind: str = ""
    """Of a fault: one word for scripts, such as ``dns`` or ``region``."""
    more: tuple[str, ...] = ()
    """Further lines, such as the certificate's chain."""


_Findings = Generator[Finding, None, str]
"""Yields findings; returns the kind of the fault that it found, or nothing."""


class Checks:
    """All checks of one run.

    :param wanted: the streams to check; empty: the usual ones.
    :param wait: seconds that a stream may be silent.
    :param env: the process's environment variables.
    :param every_market: check the usual streams of each market and all other addresses too.
    """

    def __init__(
        self,
        wanted: Sequence[Stream],
        wait: float,
        env: Mapping[str, str],
        every_market: bool = False,
    ) -> None:
        self._wanted = list(wanted) or [Stream("spot", name) for name in USUAL["spot"]]
        self._every_market = every_market
        self._wait = wait
        self._env = env
        self._ca_file: str | None = None
        self._known: dict[tuple[str, int], str] = {}
        self._symbols: frozenset[str] = frozenset()

    def findings(self) -> Iterator[Finding]:
        """Run the checks in order, without those that a fault makes useless; yield each at once."""
        engine = self._env.get(VARIABLES["stream"], "")
        try:
            endpoints = resolve(self._env)
            engines = servers(engine) if is_engine(engine) else []
        except ValueError as error:
            yield Finding("settings", BAD, str(error), advice.about("settings"), "settings")
            return
        if self._every_market:
            self._want_every_market(endpoints)
        finding = _settings(
            endpoints, {"rest", *(STREAM_FIELDS[each.market] for each in self._wanted)}
        )
        yield finding
        if finding.state == BAD:
            return
        self._ca_file = endpoints.ca_file
        if endpoints.rest and not (yield from self._layers(endpoints.rest)):
            yield from self._rest()
        for url in engines:
            yield from self._layers(url)
        if engines:
            where = shown_servers(engines)
            detail = f"market streams come from NATS at {where}, and are not checked"
            yield Finding("stream", DOUBT, detail, advice.about("engine"), "engine")
        for market in dict.fromkeys(each.market for each in self._wanted if not engines):
            yield from self._market(endpoints, market)
        addresses = [getattr(endpoints, field) for field in VARIABLES] * self._every_market
        for url in filter(None, addresses):
            yield from self._layers(url)

    def _want_every_market(self, endpoints: Endpoints) -> None:
        """Add the usual streams of the markets that the environment has and nobody named."""
        named = {each.market for each in self._wanted}
        for market, field in STREAM_FIELDS.items():
            if market not in named and getattr(endpoints, field):
                self._wanted += [Stream(market, name) for name in USUAL[market]]

    # DNS, TCP, proxy, TLS

    def _layers(self, url: str, last: bool = True) -> _Findings:
        """Check the layers below HTTP, once for each host and port.

        :param last: no other port is left to try; if there is one, a fault of the port is a doubt.
        """
        parts = urlsplit(url)
        secure, env = parts.scheme in ("https", "wss"), self._env
        usual = 443 if secure else 80
        if is_engine(url):
            usual, env = PORT, {}  # its client uses no proxy
        host, port = parts.hostname or "", parts.port or usual
        if (host, port) not in self._known:
            self._known[host, port] = yield from self._each_layer(host, port, secure, last, env)
        return self._known[host, port]

    def _each_layer(
        self, host: str, port: int, secure: bool, last: bool, env: Mapping[str, str]
    ) -> _Findings:
        try:
            proxy = proxies.from_environment(host, port, secure, env)
        except ValueError as error:
            yield Finding("proxy", BAD, str(error), advice.about("proxy"), "proxy")
            return "proxy"
        first, first_port = (host, port) if proxy is None else (proxy.host, proxy.port)
        whose = "" if proxy is None else "the proxy "
        check = "DNS"
        try:
            found = layers.resolve(first, first_port)
            yield Finding(check, GOOD, f"{whose}{first} is {_some(found)}")
            check = "TCP"
            began = time.perf_counter()
            with layers.connect(first, first_port) as sock:
                took = (time.perf_counter() - began) * 1000
                yield Finding(check, GOOD, f"{whose}{first}:{first_port} answers in {took:.0f} ms")
                if proxy is not None and proxy.secure:
                    check, host = "TLS", proxy.host  # only the library can go on inside it
                elif proxy is not None:
                    check = "proxy"
                    layers.tunnel(sock, proxy, host, port)
                    yield Finding(check, GOOD, f"{proxy} opens a tunnel to {host}:{port}")
                if secure:
                    check = "TLS"
                    yield _of_certificate(host, layers.secure(sock, host, self._ca_file))
        except layers.LayerError as error:
            where = f"{whose}{first}:{first_port}" if check == "TCP" else f"{whose}{first}"
            yield _of_layer(check, where, error, (first, first_port), last or proxy is not None)
            return error.kind
        return ""

    # REST

    def _rest(self) -> _Findings:
        try:
            with Client(timeout=REST_SECONDS, max_wait=0) as client:
                measured = [measure_clock(client) for _ in range(PINGS)]
                ahead, _ = min(measured, key=lambda each: each[1])
                took = median(each[1] for each in measured)
                self._symbols = _trading_symbols(client)
        except BinanceAPIException as error:
            kind, meaning, what = advice.for_status(error.status_code, "BINANCE_API_URL")
            yield Finding("REST", BAD, f"{meaning} (HTTP {error.status_code})", what, kind)
            return kind
        except (BinanceError, OSError, ValueError) as error:
            yield Finding("REST", BAD, safe_line(error), advice.about("rest"), "rest")
            return "rest"
        slow = took > SLOW_MS
        yield Finding(
            "round trip",
            DOUBT if slow else GOOD,
            f"{took:.0f} ms to the exchange and back, median of {PINGS}",
            advice.about("slow") if slow else "",
        )
        if abs(ahead) > AHEAD_MS:
            meaning, what = advice.for_clock(-ahead)
            yield Finding("clock", BAD, meaning, what, "clock")
            return "clock"
        detail = f"{round(-ahead):+} ms from the exchange's clock (error up to {took / 2:.0f} ms)"
        yield Finding("clock", GOOD, detail)
        return ""

    # streams

    def _market(self, endpoints: Endpoints, market: str) -> Iterator[Finding]:
        field = STREAM_FIELDS[market]
        try:
            urls = alternatives(endpoints.stream_of(market), field in endpoints.given)
        except ValueError as error:
            yield Finding("settings", BAD, str(error), advice.about("settings"), "settings")
            return
        for number, url in enumerate(urls, 1):
            kind = yield from self._layers(url, number == len(urls))
            if not kind:
                wanted = [each for each in self._wanted if each.market == market]
                yield from self._streams(url, field, wanted)
            if kind not in _OF_THE_PORT:
                return

    def _streams(self, url: str, field: str, wanted: Sequence[Stream]) -> Iterator[Finding]:
        attribute = URL_ATTRIBUTES[wanted[0].market]
        found = layers.first_messages(attribute, url, wanted, self._wait)
        if found.opened is None:
            yield _of_handshake(url, field, found)
            return
        yield Finding("handshake", GOOD, f"{url} is open after {found.opened:.1f} s")
        for each in wanted:
            if each in found.delays:
                detail = f"{each.label}: first message after {found.delays[each]:.1f} s"
                yield Finding("stream", GOOD, detail)
            else:
                lost = f"; connection lost: {safe_line(found.reason)}" if found.reason else ""
                detail = f"{each.label}: no message within {self._wait:g} s{lost}"
                yield self._of_silence(each, detail)

    def _of_silence(self, stream: Stream, detail: str) -> Finding:
        parsed = parse(stream.name, stream.market)
        symbol = parsed.symbol.upper()
        state, what = BAD, "silence"
        cause = likely_cause(stream.name, stream.market)
        if stream.market == "spot" and symbol and self._symbols:
            if symbol not in self._symbols:
                cause = f"the exchange has no symbol {symbol}"
            else:
                state, what = (BAD, "held_back") if parsed.form.cadence else (DOUBT, "quiet")
        found = advice.about(what, cause=cause, symbol=symbol)
        return Finding("stream", state, detail, found, "silent")


def _settings(endpoints: Endpoints, fields: Set[str]) -> Finding:
    """The environment, and those addresses of these fields that the user has set."""
    given = sorted(
        f"{VARIABLES[each]}={getattr(endpoints, each)}" for each in endpoints.given & fields
    )
    text = endpoints.environment + (f" with {' and '.join(given)}" if given else "")
    if endpoints.ca_file is None:
        return Finding("settings", GOOD, text)
    try:
        ssl.create_default_context(cafile=endpoints.ca_file)
    except OSError:
        is_there = Path(endpoints.ca_file).is_file()
        fault = "no PEM certificate can be read from" if is_there else "there is no file"
        detail = f"BINANCE_CA_FILE: {fault} {endpoints.ca_file!r}"
        return Finding("settings", BAD, detail, advice.about("ca_file"), "settings")
    return Finding("settings", GOOD, f"{text}; trusts {endpoints.ca_file} too")


def _some(addresses: Sequence[str]) -> str:
    more = len(addresses) - 3
    return ", ".join(addresses[:3]) + (f" and {more} more" if more > 0 else "")


def _of_certificate(host: str, session: layers.TlsSession) -> Finding:
    own = session.chain[0]
    days = (own.ends - datetime.now(UTC)).days
    return Finding(
        "TLS",
        DOUBT if days < SOON_DAYS else GOOD,
        f"{session.version}; {host} has a certificate for {own.subject}, valid until "
        f"{own.ends:%Y-%m-%d} ({days} days)",
        advice.about("renewal") if days < SOON_DAYS else "",
        more=tuple(f"issued by {each.issuer}" for each in session.chain),
    )


def _of_layer(
    check: str, where: str, error: layers.LayerError, address: tuple[str, int], last: bool
) -> Finding:
    detail = f"{where}: {error}"
    if not last and error.kind in _OF_THE_PORT:
        return Finding(check, DOUBT, detail, advice.about("other_port"), error.kind)
    if error.kind == "certificate":
        what = advice.for_certificate(str(error), address[0])
    elif error.kind == "proxy":
        detail = f"{where} refuses: {error}"
        what = advice.for_status(407)[2] if error.status == 407 else advice.about("proxy")
    else:
        what = advice.about(error.kind, host=address[0], port=address[1])
    return Finding(check, BAD, detail, what, error.kind)


def _of_handshake(url: str, field: str, found: layers.FirstMessages) -> Finding:
    if found.status is not None:
        kind, meaning, what = advice.for_status(found.status, VARIABLES[field])
        return Finding("handshake", BAD, f"{url}: {meaning} (HTTP {found.status})", what, kind)
    reason = safe_line(found.reason or "no answer")
    return Finding("handshake", BAD, f"{url}: {reason}", advice.about("handshake"), "handshake")


def _trading_symbols(client: Client) -> frozenset[str]:
    listed = client.get_exchange_info(symbolStatus="TRADING", showPermissionSets="false")
    return frozenset(str(each["symbol"]) for each in listed.get("symbols", ()))
