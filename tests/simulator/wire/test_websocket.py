"""Connections over an in-memory transport and a fake clock: days pass at once."""

import json
import struct

import txaio
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase

from binance.simulator import Exchange
from binance.simulator.accounts.api_keys import HMAC_KEY
from binance.simulator.market.futures import CoinmExchange, UsdmExchange
from binance.simulator.market.options import OptionsExchange
from binance.simulator.rules.settings import Settings
from binance.simulator.rules.state import SimulatorState
from binance.simulator.wire.server import SimulatorServer

START = 1_790_000_042_500


class Transport(StringTransport):
    aborted = False

    def abortConnection(self):
        self.aborted = True
        self.disconnecting = True


class Client:
    """A connection without a socket."""

    def __init__(self, server, target):
        self.transport = Transport()
        self.incoming = server._factory.buildProtocol(None)
        self.incoming.makeConnection(self.transport)
        self.incoming.dataReceived(
            f"GET {target} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head, _, rest = self.transport.value().partition(b"\r\n\r\n")
        self.status = int(head.split()[1])
        self.transport.clear()
        self.transport.write(rest)

    def send(self, payload, first=0x81):
        if not isinstance(payload, bytes):
            payload = json.dumps(payload).encode()
        assert len(payload) < 126
        self.incoming.dataReceived(bytes((first, 0x80 | len(payload), 0, 0, 0, 0)) + payload)

    def frames(self):
        """First byte and payload of all frames that came since the last call."""
        data, found = self.transport.value(), []
        self.transport.clear()
        while data:
            length, begin = data[1], 2
            if length == 126:
                length, begin = struct.unpack("!H", data[2:4])[0], 4
            found.append((data[0], data[begin : begin + length]))
            data = data[begin + length :]
        return found

    def got(self):
        return [json.loads(payload) for first, payload in self.frames() if first == 0x81]


class MemoryCase(SynchronousTestCase):
    settings = {}

    def setUp(self):
        self.clock = Clock()
        before = txaio.config.loop
        txaio.config.loop = self.clock
        self.addCleanup(setattr, txaio.config, "loop", before)
        options = {"symbols": 3, "start": START, "rate": 5.0}
        self.state = SimulatorState(
            Exchange(**options),
            lambda: START + round(self.clock.seconds() * 1000),
            futures=UsdmExchange(**options),
            settings=Settings(tick=0.1, **self.settings),
        )
        self.server = SimulatorServer(self.clock, self.state, tls=False)
        self.server.hub.start()
        self.addCleanup(self.server.hub.stop)

    def run_for(self, seconds, step=0.1):
        for _ in range(round(seconds / step)):
            self.clock.advance(step)

    def connect(self, target):
        client = Client(self.server, target)
        self.assertEqual(client.status, 101)
        return client


class ConnectionTests(MemoryCase):
    def test_events_come_from_the_first_tick_on(self):
        client = self.connect("/ws/btcusdt@depth5@100ms")
        self.assertEqual(client.frames(), [])
        self.run_for(0.2)
        self.assertEqual(
            [list(each) for each in client.got()], [["lastUpdateId", "bids", "asks"]] * 2
        )

    def test_an_error_in_one_market_ends_the_simulator(self):
        self.connect("/ws/btcusdt@trade")
        self.connect("/ws/ethusdt@trade")
        ended = []
        self.clock.stop = lambda: ended.append(True)
        self.state.exchange.market("BTCUSDT", START).advance = lambda now: 1 / 0
        self.run_for(3)
        self.assertEqual(ended, [True])
        self.assertTrue(self.server.hub.has_failed)
        self.assertTrue(self.flushLoggedErrors(ZeroDivisionError))

    def test_pings_come_every_twenty_seconds_with_the_time(self):
        client = self.connect("/ws")
        self.run_for(61)
        pings = [payload for first, payload in client.frames() if first == 0x89]
        times = [int(payload) - START for payload in pings]
        self.assertEqual([round(time / 1000) for time in times], [20, 40, 60])

    def test_without_a_pong_for_a_minute_the_connection_is_closed(self):
        client = self.connect("/ws")
        self.run_for(80)
        self.assertFalse([each for each in client.frames() if each[0] == 0x88])
        self.run_for(1)
        (closing,) = [payload for first, payload in client.frames() if first == 0x88]
        self.assertEqual(closing, struct.pack("!H", 1008) + b"Pong timeout")
        self.assertEqual(self.state.violations, {"pong_timeout": 1})

    def test_a_pong_keeps_it_alive_and_counts_for_all_pings_before_it(self):
        client = self.connect("/ws")
        self.run_for(45)
        last = [payload for first, payload in client.frames() if first == 0x89][-1]
        client.send(last, 0x8A)
        client.send(b"", 0x8A)  # unsolicited: allowed
        self.run_for(60)
        self.assertFalse([each for each in client.frames() if each[0] == 0x88])
        self.run_for(20)
        self.assertTrue([each for each in client.frames() if each[0] == 0x88])

    def test_what_waited_for_a_busy_simulator_is_counted_from_its_arrival(self):
        """Five come now and are read late; a second after they came, one more is read at once."""
        client = self.connect("/ws")
        self.run_for(1.0)
        self.clock.rightNow += 0.4  # no timer runs meanwhile
        for number in range(5):
            client.send({"method": "LIST_SUBSCRIPTIONS", "id": number})
        self.run_for(0.6)
        client.send({"method": "LIST_SUBSCRIPTIONS", "id": 5})
        self.assertEqual(len(client.got()), 6)
        self.assertEqual(self.state.violations, {})

    def test_six_messages_in_a_second(self):
        client = self.connect("/ws")
        for number in range(6):
            client.send({"method": "LIST_SUBSCRIPTIONS", "id": number})
        frames = client.frames()
        self.assertEqual(len([each for each in frames if each[0] == 0x81]), 5)
        self.assertEqual(frames[-1], (0x88, struct.pack("!H", 1008) + b"Too many requests"))

    def test_five_messages_in_every_second(self):
        client = self.connect("/ws")
        for _ in range(4):
            for number in range(5):
                client.send({"method": "LIST_SUBSCRIPTIONS", "id": number})
            self.run_for(1.1)
        self.assertEqual(len(client.got()), 20)

    def test_usdm_allows_ten_messages(self):
        client = self.connect("/market/ws")
        for number in range(10):
            client.send({"method": "LIST_SUBSCRIPTIONS", "id": number})
        self.assertEqual(len(client.got()), 10)

    def test_futures_and_options_are_pinged_more_rarely(self):
        targets = ("/market/ws", "/coinm/ws", "/pm/ws", "/ws-fapi/v1", "/options/public/ws")
        clients = [self.connect(target) for target in targets]
        self.run_for(301, step=1.0)
        pings = [[p for first, p in each.frames() if first == 0x89] for each in clients]
        self.assertEqual([len(each) for each in pings], [1] * 5)
        times = [round((int(each[0]) - START) / 1000) for each in pings]
        self.assertEqual(times, [180, 180, 180, 180, 300])
        self.run_for(480, step=1.0)  # the first four answer nothing within ten minutes
        ends = [[p for first, p in each.frames() if first == 0x88] for each in clients]
        self.assertEqual([len(each) for each in ends], [1, 1, 1, 1, 0])

    def test_options_have_200_streams(self):
        for number, violations in ((200, {}), (201, {"streams": 1})):
            names = "/".join(f"x{each}@bookTicker" for each in range(number))
            self.connect(f"/options/public/ws/{names}")
            self.assertEqual(self.state.violations, violations)

    def test_options_names_are_checked_against_the_path_and_coin_m_has_none(self):
        options = {"symbols": 3, "start": START, "rate": 50.0}
        self.state.others |= {
            "options": OptionsExchange(**options),
            "coinm": CoinmExchange(**options),
        }
        option = self.state.market("options").listed[0].name.lower()
        names = f"{option}@optionTicker/btcusdt@optionMarkPrice"
        clients = [self.connect(f"/options/{path}/ws/{names}") for path in ("public", "market")]
        coinm = self.connect("/coinm/ws/btcusd_perp@ticker/btcusd_perp@depth5")
        self.run_for(3)
        public, market = (each.got() for each in clients)
        self.assertEqual({each["e"] for each in public}, {"24hrTicker"})
        self.assertEqual({one["e"] for each in market for one in each}, {"markPrice"})
        self.assertEqual({each["e"] for each in coinm.got()}, {"24hrTicker", "depthUpdate"})

    def test_usdm_names_are_checked_against_the_path(self):
        client = self.connect("/public/ws")
        names = ["btcusdt@aggTrade", "btcusdt@bookTicker"]
        client.send({"method": "SUBSCRIBE", "params": names, "id": 1})
        client.send({"method": "LIST_SUBSCRIPTIONS", "id": 2})
        self.assertEqual([each["result"] for each in client.got()], [None, names])
        self.run_for(5)
        self.assertEqual({each["e"] for each in client.got()}, {"bookTicker"})

    def test_usdm_without_a_path_has_the_streams_of_public(self):
        client = self.connect("/usdm/ws")
        names = ["btcusdt@aggTrade", "btcusdt@bookTicker"]
        client.send({"method": "SUBSCRIBE", "params": names, "id": 1})
        self.assertEqual([each["result"] for each in client.got()], [None])
        self.run_for(5)
        events = client.got()
        self.assertEqual({each["e"] for each in events}, {"bookTicker"})
        self.assertEqual({each["st"] for each in events}, {1})  # USD-M's, not spot's

    def test_modes_of_one_stream(self):
        """Raw and combined, milliseconds and microseconds, of one and the same event."""
        clients = [
            self.connect(target)
            for target in (
                "/ws/btcusdt@avgPrice",
                "/stream?streams=btcusdt@avgPrice",
                "/ws/btcusdt@avgPrice?timeUnit=MICROSECOND",
                "/stream?streams=btcusdt@avgPrice&timeUnit=microsecond",
            )
        ]
        self.run_for(1)
        (raw,), (both,), (micro,), (both_micro,) = [each.got() for each in clients]
        self.assertEqual(both, {"stream": "btcusdt@avgPrice", "data": raw})
        self.assertEqual(micro, {**raw, "E": raw["E"] * 1000, "T": raw["T"] * 1000})
        self.assertEqual(both_micro, {"stream": "btcusdt@avgPrice", "data": micro})

    def test_the_end_of_a_user_stream_waits_for_one(self):
        """``count`` is spent on subscriptions, also on later ones, and on nothing else."""
        others = [self.connect("/ws/btcusdt@trade"), self.connect("/ws-api/v3")]
        fault = self.server.order_fault({"kind": "end_user_stream", "count": 2})
        client = self.connect("/ws-api/v3")
        self.run_for(1)
        self.assertEqual(fault.uses, 0)
        (session,) = (each for each in self.server.hub.connections.values() if each.number == 3)
        users = self.server._users
        wallet = users.accounts.account_of_key(HMAC_KEY).wallet()
        for number in range(2):
            users._subscribe(session, wallet)
            self.run_for(0.2)
            (ended,) = client.got()
            self.assertEqual(ended["subscriptionId"], number)
            self.assertEqual(ended["event"]["e"], "eventStreamTerminated")
        users._subscribe(session, wallet)
        self.run_for(1)
        self.assertEqual((client.got(), fault.uses), ([], 2))
        self.assertFalse([each for each in others if each.transport.aborted])

    def test_the_websocket_api_has_microseconds(self):
        client = self.connect("/ws-api/v3?returnRateLimits=false&timeUnit=MICROSECOND")
        futures = self.connect("/ws-fapi/v1?timeUnit=MICROSECOND")
        client.send({"id": 1, "method": "time"})
        (reply,) = client.got()
        self.assertEqual(reply["result"], {"serverTime": START * 1000})
        self.assertNotIn("rateLimits", reply)
        ask = {"id": 2, "method": "depth", "params": {"symbol": "BTCUSDT"}}
        futures.send(ask)
        self.assertEqual(futures.got()[0]["result"]["T"], START)  # futures have none
        (session,) = (each for each in self.server.hub.connections.values() if each.mode)
        users = self.server._users
        wallet = users.accounts.account_of_key(HMAC_KEY).wallet()
        users._subscribe(session, wallet)
        wallet.transfer("BTC", 5)
        users.terminate(session)
        session.send_server_shutdown(self.state.now())
        now = START * 1000
        moved, held, *ends = [each["event"] for each in client.got()]
        self.assertEqual([(moved["E"], moved["T"]), (held["E"], held["u"])], [(now, now)] * 2)
        self.assertEqual([each["E"] for each in ends], [now, now])

    def test_another_unit_of_times_is_refused(self):
        for target in ("/ws/btcusdt@trade?timeUnit=SECOND", "/ws-api/v3?timeUnit=us"):
            client = Client(self.server, target)
            self.assertEqual(client.status, 400)
            self.assertEqual(json.loads(client.transport.value())["code"], -1194)
        candles, trades = "btcusdt@kline_1m", "btcusdt@aggTrade"
        usdm = self.connect(f"/market/ws/{candles}/{trades}?timeUnit=MICROSECOND")
        self.run_for(5)  # futures have none
        for event in usdm.got():
            self.assertLess(event.get("k", event)["T"], 10**14)

    def test_a_closed_connection_listens_no_more(self):
        client = self.connect("/ws/btcusdt@trade")
        self.assertEqual(self.state.exchange.subscribed, {"btcusdt@trade"})
        client.send(struct.pack("!H", 1000), 0x88)
        self.run_for(3)
        client.incoming.connectionLost()
        self.assertEqual(self.state.exchange.subscribed, frozenset())
        self.assertEqual(self.server.hub.describe()["now"], 0)
        self.assertEqual(self.server.hub.describe()["close_codes"], {"1000": 1})

    def test_no_event_follows_a_closing_frame(self):
        client = self.connect("/ws/btcusdt@depth5@100ms")
        self.server.hub.connections[1].close_with(1001, "bye")
        self.run_for(1)
        self.assertEqual([first for first, _ in client.frames()], [0x88])

    def test_subscribing_twice_is_subscribing_once(self):
        client = self.connect("/ws/btcusdt@depth5@100ms")
        client.send({"method": "SUBSCRIBE", "params": ["btcusdt@depth5@100ms"] * 2, "id": 1})
        client.send({"method": "UNSUBSCRIBE", "params": ["ethusdt@trade"], "id": 2})
        self.assertEqual([each["result"] for each in client.got()], [None, None])
        self.run_for(1)
        self.assertEqual(len(client.got()), 10)


class LifetimeTests(MemoryCase):
    settings = {"lifetime": 300.0}

    def test_a_lifetime_is_enough(self):
        client = self.connect("/ws")
        for _ in range(299):
            self.run_for(1)
            for first, payload in client.frames():
                self.assertEqual(first, 0x89)
                client.send(payload, 0x8A)
        self.run_for(1.2)
        self.assertEqual(client.frames()[-1], (0x88, struct.pack("!H", 1001) + b"24 hours"))


class LooseTests(MemoryCase):
    settings = {"limits": "off", "streams": 1}

    def test_without_limits_nothing_is_counted(self):
        client = self.connect("/ws/a@trade/b@trade")
        for number in range(20):
            client.send({"method": "LIST_SUBSCRIPTIONS", "id": number})
        self.assertEqual(len(client.got()), 20)
        self.assertEqual(self.state.violations, {})


class BacklogTests(MemoryCase):
    settings = {"backlog": 2_000}

    def test_a_client_that_does_not_read_is_dropped_in_the_end(self):
        client = self.connect("/ws/btcusdt@depth5@100ms")
        client.transport.producer.pauseProducing()  # the buffer is full
        self.run_for(0.3)
        self.assertFalse(client.transport.aborted)
        self.run_for(3)
        self.assertTrue(client.transport.aborted)
        self.assertEqual(self.state.violations, {"slow_consumer": 1})

    def test_a_client_that_reads_in_time_stays(self):
        client = self.connect("/ws/btcusdt@depth5@100ms")
        for _ in range(10):
            client.transport.producer.pauseProducing()
            self.run_for(0.3)
            client.transport.producer.resumeProducing()
        self.run_for(1)
        self.assertFalse(client.transport.aborted)


class OverloadTests(MemoryCase):
    def test_a_late_tick_works_off_a_stride_at_a_time(self):
        client = self.connect("/ws/btcusdt@depth5@100ms")
        self.clock.advance(0.1)
        client.frames()
        self.clock.advance(5.0)  # the machine was busy elsewhere
        self.assertLessEqual(len(client.got()), 3)
        self.run_for(3.0)
        self.assertGreater(len(client.got()), 40)
