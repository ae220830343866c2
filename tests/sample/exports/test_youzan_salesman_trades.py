"""Orders of the two shops that somebody brought."""

from collections import Counter
from decimal import Decimal

from tests.builders.sample_files import orders_of


def trades_of(deliveries, read_documents):
    """Brought orders by the file that shows them, and what each file says it holds."""
    for d in (d for d in deliveries if d.name.startswith("salesman_trades_")):
        pages = [page["data"] for page in read_documents(d)]
        yield d, [trade for page in pages for trade in page["list"]], {page["total"] for page in pages}


def test_a_brought_order_is_one_of_the_shops_with_what_the_seller_earns(
    delivered, read_orders, read_documents
):
    goods = {
        (d.source, row["订单号"]): Decimal(row["应收订单金额"]) - Decimal(row["运费"])
        for d in orders_of(delivered)
        for row in read_orders(d)
    }
    for d, trades, totals in trades_of(delivered, read_documents):
        assert totals == {len(trades)}
        for trade in trades:
            assert goods[d.source, trade["order_no"]] == Decimal(trade["money"])
            assert trade["cps_money"] == trade["items"][0]["i_cps_money"]
            assert Decimal(trade["cps_money"]) <= Decimal(trade["money"]) / 10
    earned = [trade["cps_money"] for _, trades, _ in trades_of(delivered, read_documents) for trade in trades]
    assert 0 < earned.count("0.00") < len(earned) / 2


def test_one_seller_has_brought_far_more_than_any_other(delivered, read_documents):
    sellers = {
        trade["order_no"]: trade["phone"]
        for _, trades, _ in trades_of(delivered, read_documents)
        for trade in trades
    }
    (_, most), (_, next_most) = Counter(sellers.values()).most_common(2)
    assert most > 3 * next_most > 3
