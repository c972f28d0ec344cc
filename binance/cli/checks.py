"""What ``doctor`` looks at, from the settings up to the streams."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from binance.cli import advice, wire
from binance.cli.clock import measured
from binance.cli.names import Wanted
from binance.cli.speaking import Speaking, listen
from binance.cli.trouble import in_one_line
from binance.client import Client
from binance.exceptions import BinanceAPIException, BinanceError
from binance.sansio.names.endpoints import (
    STREAM_FIELDS,
    VARIABLES,
    Endpoints,
    alternatives,
    resolve,
)
from binance.sansio.names.streams import cadence, likely_cause, parse
from binance.tx.wire import proxy as proxies

__all__ = ["BAD", "DOUBT", "GOOD", "Examination", "Finding"]

GOOD, DOUBT, BAD = "good", "doubt", "bad"
#: What is listened to where nothing is named: they speak each second, whatever the market does.
USUAL = ("btcusdt@depth5", "!miniTicker@arr")
#: A signed request is refused when its time is this far ahead of the exchange's, in ms.
#: https://developers.binance.com/docs/binance-spot-api-docs/rest-api#timing-security
AHEAD_MS = 1000
#: A round trip beyond this is worth a word, in ms.
SLOW_MS = 1000
#: A certificate that ends sooner than this is worth a word, in days.
SOON_DAYS = 7
PINGS = 5
#: Seconds that a REST call may take.
REST_SECONDS = 8.0

#: Faults of an address that another port of the same host may not have.
_OF_THE_PORT = ("refused", "late", "unreachable")
_URL_ATTRIBUTES = {"spot": "STREAM_URL", "usdm": "FSTREAM_URL", "options": "VSTREAM_URL"}


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check."""

    check: str
    """What was looked at: ``settings``, ``DNS``, ``TCP``, ``proxy``, ``TLS``, ``REST``, ``clock``,
    ``round trip``, ``handshake``, ``stream``.
    """
    state: str
    """:data:`GOOD`, :data:`DOUBT` (worth a word) or :data:`BAD`."""
    detail: str
    advice: str = ""
    kind: str = ""
    """Of a fault: one word for scripts, such as ``dns`` or ``region``."""
    more: tuple[str, ...] = ()
    """Further lines, such as the certificate's chain."""


_Checks = Generator[Finding, None, str]
"""Yields findings; returns the kind of the fault that was found, or nothing."""


class Examination:
    """One examination. :meth:`findings` yields as it goes, for a reader who waits.

    :param wanted: the streams to listen to; none: the usual ones.
    :param wait: seconds that a stream may be silent.
    :param env: the process's environment.
    """

    def __init__(self, wanted: Sequence[Wanted], wait: float, env: Mapping[str, str]) -> None:
        self._wanted = list(wanted) or [Wanted("spot", name) for name in USUAL]
        self._wait = wait
        self._env = env
        self._ca_file: str | None = None
        self._seen: dict[tuple[str, int], str] = {}
        self._symbols: frozenset[str] = frozenset()

    def findings(self) -> Iterator[Finding]:
        """All checks, in order; what would stand on a fault is left out."""
        try:
            table = resolve(self._env)
        except ValueError as error:
            yield Finding("settings", BAD, str(error), advice.SETTINGS, "settings")
            return
        finding = _settings(table, {"rest", *(STREAM_FIELDS[each.market] for each in self._wanted)})
        yield finding
        if finding.state == BAD:
            return
        self._ca_file = table.ca_file
        if table.rest and not (yield from self._layers(table.rest)):
            yield from self._rest()
        for market in dict.fromkeys(each.market for each in self._wanted):
            yield from self._market(table, market)

    # DNS, TCP, proxy, TLS

    def _layers(self, url: str, last: bool = True) -> _Checks:
        """The layers below HTTP.

        :param last: no other port is left to try; else a fault of the port is but a doubt.
        """
        parts = urlsplit(url)
        secure = parts.scheme in ("https", "wss")
        host, port = parts.hostname or "", parts.port or (443 if secure else 80)
        if (host, port) not in self._seen:
            kind = yield from self._climb(host, port, secure, last)
            self._seen[host, port] = kind
        return self._seen[host, port]

    def _climb(self, host: str, port: int, secure: bool, last: bool) -> _Checks:
        try:
            proxy = proxies.from_environment(host, port, secure, self._env)
        except ValueError as error:
            yield Finding("proxy", BAD, str(error), advice.PROXY, "proxy")
            return "proxy"
        first, first_port = (host, port) if proxy is None else (proxy.host, proxy.port)
        whose = "" if proxy is None else "the proxy "
        check = "DNS"
        try:
            found = wire.resolve(first, first_port)
            yield Finding(check, GOOD, f"{whose}{first} is {_some(found)}")
            check = "TCP"
            began = time.perf_counter()
            with wire.connect(first, first_port) as sock:
                took = (time.perf_counter() - began) * 1000
                yield Finding(check, GOOD, f"{whose}{first}:{first_port} answers in {took:.0f} ms")
                if proxy is not None and proxy.secure:
                    check, host = "TLS", proxy.host  # what is within it is left to the library
                elif proxy is not None:
                    check = "proxy"
                    wire.tunnel(sock, proxy, host, port)
                    yield Finding(check, GOOD, f"{proxy} lets us through to {host}:{port}")
                if secure:
                    check = "TLS"
                    yield _of_chain(host, wire.secure(sock, host, self._ca_file))
        except wire.Refused as error:
            where = f"{whose}{first}:{first_port}" if check == "TCP" else f"{whose}{first}"
            yield _of_layer(check, where, error, (first, first_port), last or proxy is not None)
            return error.kind
        return ""

    # REST

    def _rest(self) -> _Checks:
        try:
            with Client(timeout=REST_SECONDS, max_wait=0) as client:
                measures = [measured(client) for _ in range(PINGS)]
                ahead, _ = min(measures, key=lambda measure: measure[1])
                took = median(measure[1] for measure in measures)
                self._symbols = _symbols(client)
        except BinanceAPIException as error:
            kind, meaning, what = advice.of_status(error.status_code, "BINANCE_API_URL")
            detail = f"{meaning} (HTTP {error.status_code})"
            yield Finding("REST", BAD, detail, what, kind)
            return kind
        except (BinanceError, OSError, ValueError) as error:
            yield Finding("REST", BAD, in_one_line(error), advice.REST, "rest")
            return "rest"
        slow = took > SLOW_MS
        yield Finding(
            "round trip",
            DOUBT if slow else GOOD,
            f"{took:.0f} ms to the exchange and back, median of {PINGS}",
            advice.SLOW if slow else "",
        )
        if abs(ahead) > AHEAD_MS:
            meaning, what = advice.of_clock(-ahead)
            yield Finding("clock", BAD, meaning, what, "clock")
            return "clock"
        yield Finding(
            "clock", GOOD, f"{-ahead:+.0f} ms against the exchange's, give or take {took / 2:.0f}"
        )
        return ""

    # streams

    def _market(self, table: Endpoints, market: str) -> Iterator[Finding]:
        field = STREAM_FIELDS[market]
        try:
            urls = alternatives(table.stream_of(market), field in table.given)
        except ValueError as error:
            yield Finding("settings", BAD, str(error), advice.SETTINGS, "settings")
            return
        for place, url in enumerate(urls, 1):
            kind = yield from self._layers(url, place == len(urls))
            if not kind:
                wanted = [each for each in self._wanted if each.market == market]
                yield from self._streams(url, field, wanted)
            if kind not in _OF_THE_PORT:
                return

    def _streams(self, url: str, field: str, wanted: Sequence[Wanted]) -> Iterator[Finding]:
        heard = listen(_URL_ATTRIBUTES[wanted[0].market], url, wanted, self._wait)
        if heard.opened is None:
            yield _of_handshake(url, field, heard)
            return
        yield Finding("handshake", GOOD, f"{url} is open after {heard.opened:.1f} s")
        for each in wanted:
            if each in heard.first:
                detail = f"{each.label} speaks after {heard.first[each]:.1f} s"
                yield Finding("stream", GOOD, detail)
            else:
                lost = f"; the link was lost: {in_one_line(heard.reason)}" if heard.reason else ""
                detail = f"{each.label} was silent for {self._wait:g} s{lost}"
                yield self._of_silence(each, detail)

    def _of_silence(self, stream: Wanted, detail: str) -> Finding:
        parsed = parse(stream.name, stream.market)
        symbol = parsed.symbol.upper()
        state, what = BAD, advice.of_silence(likely_cause(stream.name, stream.market))
        if stream.market == "spot" and symbol and self._symbols:
            if symbol not in self._symbols:
                what = advice.of_silence(f"the exchange has no symbol {symbol}")
            elif cadence(parsed):
                what = advice.HELD_BACK.format(symbol=symbol)
            else:
                state, what = DOUBT, advice.QUIET.format(symbol=symbol)
        return Finding("stream", state, detail, what, "silent")


def _settings(table: Endpoints, fields: Set[str]) -> Finding:
    """The environment, and which of the addresses that matter here are the user's own."""
    given = sorted(f"{VARIABLES[each]}={getattr(table, each)}" for each in table.given & fields)
    words = f"{table.environment}, but for {' and '.join(given)}" if given else table.environment
    if table.ca_file is None:
        return Finding("settings", GOOD, words)
    if not Path(table.ca_file).is_file():
        detail = f"BINANCE_CA_FILE: there is no file {table.ca_file!r}"
        return Finding("settings", BAD, detail, advice.CA_FILE, "settings")
    return Finding("settings", GOOD, f"{words}; trusts {table.ca_file} too")


def _some(addresses: Sequence[str]) -> str:
    more = len(addresses) - 3
    return ", ".join(addresses[:3]) + (f" and {more} more" if more > 0 else "")


def _of_chain(host: str, secured: wire.Secured) -> Finding:
    own = secured.chain[0]
    days = (own.ends - datetime.now(UTC)).days
    issuers = tuple(f"issued by {each.issuer}" for each in secured.chain)
    return Finding(
        "TLS",
        DOUBT if days < SOON_DAYS else GOOD,
        f"{secured.version}; {host} shows the certificate of {own.subject}, good until "
        f"{own.ends:%Y-%m-%d} ({days} days)",
        advice.ENDS_SOON if days < SOON_DAYS else "",
        more=issuers,
    )


def _of_layer(
    check: str, where: str, error: wire.Refused, address: tuple[str, int], last: bool
) -> Finding:
    host, port = address
    if error.kind == "certificate":
        detail, what = f"{where}: {error}", advice.of_certificate(str(error), host)
    elif error.kind == "proxy":
        detail, what = f"{where} refuses: {error}", advice.PROXY
        if error.status == 407:
            what = advice.HTTP[407][2]
    else:
        detail, what = f"{where}: {error}", advice.of_layer(error.kind, host, port)
    if not last and error.kind in _OF_THE_PORT:
        return Finding(check, DOUBT, detail, advice.OTHER_PORT, error.kind)
    return Finding(check, BAD, detail, what, error.kind)


def _of_handshake(url: str, field: str, heard: Speaking) -> Finding:
    if heard.status is not None:
        kind, meaning, what = advice.of_status(heard.status, VARIABLES[field])
        return Finding("handshake", BAD, f"{url}: {meaning} (HTTP {heard.status})", what, kind)
    reason = in_one_line(heard.reason or "no answer")
    return Finding("handshake", BAD, f"{url}: {reason}", advice.HANDSHAKE, "handshake")


def _symbols(client: Client) -> frozenset[str]:
    listed = client.get_exchange_info(symbolStatus="TRADING", showPermissionSets="false")
    return frozenset(str(each["symbol"]) for each in listed.get("symbols", ()))
