"""What a BI tool sees: yuan, Chinese labels, and views that work under any name of the file."""

from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from followthrough.publish import bi_views as bi
from followthrough.publish.catalogue import PublishedColumn, PublishedTable, published

ORDERS = PublishedTable(
    "marts",
    "orders",
    "One row per order; it's so.",
    "每行一个'订单'。",
    "订单",
    "Orders",
    "",
    (
        PublishedColumn("order_id", "string", "Its number.", "订单的编号。", "订单号", "Order"),
        PublishedColumn("paid_fen", "bigint", "What was paid.", "付了多少。", "实付金额(分)", "Paid (fen)"),
    ),
)
BILLS = replace(ORDERS, schema="trust", name="bills")


@pytest.fixture
def seen(tmp_path):
    """The schema ``bi`` as a reader sees it who attached the file under a name of his own."""
    path = tmp_path / "followthrough.duckdb"
    with duckdb.connect(str(path)) as connection:
        for table in ("marts.orders", "trust.bills"):
            connection.execute(f"CREATE SCHEMA {table.split('.')[0]}")
            connection.execute(f"CREATE TABLE {table} (order_id VARCHAR, paid_fen BIGINT)")
        connection.execute(
            "INSERT INTO marts.orders VALUES ('E1', 922337203685477), ('E2', -1), ('E3', NULL)"
        )
    for _ in range(2):
        bi.write(path, (ORDERS, BILLS, replace(ORDERS, name="refunds")))
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS elsewhere (READ_ONLY)")
        yield connection


def test_amounts_are_exact_yuan(seen):
    paid = seen.sql("SELECT paid_yuan FROM elsewhere.bi.orders ORDER BY order_id").fetchall()
    assert paid == [(Decimal("9223372036854.77"),), (Decimal("-0.01"),), (None,)]
    assert str(seen.sql("SELECT paid_yuan FROM elsewhere.bi.orders").types[0]) == "DECIMAL(18,2)"


def test_columns_carry_their_chinese_labels(seen):
    comments = seen.sql(
        "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'bi' ORDER BY ALL"
    ).fetchall()
    labels = [("order_id", "订单号"), ("paid_yuan", "实付金额(元)")]
    assert comments == [(table, *label) for table in ("orders", "trust_bills") for label in labels]


def test_only_tables_that_are_there_have_a_view(seen):
    views = seen.sql("SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'bi'").fetchall()
    assert views == [("orders", "订单:每行一个'订单'。"), ("trust_bills", "订单:每行一个'订单'。")]


@pytest.mark.parametrize("table", published().values(), ids=lambda table: table.full_name)
def test_names_and_labels_are_unique_and_amounts_have_their_unit(table):
    assert len({bi.shown_name(column) for column in table.columns}) == len(table.columns)
    assert len({bi.label(column) for column in table.columns}) == len(table.columns)
    for column in table.columns:
        assert column.name.endswith("_fen") == column.label_zh.endswith("(分)"), column.name
