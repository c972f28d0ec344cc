from hypothesis import given
from hypothesis import strategies as st

from binance.simulator.market.order_book import Book

PRICES = st.integers(1, 30)
CHANGES = st.lists(
    st.tuples(st.booleans(), PRICES, st.integers(0, 9), st.booleans()), min_size=1, max_size=80
)


def opened():
    book = Book(100)
    book.set(True, 10, 5)
    book.set(True, 9, 4)
    book.set(False, 12, 3)
    book.set(False, 13, 2)
    return book


def test_best_and_worst_of_both_sides():
    book = opened()
    assert book.best() == (10, 5, 12, 3)
    assert (book.best_bid, book.best_ask, book.worst_of(True), book.worst_of(False)) == (
        10,
        12,
        9,
        13,
    )
    assert (book.at(True, 0), book.at(True, 1), book.at(True, 7)) == (10, 9, 9)
    assert (book.at(False, 0), book.at(False, 1), book.at(False, 7)) == (12, 13, 13)


def test_every_change_takes_the_next_update_id():
    book = opened()
    assert book.update_id == 104
    book.set(False, 12, 0)
    assert (book.update_id, book.best_ask) == (105, 13)


def test_the_top_is_best_first():
    assert opened().top(1) == ([(10, 5)], [(12, 3)])
    assert opened().top(5) == ([(10, 5), (9, 4)], [(12, 3), (13, 2)])


def test_a_diff_has_each_changed_level_once_with_its_last_quantity():
    book = opened()
    diff = book.start_diff()
    assert book.take_diff(diff) is None
    book.set(True, 10, 7)
    book.set(True, 11, 1)
    book.set(True, 10, 6)
    book.set(False, 12, 0)
    assert book.take_diff(diff) == (105, 108, [(11, 1), (10, 6)], [(12, 0)])
    assert book.take_diff(diff) is None
    book.set(False, 14, 1)
    assert book.take_diff(diff) == (109, 109, [], [(14, 1)])


def test_a_forgotten_diff_costs_nothing_more():
    book = opened()
    diff = book.start_diff()
    book.stop_diff(diff)
    book.set(True, 8, 1)
    assert book.diffs == []
    assert diff.changed == (set(), set())


@given(CHANGES)
def test_diffs_reproduce_the_book_and_join_without_a_hole(changes):
    book = opened()
    bids, asks = dict(book.bids), dict(book.asks)
    diff, last = book.start_diff(), book.update_id
    for buys, price, quantity, reads in changes:
        side = book.bids if buys else book.asks
        if quantity == 0 and price not in side:
            continue
        book.set(buys, price, quantity)
        if not reads:
            continue
        first, until, changed_bids, changed_asks = book.take_diff(diff)
        assert first == last + 1
        last = until
        for mine, changed in ((bids, changed_bids), (asks, changed_asks)):
            for level, left in changed:
                mine[level] = left
                if not left:
                    del mine[level]
        assert (bids, asks, last) == (book.bids, book.asks, book.update_id)
