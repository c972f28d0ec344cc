import pytest

from binance.tx.loop import reactor as tx_reactor
from binance.websockets import BinanceSocketManager
from simulation.world import install
from simulation.world.install import reactor
from tests.simulation.echo import Echo


def manager(is_wall: bool = False) -> tuple[BinanceSocketManager, Echo]:
    network = install.reset(1, is_wall=is_wall)
    network.exchange = Echo()
    made = BinanceSocketManager(None, allow_plain=True)
    made.STREAM_URL = "ws://stream.sim.example/"
    made.start()
    return made, network.exchange


@pytest.mark.parametrize("is_wall", [False, True])
def test_the_client_keeps_its_deadlines_when_the_wall_clock_is_set_back(is_wall: bool) -> None:
    bm, exchange = manager(is_wall)
    bm.start_trade_socket("BNBBTC", lambda m: None)
    reactor.run_until(10)
    reactor.jump(-3600)
    exchange.links[0].end.half_open()
    reactor.run_until(70)
    assert len(exchange.links) == 2, "the deaf link was replaced"


def test_the_clients_clock_is_its_own_or_the_users() -> None:
    install.reset(1, is_wall=False)
    assert tx_reactor.clock() is reactor
    install.reset(1, is_wall=True)
    assert tx_reactor.clock() is not reactor


def test_nothing_of_a_run_is_left_for_the_next() -> None:
    bm, _ = manager()
    bm.start_trade_socket("BNBBTC", lambda m: None)
    reactor.run_until(5)
    assert bm.is_alive()
    bm, _ = manager()
    assert not reactor.getDelayedCalls()
    reactor.run_until(1)
    assert [thread.name for thread in reactor.threads] == ["binance-manager"]
    bm.close()
    reactor.run_until(5)
    assert not reactor.threads
    assert not reactor.errors
