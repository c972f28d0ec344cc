"""A notebook shows a manager as a table of its sockets."""

from binance.websockets import BinanceSocketManager


def test_a_manager_shows_its_state_and_its_sockets() -> None:
    manager = BinanceSocketManager(None)
    manager.start_trade_socket("BNBBTC", print)
    shown = manager._repr_html_()
    assert shown.startswith("<table><caption>&lt;BinanceSocketManager: ")
    assert "<td>bnbbtc@trade</td>" in shown
    assert manager.stats() == {"bnbbtc@trade": dict(manager.stats()["bnbbtc@trade"])}
    manager.close()
