"""Scripts that drive Autobahn themselves: overridden `_start_socket`, `connectWS`, factories."""

import pytest

pytestmark = [pytest.mark.process, pytest.mark.loopback]

SUBCLASS = """
from {origin} import connectWS
from binance.websockets import BinanceClientFactory, BinanceClientProtocol
class Protocol(BinanceClientProtocol):
    def onMessage(self, payload, isBinary):
        super().onMessage(payload, isBinary)
        protocols.add(type(self).__name__)
class Manager(BinanceSocketManager):
    def _start_socket(self, path, callback, prefix="ws/"):
        if path in self._conns:
            return False
        factory = BinanceClientFactory(self.STREAM_URL + prefix + path)
        factory.protocol = Protocol
        factory.callback = callback
        factory.reconnect = True
        factory.setProtocolOptions(tcpNoDelay=True)
        {more}
        self._conns[path] = connectWS(factory, None)
        return path
protocols, told = set(), []
bm = Manager(None, on_event=lambda event: told.append((type(event).__name__, event.key)))
count = Count()
"""


def subclass(origin="binance.websockets", more="pass"):
    return SUBCLASS.replace("{origin}", origin).replace("{more}", more)


@pytest.mark.parametrize("origin", ["binance.websockets", "autobahn.twisted.websocket"])
@pytest.mark.parametrize("started", ["before", "after"])
def test_a_manager_that_connects_by_itself(script, feed, origin, started):
    """From the main thread, a foreign one to the reactor: it must be woken."""
    begin = "bm.start()"
    running = script(
        subclass(origin)
        + f"""
{begin if started == "before" else ""}
say(bm.start_trade_socket("BNBBTC", count), bm.start_trade_socket("BNBBTC", count))
{begin if started == "after" else ""}
count.wait(1)
say(protocols)
key = "bnbbtc@trade"
say(hasattr(bm._conns[key], "disconnect"), told)
bm.stop_socket(key)
time.sleep(paced(0.2))
seen = count.number
time.sleep(0.2)
say(count.number == seen, bm._conns)
bm.start_trade_socket("BNBBTC", count)
count.first.clear()
count.wait(1)
bm.close()
""",
        feed,
    )
    running.expect("bnbbtc@trade False")
    running.expect("{'Protocol'}")
    running.expect("True [('Connected', 'bnbbtc@trade')]")
    running.expect("True {}")
    assert running.end()[0] == 0


def test_its_lost_link_is_retried_and_its_key_released_when_given_up(script, own_feed):
    running = script(
        subclass(more="factory.maxRetries, factory.initialDelay, factory.maxDelay = 2, 0.05, 0.1")
        + """
bm.start()
def callback(message):
    count(message)
    if message["e"] == "error":
        say(message["m"], bm._conns)
bm.start_trade_socket("BNBBTC", callback)
announce(count)
bm.join()
""",
        own_feed,
    )
    running.expect("streaming")
    own_feed.command("drop")  # one retry heals this
    own_feed.command("down")
    running.expect("Max reconnect retries reached {}")
    running.interrupt()
    running.end()


def test_what_is_stopped_as_soon_as_it_was_started_stays_stopped(script, feed):
    running = script(
        subclass()
        + """
bm.start()
stopped = [Count() for _ in range(10)]
for each in stopped:
    bm.stop_socket(bm.start_trade_socket("BNBBTC", each))
key = bm.start_trade_socket("BNBBTC", count)
count.wait(50)
time.sleep(1.5)  # a retry would have come by now
say(sum(each.number for each in stopped), "called after their end")
bm.close()
""",
        feed,
    )
    running.expect("0 called after their end")
    assert running.end()[0] == 0


def test_a_factory_without_reconnect_is_not_retried(script, own_feed):
    running = script(
        subclass(more="factory.reconnect = False")
        + """
bm.start()
bm.start_trade_socket("BNBBTC", lambda m: (count(m), m["e"] == "error" and say(m["m"])))
announce(count)
bm.join()
""",
        own_feed,
    )
    running.expect("streaming")
    own_feed.command("drop")
    running.expect("Max reconnect retries reached")
    running.interrupt()
    running.end()


def test_a_protocol_whose_on_message_raises_keeps_its_link(script, own_feed):
    running = script(
        subclass()
        + """
class Raising(BinanceClientProtocol):
    def onMessage(self, payload, isBinary):
        super().onMessage(payload, isBinary)
        raise KeyError("e")
Protocol = Raising
bm.start()
bm.start_trade_socket("BNBBTC", lambda m: (count(m), count.number == 20 and say("twenty")))
bm.join()
""",
        own_feed,
    )
    running.expect("twenty")
    running.interrupt()
    _, _, err = running.end()
    assert err.count("raised\n") == 1


def test_a_users_own_reconnecting_factory_is_stopped_too(script, feed):
    running = script(
        """
        from binance.websockets import (
            WebSocketClientFactory, WebSocketClientProtocol, ReconnectingClientFactory, connectWS)
        class Protocol(WebSocketClientProtocol):
            def onMessage(self, payload, isBinary):
                if not count.first.is_set():
                    count({"e": "trade"})
        class Factory(WebSocketClientFactory, ReconnectingClientFactory):
            protocol = Protocol
            def clientConnectionLost(self, connector, reason):
                say("lost", self.continueTrying)
        class Manager(BinanceSocketManager):
            def _start_socket(self, path, callback, prefix="ws/"):
                self._conns[path] = connectWS(Factory(self.STREAM_URL + prefix + path))
                return path
        bm, count = Manager(None), Count()
        bm.start()
        bm.start_trade_socket("BNBBTC", count)
        announce(count)
        bm.stop_socket("bnbbtc@trade")
        bm.join(0.5)
        bm.close()
        """,
        feed,
    )
    running.expect("streaming")
    running.expect("lost 0")
    assert running.end()[0] == 0
