"""Autobahn's log lines, in which a handshake's request would show a listen key."""

import pytest
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from binance.tx.wire.protocol import BinanceClientFactory, BinanceClientProtocol
from binance.tx.wire.redacted_log import RedactedLog

LISTEN_KEY = "Ab1" * 20


class Log:
    def __init__(self):
        self.lines = []

    def debug(self, line, **values):
        self.lines.append(line.format(**values))

    info = warn = error = trace = critical = debug


@pytest.mark.parametrize("path", ["ws/{}", "private/ws/{}", "stream?streams={}", "x?listenKey={}"])
def test_no_line_of_a_connection_shows_a_listen_key(monkeypatch, path):
    log = Log()
    assert isinstance(BinanceClientProtocol.log, RedactedLog)
    monkeypatch.setattr(BinanceClientProtocol, "log", RedactedLog(log))
    url = f"wss://a.example:9443/{path.format(LISTEN_KEY)}"
    protocol = BinanceClientFactory(url, reactor=Clock()).buildProtocol(None)
    protocol.makeConnection(StringTransport())
    text = "".join(log.lines)
    assert "GET " in text
    assert "Ab1Ab1" not in text


def test_octets_are_looked_at_too_and_the_rest_is_left():
    log = Log()
    RedactedLog(log).warn("{a} {b} {c}", a=LISTEN_KEY.encode(), b=17, c="plain")
    (line,) = log.lines
    assert line == "*** 17 plain"
