"""The links of a manager's sockets to an engine that is not there."""

from types import SimpleNamespace

import pytest

from binance.relay.source import Source

URL = "nats://localhost/spot/stream?streams="


class Connection:
    pass


@pytest.fixture
def source(monkeypatch):
    monkeypatch.setattr(Source, "attach", lambda self, link: None)
    return Source("nats://localhost", lambda function, *args: None)


def test_each_connection_of_a_socket_goes_on_where_it_was_itself(source):
    connect, one, two = source.connector(None, None, 10), Connection(), Connection()
    starts = [
        connect(f"{URL}{name}", SimpleNamespace(connection=each))._start
        for each, name in ((one, "a@trade"), (two, "b@trade"), (one, "a@trade"))
    ]
    assert starts[0] is starts[2] is not starts[1]
