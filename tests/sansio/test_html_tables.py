"""What a notebook shows of an order book, and how it shows values."""

from decimal import Decimal

from binance.depth.cache import DepthCache
from binance.sansio.book.orderbook import BookSnapshot, Level
from binance.sansio.wire.html_tables import LEVELS, book, table


def test_every_text_is_escaped() -> None:
    shown = table("<b>", ["<i>"], [["<script>alert('x')</script>", '"&"']])
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert "<script" not in shown
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;" in shown
    assert "&quot;&amp;&quot;" in shown


def test_each_value_is_shown_by_its_type() -> None:
    cells = [12345, True, False, None, 0.123, 0.0071, {"p50": 0.007, "error": None}]
    assert table("", [], [cells]).endswith(
        "<tr><td>12,345</td><td>yes</td><td>no</td><td>-</td><td>0.1</td><td>0.007</td>"
        "<td>p50 0.007, error -</td></tr></table>"
    )


def test_a_book_shows_bids_and_asks_side_by_side() -> None:
    bids = (Level(Decimal("9.50"), Decimal("1.0")), Level(Decimal("9"), Decimal("2")))
    asks = (Level(Decimal("10"), Decimal("3")),)
    shown = book(BookSnapshot("BNBBTC", 7, None, True, bids, asks))
    assert shown == (
        "<table><caption>BNBBTC, in sync</caption>"
        "<tr><th>quantity</th><th>bid</th><th>ask</th><th>quantity</th></tr>"
        "<tr><td>1.0</td><td>9.50</td><td>10</td><td>3</td></tr>"
        "<tr><td>2</td><td>9</td><td></td><td></td></tr>"
        "</table>"
    )
    assert "out of sync" in book(BookSnapshot("BNBBTC", None, None, False, (), ()))


def test_a_depth_cache_shows_its_best_levels_only() -> None:
    cache = DepthCache("BNBBTC")
    for price in range(1, 100):
        cache.add_bid([str(price), "1"])
    shown = cache._repr_html_()
    assert shown.count("<tr>") == 1 + LEVELS
    assert "<td>99</td>" in shown
    assert f"<td>{99 - LEVELS}</td>" not in shown
