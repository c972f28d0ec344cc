"""The live page in Chromium, beside a simulated exchange."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from binance import status
from binance.client import Client
from binance.depthcache import DepthCacheManager
from binance.status import facts
from binance.websockets import BinanceSocketManager
from tests.pace import in_time, paced
from tests.status.chromium import BROWSER, Chromium

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None or os.name == "nt", reason="Chromium is not installed"),
    pytest.mark.exchange(seed=5, symbols=["BTCUSDT"], rate=60),
]
DEADLINE = paced(30.0)
STATE = "document.querySelector('#state')?.textContent"


@pytest.fixture
def bm(exchange: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[BinanceSocketManager]:
    for name, value in exchange.env.items():
        monkeypatch.setenv(name, value)
    manager = BinanceSocketManager(None, max_retries=None)
    manager.start()
    yield manager
    manager.close()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chromium]:
    running = Chromium(tmp_path / "profile")
    yield running
    running.close()


def wait_for(browser: Chromium, expression: str, what: str, seconds: float = DEADLINE) -> Any:
    """Wait until an expression of JavaScript is true."""
    deadline = time.monotonic() + seconds
    while not (found := browser.value(expression)):
        assert time.monotonic() < deadline, f"{what}: {browser.value('document.body.innerText')}"
        time.sleep(0.05)
    return found


def ignore(message: object) -> None:
    """A callback."""


def cell(number: int) -> str:
    """The text of a cell of the first socket."""
    return f"document.querySelector('.row:not(.head)')?.children[{number}].textContent"


def test_the_page_lives(bm, browser, exchange) -> None:
    bm.start_trade_socket("BTCUSDT", ignore)
    with Client(None, None) as client, status.serve(bm, port=0) as server:
        DepthCacheManager(client, "BTCUSDT", bm=bm, ws_interval=100, timeout=DEADLINE)
        browser.open(server.url)
        wait_for(browser, f"{cell(0)} === 'btcusdt@trade'", "the socket")
        wait_for(browser, f"{cell(1)}.includes('open')", "its state")
        wait_for(
            browser, "document.querySelector('#state').textContent === 'All is well'", "health"
        )

        # Values move.
        before = browser.value(cell(6))
        wait_for(browser, f"{cell(6)} !== {before!r}", "more messages")
        wait_for(browser, f"Number({cell(3)}) > 5", "a rate")
        path = "document.querySelector('.rate').getAttribute('d')"
        line = wait_for(browser, path, "a sparkline")
        wait_for(browser, f"{path} !== {line!r}", "another sparkline")
        area = wait_for(browser, "document.querySelector('.bids').getAttribute('d')", "a chart")
        assert area.startswith("M")

        # A cut shows within 2 s.
        exchange.fault("refuse")
        exchange.fault("drop")
        deadline = time.monotonic() + DEADLINE
        while any(one.connected for one in bm.stats().values()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        cut = time.monotonic()
        wait_for(browser, f"{cell(1)}.includes('down')", "the cut")
        assert in_time(time.monotonic() - cut, 2.0)
        wait_for(browser, "document.querySelectorAll('#problems li').length >= 3", "the reasons")
        exchange.clear()
        wait_for(browser, f"{cell(1)}.includes('open')", "the next connection")
        assert "receiving again" in wait_for(
            browser,
            "[...document.querySelectorAll('#events li')].map(one => one.textContent)"
            ".find(one => one.includes('receiving again'))",
            "the event",
        )

        assert {url.partition("data?")[0] for url in browser.requests} == {server.url}
        assert browser.errors == []


def test_what_is_not_known_any_more_does_not_look_live(bm, browser, monkeypatch) -> None:
    with Client(None, None) as client, status.serve(bm, port=0) as server:
        DepthCacheManager(client, "BTCUSDT", bm=bm, ws_interval=100, timeout=DEADLINE)
        browser.open(server.url)
        paths = "[...document.querySelectorAll('.book path')].map(one => one.getAttribute('d'))"
        prices = "document.querySelector('.book p:last-child').textContent"
        wait_for(browser, f"{paths}.join('').startsWith('M')", "a chart")
        monkeypatch.setattr(facts, "_chart", lambda book: {"bids": [], "asks": [(1.0, 1.0)]})
        wait_for(browser, f"{paths}.join() === ','", "no chart of one side")
        assert browser.value(prices) == "\N{EN DASH}" * 3
        opacity = "getComputedStyle(document.querySelector('.totals')).opacity"
        assert browser.value(opacity) == "1"
    wait_for(browser, f"{opacity} === '0.4'", "the end of the server")


def test_prices_of_cheap_coins_are_shown_with_all_decimals(bm, browser, monkeypatch) -> None:
    chart = {"bids": [(5e-7, 1.0)], "asks": [(5.1e-7, 1.0)]}  # JavaScript prints an exponent, too
    monkeypatch.setattr(facts, "_chart", lambda book: chart)
    with Client(None, None) as client, status.serve(bm, port=0) as server:
        DepthCacheManager(client, "BTCUSDT", bm=bm, ws_interval=100, timeout=DEADLINE)
        browser.open(server.url)
        prices = "document.querySelector('.book p:last-child')?.textContent"
        shown = wait_for(browser, f"/\\d/.test({prices}) && {prices}", "prices")
    assert shown == "0.00000050spread 0.000000010.00000051"


def test_both_languages_and_themes(bm, browser) -> None:
    bm.start_trade_socket("BTCUSDT", ignore)
    with status.serve(bm, port=0) as server:
        browser.open(server.url)
        wait_for(browser, f"{cell(1)}?.includes('open')", "the socket")
        browser.value("document.getElementById('language').click()")
        wait_for(browser, f"{cell(1)}.includes('接続中')", "Japanese")
        assert browser.value("document.documentElement.lang") == "ja"
        texts = browser.value(
            "[...document.querySelectorAll('[data-t]')].map(one => one.textContent)"
        )
        assert all(texts)
        names = "(name => Object.keys(TEXTS[name]).concat(Object.keys(EVENTS[name])).join())"
        assert browser.value(f"{names}('en')") == browser.value(f"{names}('ja')")
        colour = "getComputedStyle(document.body).backgroundColor"
        colours = set()
        for _ in range(3):  # automatic, light, dark
            colours.add(browser.value(colour))
            browser.value("document.getElementById('theme').click()")
        assert len(colours) == 2
        # The choice outlives the page.
        browser.value("window.isOld = true")
        browser.open(server.url)
        is_ja = "document.documentElement?.lang === 'ja'"
        wait_for(browser, f"!window.isOld && {is_ja}", "the language")
        assert browser.errors == []


def test_with_a_token(bm, browser) -> None:
    with status.serve(bm, port=0, token="0123456789abcdef") as server:
        browser.open(f"{server.url}?token=0123456789abcdef")
        wait_for(browser, f"{STATE} === 'All is well'", "data")
        assert browser.value("location.href") == server.url
        assert browser.value("document.cookie") == ""
        assert browser.errors == []


def test_many_sockets_are_drawn_in_steps(bm, browser, monkeypatch) -> None:
    key = bm.start_trade_socket("BTCUSDT", ignore)
    with status.serve(bm, port=0) as server:
        found = bm.stats()[key]
        many = type(bm.stats())((f"a{number}@trade", found) for number in range(500))
        monkeypatch.setattr(bm, "stats", lambda: many)
        browser.open(server.url)
        wait_for(browser, "document.querySelectorAll('.row').length === 501", "all sockets")
        browser.value("document.getElementById('filter').value = 'A499'")
        browser.value("document.getElementById('filter').dispatchEvent(new Event('input'))")
        shown = "[...document.querySelectorAll('.row:not([hidden])')].length"
        assert browser.value(shown) == 2  # with the heads
        wait_for(browser, f"{cell(0)}", "a row")
        assert browser.errors == []
