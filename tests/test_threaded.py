"""The books of `ThreadedDepthCacheManager`, without an exchange: names, callbacks, ends."""

import pytest

from binance.depth import following
from binance.threaded import ThreadedDepthCacheManager
from tests.depthcache.test_manager import ERROR, Pump, Sockets

NAME = "bnbbtc@depth10"


@pytest.fixture
def pump(monkeypatch: pytest.MonkeyPatch) -> Pump:
    pump = Pump()
    monkeypatch.setattr(following, "fetcher_of", lambda client, pool: pump)
    return pump


def test_a_book_that_has_ended_is_started_again_under_its_name(pump: Pump) -> None:
    dcm, sockets = ThreadedDepthCacheManager(), Sockets()
    for _ in range(3):
        assert dcm.start_depth_cache(print, "BNBBTC", bm=sockets) == NAME
        sockets.send(dict(ERROR))
    assert dcm.start_depth_cache(print, "BNBBTC", bm=sockets) == NAME
    assert "bnbbtc@depth" in sockets.callbacks
    dcm.stop_socket(NAME)
    assert sockets.callbacks == {}


def test_each_book_that_lives_has_a_name_of_its_own(pump: Pump) -> None:
    dcm, managers = ThreadedDepthCacheManager(), [Sockets() for _ in range(3)]
    names = [dcm.start_depth_cache(print, "BNBBTC", bm=sockets) for sockets in managers]
    assert len(set(names)) == 3
    dcm.stop()
    assert [sockets.callbacks for sockets in managers] == [{}, {}, {}]
