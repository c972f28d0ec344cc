"""The links of a manager's sockets to an engine that is not there."""

from types import SimpleNamespace

import pytest

from binance.relay.source import Source
from binance.sansio.feed.backfill import Since
from binance.tx.socket import Socket
from binance.websockets import BinanceSocketManager

URL = "nats://localhost/spot/stream?streams="


class Connection:
    pass


@pytest.fixture
def source(monkeypatch):
    monkeypatch.setattr(Source, "attach", lambda self, link: None)
    return Source("nats://localhost", lambda function, *args: None)


def test_each_connection_of_a_socket_goes_on_where_it_was_itself(source):
    connect, one, two = source.connector({}, None, 10), Connection(), Connection()
    starts = [
        connect(f"{URL}{name}", SimpleNamespace(connection=each))._start
        for each, name in ((one, "a@trade"), (two, "b@trade"), (one, "a@trade"))
    ]
    assert starts[0] is starts[2] is not starts[1]


@pytest.mark.parametrize(("has_begun", "code"), [(True, 1006), (False, None)])
def test_an_answer_may_end_its_link(source, monkeypatch, has_begun, code):
    monkeypatch.setattr(Source, "detach", lambda self, engine, link: None)
    ended = []
    link = SimpleNamespace(
        connection=Connection(),
        link_message=lambda message: opened.closed(False, None, "refused"),
        link_closed=lambda *details: ended.append(details[2:4]),
    )
    opened = source.connector({}, None, 10)(f"{URL}a@trade", link)
    opened.has_begun = has_begun
    opened._answer({"result": None, "id": 1})
    assert ended == [(code, "refused")]


def test_streams_are_acknowledged_once_they_are_read(monkeypatch):
    said, running = [], []
    engine = SimpleNamespace(client="client", call=lambda function, *args: function(*args))
    monkeypatch.setattr(Source, "attach", lambda self, link: engine)
    monkeypatch.setattr(Source, "run", lambda self, link, client, reading: running.append(reading))
    link = SimpleNamespace(
        connection=Connection(), link_message=said.append, link_read=lambda *read: None
    )
    source = Source("nats://localhost", lambda function, *args: function(*args))
    opened = source.connector({}, None, 10)(f"{URL}a@trade", link)

    async def read(client, market, names):
        assert (client, market, names, said) == ("client", "spot", ["b@trade"], [])

    monkeypatch.setattr(opened.reader, "read", read)
    opened.sendMessage(b'{"method":"SUBSCRIBE","params":["a@trade","b@trade"],"id":1}')
    [reading] = running
    with pytest.raises(StopIteration):
        reading.send(None)
    assert said == [{"result": None, "id": 1}]


@pytest.fixture
def bm(monkeypatch):
    """A manager whose sockets do not connect; `starts` says where their streams are to begin."""
    monkeypatch.setattr(Socket, "start", lambda socket: None)
    monkeypatch.setattr(
        Source, "connector", lambda self, starts, group, size: manager.starts.append(starts)
    )
    manager = BinanceSocketManager(None, source="nats://localhost")
    manager.starts, manager.start = [], lambda: None
    return manager


def ignore(message):
    pass


TIME = 1_700_000_000_000


def test_the_streams_of_the_start_begin_in_the_past(bm):
    bm.start_multiplex_socket(["a@trade", "a@depth", "a@ticker"], ignore, since=TIME * 1000)
    bm.start_multiplex_socket(["b@trade", "b@depth"], ignore, since={"b@depth": 5})
    bm.start_trade_socket("C", ignore)
    bm.start_trade_socket("D", ignore, group="a", since="2026-01-01")
    at = Since(moment=TIME, age=-1.0)
    assert bm.starts[:3] == [
        dict.fromkeys(("a@trade", "a@depth", "a@ticker"), at),
        {"b@depth": Since(5, age=-1.0)},
        {},
    ]
    assert list(bm.starts[3]) == ["d@trade"]


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"since": "yesterdy"}, ValueError, "yesterdy"),
        ({"since": True}, TypeError, "since must be an id, a date"),
        ({"since": {"a@trade": "yesterdy"}}, ValueError, "yesterdy"),
        ({"since": {"b@trade": 5}}, ValueError, "b@trade"),
        ({"since": 5}, ValueError, "for several give"),
        ({"since": {"a@ticker": 5}}, ValueError, "a time, or an id of a trade"),
        ({"since": {"a@trade": 5}, "group": "a"}, ValueError, "begin together"),
        ({"since": {"a@trade": TIME}, "group": "a"}, ValueError, "begin together"),
    ],
)
def test_a_wrong_beginning_is_refused_at_once(bm, options, error, words):
    with pytest.raises(error, match=words):
        bm.start_multiplex_socket(["a@trade", "a@ticker"], ignore, **options)
    assert bm._conns == {}


def test_a_work_queue_does_not_begin_with_an_id(bm):
    with pytest.raises(ValueError, match="begin together"):
        bm.start_trade_socket("A", ignore, group="a", since=5)


@pytest.mark.parametrize("options", [{"group": "a"}, {"since": TIME}])
def test_a_whole_market_that_is_rebuilt_is_read_from_now_on(bm, options):
    with pytest.raises(ValueError, match="whole market"):
        bm.start_ticker_socket(ignore, **options)
    assert bm._conns == {}


def test_a_beginning_in_the_past_leaves_the_other_options_as_they_are(bm, tmp_path):
    path = tmp_path / "cursors.json"
    keys = [
        bm.start_trade_socket(name, ignore, since=TIME, **options)
        for name, options in (("A", {"checkpoint": path}), ("B", {"gapless": True}), ("C", {}))
    ]
    saved, filled, plain = (bm._conns[key].history for key in keys)
    assert saved.checkpoint.path == path
    assert (saved.since, filled.since, plain) == (None, None, None)
    assert len(bm.starts) == 3
