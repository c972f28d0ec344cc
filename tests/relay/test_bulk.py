"""Many messages in one write, and many acknowledgements in one read."""

import asyncio
from types import SimpleNamespace

import pytest
from nats.aio.client import Client
from nats.protocol.parser import Parser

from binance.relay import publishing
from binance.relay.bulk import Acknowledgements, commands
from binance.sansio.relay.lease import Lease, State
from binance.sansio.relay.outgoing import Message

INBOX = "_INBOX.abc"
LEASE = Lease("spot")
LEASE.epoch = 7
MESSAGES = [
    (1, Message("binance.spot.bnbbtc.trade", "bnbbtc@trade:5", b'{"a":1}')),
    (2, Message("binance.spot.all.miniTicker@arr", "!miniTicker@arr:ab", b"", LEASE)),
    (30, Message("binance.spot.%E5%B8%81usdt.trade", "币usdt@trade:6", "币".encode())),
]


def finish(coroutine):
    """Run a coroutine that never has to wait."""
    with pytest.raises(StopIteration):
        coroutine.send(None)


class Recorder(SimpleNamespace):
    """A client that notes what it writes, and what it is given of what was read."""

    def __init__(self):
        super().__init__(written=[], read=[], stats={"out_msgs": 0, "out_bytes": 0})
        self._flush_queue, self._ps = None, Parser(self)

    async def _send_command(self, command):
        self.written.append(command)

    async def _process_msg(self, sid, subject, reply, payload, headers):
        self.read.append((bytes(subject), payload))

    async def _process_ping(self):
        self.read.append("ping")


def test_the_commands_are_those_of_nats_py():
    client = Recorder()
    for number, (subject, event_id, payload, lease, *_) in MESSAGES:
        headers = {"Nats-Msg-Id": event_id} | ({"Binance-Lease": "7"} if lease else {})
        what = subject, f"{INBOX}.{number}", payload, len(payload), headers
        finish(Client._send_publish(client, *what))
    assert commands(INBOX, MESSAGES) == b"".join(client.written)


def answer(number, text, inbox=INBOX):
    return f"MSG {inbox}.{number} 3 {len(text)}\r\n{text}\r\n".encode()


STORED = '{"stream":"BINANCE","seq":9}'
DOUBLE = '{"stream":"BINANCE","seq":9,"duplicate": true}'
REFUSAL = '{"error":{"code":503}}'
READ = b"".join(
    [
        *(answer(1, STORED), answer(2, DOUBLE), answer(3, REFUSAL), b"PING\r\n"),
        *(answer(4, STORED), answer(5, STORED, "_INBOX.other"), answer(6, STORED)),
        answer(7, answer(8, STORED).decode(), "wishes"),  # a message that looks like an answer
        answer(9, STORED),
    ]
)


@pytest.mark.parametrize("step", [1, 2, 3, 7, 50, 100, len(READ)])
def test_acknowledgements_are_taken_out_of_any_pieces(step):
    client, known, reads = Recorder(), [], []
    finish(client._ps.parse(READ[:20]))  # half an answer, which the first parser has
    parser = Acknowledgements(
        client._ps, INBOX, lambda *answer: known.append(answer), lambda: reads.append(len(known))
    )

    async def parse():
        for at in range(20, len(READ), step):
            await parser.parse(READ[at : at + step])

    finish(parse())
    stored = [(1, False), (2, True), (4, False), (6, False), (9, False)]
    assert client.read[:2] == [(f"{INBOX}.3".encode(), REFUSAL.encode()), "ping"]
    by_hand = [text for _, text in client.read[2:]]
    assert answer(8, STORED) in by_hand
    assert set(known) <= set(stored)
    assert len(known) + by_hand.count(STORED.encode()) == len(stored) + 1  # one of the other inbox
    assert reads[-1] == len(known)
    assert step != 1 or known == stored


def test_without_the_private_names_of_nats_py_messages_are_published_one_by_one(monkeypatch):
    monkeypatch.setattr(publishing.compat, "has", lambda feature: feature != "bulk publishing")
    published = []

    async def publish(subject, payload, reply, headers):
        published.append((subject, payload, reply, headers))

    engine = SimpleNamespace(client=SimpleNamespace(publish=publish))
    engine.call = lambda function, *arguments: function(*arguments)
    publisher = publishing.Publisher(engine, "me", 10**6, publishing.Retention())
    publisher._inbox = INBOX
    publisher._sending = SimpleNamespace(done=lambda: False)  # there is no loop that could begin it
    monkeypatch.setattr(LEASE, "state", State.HELD)
    monkeypatch.setattr(LEASE, "until", float("inf"))
    for _, message in MESSAGES:
        publisher.put(message)
    finish(publisher._send())
    for number, text in ((1, STORED), (2, DOUBLE), (3, REFUSAL)):
        answer = SimpleNamespace(subject=f"{INBOX}.{number}", data=text.encode(), headers=None)
        finish(publisher._answered(answer))
    assert published == [
        (subject, payload, f"{INBOX}.{number}", headers)
        for number, (_, (subject, event_id, payload, lease, *_)) in enumerate(MESSAGES, 1)
        for headers in [{"Nats-Msg-Id": event_id} | ({"Binance-Lease": "7"} if lease else {})]
    ]
    outgoing = publisher.outgoing
    assert (outgoing.stored, outgoing.doubles, publisher.refused) == (1, 1, 1)
    assert (outgoing.waiting, outgoing.in_flight) == (1, 0)  # it is sent again after a pause


class Stalled:
    """A client whose connection takes nothing, or everything at once."""

    def __init__(self, is_stalled):
        self.is_stalled, self.written, self.flushes = is_stalled, [], 0
        self._flush_queue = asyncio.Queue(1)

    async def _send_command(self, command):
        self.written.append(command)
        if self.is_stalled and len(self.written) > 1:
            await asyncio.Future()

    async def _flush_pending(self):
        self.flushes += 1
        await self._flush_queue.put(None)


@pytest.mark.loopback
def test_a_stalled_connection_holds_up_no_later_one():
    old, new = Stalled(True), Stalled(False)
    engine = SimpleNamespace(client=old, call=lambda function, *arguments: function(*arguments))
    publisher = publishing.Publisher(engine, "me", 10**6, publishing.Retention())

    async def put(number):
        publisher.put(MESSAGES[number][1])
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def stall():
        publisher._inbox = INBOX
        await put(0)
        await put(2)
        assert (len(old.written), old.flushes) == (2, 1)
        publisher.disconnected()
        await asyncio.sleep(0)
        publisher._inbox, engine.client = INBOX, new
        await put(0)
        await put(2)
        assert publisher._sending.done()

    asyncio.run(stall())
    numbered = [*enumerate([MESSAGES[n][1] for n in (0, 2, 0, 2)], 3)]
    assert b"".join(new.written) == commands(INBOX, numbered)
    assert new.flushes == 1  # what was to be flushed first takes the rest along
