"""Scripts as people wrote them for the asynchronous names of python-binance 1.0.

Each coroutine has the shape of a public script, and ends once it has seen what it is about.
"""

import asyncio

import pytest

from binance import (
    AsyncClient,
    BinanceAPIException,
    BinanceSocketManager,
    BinanceStreamLost,
    DepthCacheManager,
    ReadLoopClosed,
    WSListenerState,
)
from binance.enums import FuturesType
from tests.pace import paced
from tests.websockets.surroundings import simulated

pytestmark = [pytest.mark.loopback, pytest.mark.process]

KEY, SECRET = "K" * 64, "S" * 64
DEADLINE = paced(60.0)


@pytest.fixture(scope="module", autouse=True)
def exchange():
    """The environment of these scripts leads to a simulated exchange."""
    with simulated(seed=5, symbols=["BTCUSDT", "ETHUSDT", "BNBBTC"], rate=50) as process:
        yield process


def run(script):
    return asyncio.run(asyncio.wait_for(script, DEADLINE))


def test_a_trade_socket():
    async def main():
        client = await AsyncClient.create()
        bm = BinanceSocketManager(client)
        ts = bm.trade_socket("BNBBTC")
        assert ts.ws_state is WSListenerState.INITIALISING
        async with ts as tscm:
            for _ in range(3):
                res = await tscm.recv()
                assert (res["e"], res["s"]) == ("trade", "BNBBTC")
            assert ts.ws_state is WSListenerState.STREAMING
        assert ts.ws_state is WSListenerState.EXITING
        await client.close_connection()
        return bm

    bm = run(main())
    bm.join(DEADLINE)
    assert not bm.is_alive()  # nothing keeps the process from ending


def test_a_depth_cache():
    async def main():
        client = await AsyncClient.create()
        dcm = DepthCacheManager(client, "BNBBTC", ws_interval=100)
        updates = []
        async with dcm as dcm_socket:
            assert dcm.get_depth_cache().get_bids()[0]
            for _ in range(3):
                depth_cache = await dcm_socket.recv()
                updates.append(depth_cache.update_time)
                bids, asks = depth_cache.get_bids(), depth_cache.get_asks()
                assert bids[0][0] < asks[0][0]
                assert depth_cache.symbol == "BNBBTC"
        assert updates == sorted(updates)
        with pytest.raises(ReadLoopClosed, match="the book was closed"):
            await dcm.recv()
        await client.close_connection()

    run(main())


def test_a_depth_cache_on_a_shared_manager_lets_the_process_end():
    async def main():
        client = await AsyncClient.create()
        bm = BinanceSocketManager(client)
        dcm = DepthCacheManager(client, "BNBBTC", bm=bm)
        async with dcm as dcm_socket, bm.trade_socket("BNBBTC") as stream:
            await stream.recv()
            await dcm_socket.recv()
            assert await dcm.close() is None
            assert bm.is_alive()  # for the trades
            await stream.recv()
        await client.close_connection()
        return bm

    bm = run(main())
    bm.join(DEADLINE)
    assert not bm.is_alive()


def test_a_depth_cache_that_is_closed_or_refused_while_it_is_awaited():
    async def main():
        client = await AsyncClient.create()
        unopened = DepthCacheManager(client, "ETHUSDT")
        with pytest.raises(ReadLoopClosed, match="async with"):
            await unopened.recv()
        unopened.close()
        with pytest.raises(BinanceAPIException, match="Invalid symbol"):
            await DepthCacheManager(client, "NONESUCH").__aenter__()
        async with DepthCacheManager(client, "BTCUSDT") as dcm:
            await dcm.recv()
            waiting = asyncio.ensure_future(never_changes(dcm))
            await asyncio.sleep(0)
            await asyncio.to_thread(dcm.close)
            with pytest.raises(ReadLoopClosed):
                await waiting

    async def never_changes(dcm):
        while True:
            await dcm.recv()

    run(main())


def test_the_tickers_of_all_contracts():
    async def main():
        bm = BinanceSocketManager(await AsyncClient.create())
        for socket in (bm.futures_ticker_socket(), bm.futures_coin_ticker_socket()):
            async with socket as stream:
                res = await stream.recv()
                assert res["stream"] == "!ticker@arr"
                assert res["data"][0]["e"] == "24hrTicker"
        bm.close()

    run(main())


def test_calls_are_awaited():
    async def main():
        client = await AsyncClient.create(KEY, SECRET)
        info = await client.get_exchange_info()
        assert "BTCUSDT" in {one["symbol"] for one in info["symbols"]}
        klines = await client.get_historical_klines(
            "BTCUSDT", AsyncClient.KLINE_INTERVAL_1MINUTE, "10 minutes ago UTC"
        )
        assert len(klines[0]) == 12
        account, tickers = await asyncio.gather(client.get_account(), client.get_all_tickers())
        assert account["canTrade"]
        assert len(tickers) == 3
        with pytest.raises(BinanceAPIException) as refused:
            await client.get_order(symbol="BTCUSDT", orderId=987654321)
        assert refused.value.code == -2013
        await client.close_connection()

    run(main())


def test_candles_are_yielded():
    async def main():
        async with AsyncClient() as client:
            found = [
                kline
                async for kline in await client.get_historical_klines_generator(
                    "BTCUSDT", "1m", "10 minutes ago UTC"
                )
            ]
            assert len(found) >= 9

    run(main())


def test_several_sockets_at_once():
    async def kline_listener(bm, symbol, seen):
        async with bm.kline_socket(symbol=symbol) as stream:
            res = await stream.recv()
            seen.append(res["s"])

    async def main():
        client = await AsyncClient.create()
        bm, seen = BinanceSocketManager(client), []
        await asyncio.gather(*(kline_listener(bm, s, seen) for s in ("BTCUSDT", "BNBBTC")))
        assert sorted(seen) == ["BNBBTC", "BTCUSDT"]

    run(main())


def test_a_multiplex_socket():
    async def main():
        bm = BinanceSocketManager(await AsyncClient.create())
        streams = ["bnbbtc@aggTrade", "btcusdt@ticker"]
        async with bm.multiplex_socket(streams) as tscm:
            seen = set()
            while len(seen) < 2:
                res = await tscm.recv()
                seen.add((res["stream"], res["data"]["s"]))
        assert seen == {("bnbbtc@aggTrade", "BNBBTC"), ("btcusdt@ticker", "BTCUSDT")}

    run(main())


def test_the_user_socket():
    async def main():
        client = await AsyncClient.create(KEY, SECRET)
        bm = BinanceSocketManager(client)
        async with bm.user_socket() as stream:
            order = await client.order_market_buy(symbol="BTCUSDT", quantity="0.002")
            while (event := await stream.recv())["e"] != "executionReport":
                pass
            assert event["i"] == order["orderId"]

    run(main())


def test_the_futures_user_socket():
    async def main():
        client = await AsyncClient.create(api_key=KEY, api_secret=SECRET)
        bm = BinanceSocketManager(client)
        async with bm.futures_user_socket() as stream:
            await client.futures_create_order(
                symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.01"
            )
            while (event := await stream.recv())["e"] != "ORDER_TRADE_UPDATE":
                pass
            assert event["o"]["s"] == "BTCUSDT"

    run(main())


def test_sockets_of_futures():
    async def main():
        bm = BinanceSocketManager(await AsyncClient.create())
        async with bm.futures_multiplex_socket(["btcusdt@markPrice@1s"]) as stream:
            assert (await stream.recv())["data"]["e"] == "markPriceUpdate"
        async with bm.kline_futures_socket("BTCUSD", futures_type=FuturesType.COIN_M) as stream:
            assert (await stream.recv())["ps"] == "BTCUSD"

    run(main())


def test_a_lost_connection_is_told_between_messages(exchange):
    async def main():
        bm = BinanceSocketManager(await AsyncClient.create())
        async with bm.trade_socket("BTCUSDT") as stream:
            await stream.recv()
            await asyncio.to_thread(exchange.fault, "drop")
            while (res := await stream.recv())["e"] != "error":
                pass
            assert res["type"] == "ConnectionClosedError"
            assert (await stream.recv())["e"] == "trade"

    run(main())


def test_the_end_of_a_socket():
    async def main():
        bm = BinanceSocketManager(await AsyncClient.create("x" * 64, "y" * 64))
        user = bm.user_socket()
        for _ in range(2):  # a script opens it again
            with pytest.raises(BinanceStreamLost):
                await user.connect()
        with pytest.raises(ReadLoopClosed):
            await bm.trade_socket("BTCUSDT").recv()

    run(main())
