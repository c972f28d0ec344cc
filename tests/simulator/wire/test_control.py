import json
from io import BytesIO

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.test.requesthelper import DummyRequest

from binance.simulator import Exchange
from binance.simulator.rules.fault_kinds import KINDS
from binance.simulator.rules.state import SimulatorState
from binance.simulator.wire.control import Control, statistics
from binance.simulator.wire.server import SimulatorServer

START = 1_790_000_042_500


class ControlTests(SynchronousTestCase):
    def setUp(self):
        state = SimulatorState(Exchange(symbols=1, start=START), lambda: START)
        self.server = SimulatorServer(Clock(), state, tls=False)
        self.control = Control(self.server.hub, self.server.order_fault)

    def ask(self, method, path, body=b""):
        request = DummyRequest([])
        request.method, request.path = method, path
        request.content = BytesIO(body)
        reply = json.loads(self.control.render(request))
        return request.responseCode or 200, reply

    def test_a_fault_is_ordered_shown_and_ended(self):
        code, reply = self.ask(b"POST", b"/_sim/fault", b'{"kind": "lose", "count": 2}')
        self.assertEqual((code, reply), (200, {"id": 1}))
        _, stats = self.ask(b"GET", b"/_sim/stats")
        self.assertEqual(stats["faults"][0]["kind"], "lose")
        self.assertEqual(stats["faults"][0]["count"], 2)
        self.assertEqual(self.ask(b"POST", b"/_sim/clear", b'{"id": 1}'), (200, {"ended": 1}))
        self.assertEqual(self.ask(b"POST", b"/_sim/clear"), (200, {"ended": 0}))

    def test_a_bad_request_is_answered_with_400_and_the_reason(self):
        for path, body, says in (
            (b"/_sim/fault", b'{"kind": "explode"}', "allowed: refuse"),
            (b"/_sim/fault", b'{"kind": "lose", "when": 1}', "allowed: stream"),
            (b"/_sim/fault", b"nonsense", ""),
            (b"/_sim/fault", b"[1]", "JSON object"),
            (b"/_sim/clear", b'{"kind": "explode"}', "allowed: refuse"),
            (b"/_sim/clear", b'{"what": 1}', "allowed: id, kind"),
        ):
            code, reply = self.ask(b"POST", path, body)
            self.assertEqual(code, 400)
            self.assertIn(says, reply["error"])

    def test_other_paths_say_what_there_is(self):
        for method, path in (
            (b"GET", b"/_sim/fault"),
            (b"POST", b"/_sim/stats"),
            (b"GET", b"/_sim/"),
        ):
            code, reply = self.ask(method, path)
            self.assertEqual(code, 404)
            self.assertIn("GET stats", reply["error"])

    def test_the_kinds_are_described(self):
        _, kinds = self.ask(b"GET", b"/_sim/faults")
        self.assertEqual(list(kinds), list(KINDS))
        self.assertEqual(kinds["reorder"]["arguments"]["by"]["default"], 1)
        self.assertTrue(all(kind["help"] for kind in kinds.values()))

    def test_the_statistics_are_whole_from_the_start(self):
        found = statistics(self.server.hub)
        counts = {"violations", "requests", "statuses", "handshakes", "weights"}
        self.assertEqual(set(found), counts | {"time", "connections", "faults", "replay"})
        self.assertEqual(found["connections"]["now"], 0)
