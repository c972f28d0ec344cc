"""Factories that users drive themselves: how often and how soon they are retried."""

from binance.sansio.reconnect import RetryPolicy
from binance.tx import adopted
from binance.tx.adopted import BinanceClientFactory


def factory(**attributes):
    made = BinanceClientFactory("ws://127.0.0.1:1/ws/bnbbtc@trade")
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def test_the_retries_are_those_of_all_sockets():
    assert adopted._policy(factory()) == RetryPolicy()


def test_their_number_alone_may_be_set():
    assert adopted._policy(factory(maxRetries=9)) == RetryPolicy(max_retries=9)
    assert adopted._policy(factory(maxRetries=None)) == RetryPolicy(max_retries=None)


def test_without_reconnect_there_are_none():
    assert adopted._policy(factory(reconnect=False)) == RetryPolicy(max_retries=0)


def test_delays_set_by_twisteds_names_are_kept():
    policy = adopted._policy(factory(initialDelay=0.5, maxDelay=3.0, factor=2.0, jitter=None))
    assert policy == RetryPolicy(initial=0.5, factor=2.0, maximum=3.0, jitter=0.0)
    assert [policy.delay(retry, 0.9) for retry in range(1, 6)] == [0.5, 1.0, 2.0, 3.0, 3.0]


def test_a_class_of_ones_own_may_set_them():
    class Patient(BinanceClientFactory):
        initialDelay = 2

    assert adopted._policy(Patient("ws://127.0.0.1:1/")).initial == 2
