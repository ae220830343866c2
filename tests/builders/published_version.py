"""A minimal published version: two nights of five shops, written by hand.

Sums to know: on 2026-09-30 苔原 had 1,235.56 paid and 2,000.00 refunded, 松间 7,777.00 paid; a week before
苔原 had 1,000.00 paid and 松间 5,000.00.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import duckdb

from followthrough.paths import Home
from followthrough.publish import trust
from followthrough.publish.publish import switch
from followthrough.versions import history
from followthrough.versions.history import Manifest
from followthrough.warehouse.dbt_runner import replace_table

NIGHT, MADE = date(2026, 9, 30), datetime(2026, 10, 1, 8, 5)
BEFORE, WEEK_AGO = date(2026, 9, 29), date(2026, 9, 23)
COLUMNS: Mapping[str, str] = {
    "stages": "substage VARCHAR, stage VARCHAR, label_zh VARCHAR, label_en VARCHAR, stage_label_zh VARCHAR,"
              " stage_label_en VARCHAR",
    "stage_daily": "stage_date DATE, stage VARCHAR, substage VARCHAR, customers BIGINT,"
                   " explicitly_satisfied BIGINT",
    "stage_transitions_daily": "stage_date DATE, from_stage VARCHAR, from_substage VARCHAR, to_stage VARCHAR,"
                               " to_substage VARCHAR, customers BIGINT",
    "customer_stage_history": "customer_id VARCHAR, customer_type VARCHAR, stage VARCHAR, substage VARCHAR,"
                              " valid_from DATE, valid_to DATE",
    "customers": "customer_id VARCHAR, acquisition_channel_id VARCHAR, customer_type VARCHAR,"
                 " substage VARCHAR, stage_since_date DATE, first_paid_date DATE, net_fen BIGINT,"
                 " is_wecom_contact BOOLEAN, is_follower BOOLEAN",
    "excluded_customers": "customer_id VARCHAR",
    "channels": "channel_id VARCHAR, label_zh VARCHAR, label_en VARCHAR",
    "shops": "shop_id VARCHAR, shop_name VARCHAR",
    "shop_daily": "shop_id VARCHAR, business_date DATE, currency VARCHAR, orders BIGINT, paid_fen BIGINT,"
                  " identified_paid_fen BIGINT, refunded_before_shipping_fen BIGINT,"
                  " refunded_after_shipping_fen BIGINT, refunded_otherwise_fen BIGINT",
    "orders": "source_id VARCHAR, shop_id VARCHAR, order_id VARCHAR, currency VARCHAR, paid_date DATE,"
              " paid_fen BIGINT, customer_id VARCHAR, counts_as_revenue BOOLEAN, counts_as_purchase BOOLEAN,"
              " is_retained BOOLEAN, creator_id VARCHAR, creator_key VARCHAR, refunded_fen BIGINT",
    "creators": "creator_id VARCHAR, creator_name VARCHAR",
    "spend_daily": "spent_date DATE, channel VARCHAR, kind VARCHAR, creator_id VARCHAR, amount_fen BIGINT,"
                   " impressions BIGINT, clicks BIGINT",
    "order_lines": "source_id VARCHAR, shop_id VARCHAR, order_id VARCHAR, ordered_date DATE,"
                   " product_id VARCHAR, product_name VARCHAR, quantity BIGINT, amount_fen BIGINT",
    "refunds": "source_id VARCHAR, shop_id VARCHAR, currency VARCHAR, refund_kind VARCHAR,"
               " refunded_date DATE, refunded_fen BIGINT",
    "targets": "target_month DATE, shop_id VARCHAR, metric VARCHAR, target_fen BIGINT, target_count BIGINT",
    "sheet_status": "sheet VARCHAR, is_present BOOLEAN, consequence_zh VARCHAR, consequence_en VARCHAR",
    "contents": "content_id VARCHAR, channel_id VARCHAR, title VARCHAR",
    "content_daily": "content_id VARCHAR, stat_date DATE, views BIGINT, followers_gained BIGINT,"
                     " shares BIGINT",
    "metrics": "code VARCHAR, label_zh VARCHAR, label_en VARCHAR, definition_zh VARCHAR,"
               " definition_en VARCHAR, formula VARCHAR, platform_synonym_zh VARCHAR",
}  # fmt: skip
_REPEAT = ("paying.first", "paying", "首次购买", "First purchase", "付费客户", "Paying")
ROWS: Mapping[str, list[tuple[Any, ...]]] = {
    "stages": [
        ("audience.aware", "audience", "已知晓", "Aware", "受众", "Audience"),
        ("potential.lead", "potential", "已留资", "Lead", "潜在客户", "Potential"),
        _REPEAT,
        ("loyal.repeat", "loyal", "忠诚复购", "Repeat buyer", "忠诚客户", "Loyal"),
    ],
    "stage_daily": [
        (NIGHT, "paying", "paying.first", 1203, 7), (BEFORE, "paying", "paying.first", 1200, 7),
        (NIGHT, "loyal", "loyal.repeat", 80, 20), (BEFORE, "loyal", "loyal.repeat", 82, 20),
    ],
    "stage_transitions_daily": [
        (NIGHT, "__new__", "__new__", "paying", "paying.first", 2),
        (NIGHT, "potential", "potential.lead", "paying", "paying.first", 1),
        (NIGHT, "loyal", "loyal.repeat", "paying", "paying.first", 2),
        (NIGHT, "paying", "paying.first", "paying", "paying.first", 1198),
        (WEEK_AGO, "audience", "audience.aware", "paying", "paying.first", 5),
    ],
    "customer_stage_history": [
        ("c1", "consumer", "potential", "potential.lead", date(2026, 9, 20), NIGHT),
        ("c1", "consumer", "paying", "paying.first", NIGHT, None),
        ("c2", "consumer", "audience", "audience.aware", date(2026, 9, 20), WEEK_AGO),
        ("c2", "consumer", "paying", "paying.first", WEEK_AGO, date(2026, 9, 28)),
        ("c2", "consumer", "loyal", "loyal.repeat", date(2026, 9, 28), NIGHT),
        ("c2", "consumer", "paying", "paying.first", NIGHT, None),
        ("c3", "staff", "paying", "paying.first", NIGHT, None),
    ],
    "customers": [
        ("c1", "wecom", "consumer", "paying.first", NIGHT, NIGHT, 123456, True, False),
        ("c2", "wecom", "consumer", "paying.first", NIGHT, WEEK_AGO, 877700, True, False),
        ("c3", "wecom", "staff", "potential.lead", NIGHT, None, 0, True, False),
    ],
    "excluded_customers": [("c3",)],
    "channels": [("wecom", "企业微信", "WeCom"), ("xiaohongshu", "小红书", "Xiaohongshu")],
    "shops": [("s1", "苔原商城"), ("s2", "松间生活馆"), ("s3", "新店")],
    "shop_daily": [
        ("s1", NIGHT, "CNY", 2, 123556, 123456, 50000, 150000, 0),
        ("s2", NIGHT, "CNY", 1, 777700, 777700, 0, 0, 0),
        ("s1", WEEK_AGO, "CNY", 1, 100000, 100000, 0, 0, 0),
        ("s2", WEEK_AGO, "CNY", 1, 500000, 0, 0, 0, 0),
        ("s2", NIGHT, "GBP", 1, 500, 0, 0, 0, 0),
    ],
    "orders": [
        ("moss", "s1", "o1", "CNY", NIGHT, 123456, "c1", True, True, True, None, None, 0),
        ("moss", "s1", "o2", "CNY", NIGHT, 100, None, True, True, True, None, None, 0),
        ("moss", "s1", "o3", "CNY", WEEK_AGO, 100000, "c2", True, True, True, None, None, 0),
        ("pine", "s2", "o4", "CNY", NIGHT, 777700, "c2", True, True, True, None, None, 0),
        ("pop_up", None, "o5", "CNY", NIGHT, 5000, None, True, True, True, None, None, 0),
        ("pop_up", None, "o6", "CNY", NIGHT, 9900, None, False, False, False, None, None, 0),
    ],
    "order_lines": [
        ("moss", "s1", "o1", NIGHT, "p1", "面霜", 2, 100000),
        ("moss", "s1", "o1", NIGHT, "p2", "面膜", 1, 23456),
        ("moss", "s1", "o3", WEEK_AGO, "p2", "面膜", 4, 100000),
    ],
    "refunds": [
        ("moss", "s1", "CNY", "before_shipping", NIGHT, 50000),
        ("moss", "s1", "CNY", "return_and_refund", NIGHT, 150000),
    ],
    "targets": [
        (date(2026, 9, 1), "s1", "net", 500000, None), (date(2026, 9, 1), "s1", "new_paying", None, 10),
    ],
    "creators": [("a", "达人甲")],
    "spend_daily": [],
    "sheet_status": [("targets", True, None, None), ("spend", True, None, None)],
    "contents": [("n1", "xiaohongshu", "护手霜测评")],
    "content_daily": [("n1", NIGHT, 1200, 8, None), ("n1", BEFORE, 1000, 5, 3)],
    "metrics": [
        ("net", "净支付额", "Net", "支付减退款。", "Paid minus refunded.", "sum(shop_daily.net_fen)", None),
    ],
}  # fmt: skip


def feed(source: str, label: str, shop: str | None, covered: date | None, state: str = "") -> tuple[Any, ...]:
    """A row of ``trust.freshness`` for a source's orders: fresh where it covers the night, or else late."""
    due = datetime(2026, 10, 1, 11)
    judged = state or ("fresh" if covered == NIGHT else "late")
    return (
        source,
        "youzan__orders",
        label,
        "王运营",
        "后台 > 导出",
        shop,
        "orders",
        "daily",
        due,
        covered,
        judged,
    )


ARRIVED = [
    feed("moss", "苔原", "s1", NIGHT),
    feed("pine", "松间", "s2", NIGHT),
    feed("new", "新", "s3", NIGHT),
    feed("pop_up", "快闪店", None, NIGHT),
]


def publish(
    home: Home,
    version: str = "000001-2026-09-30",
    parent: str | None = None,
    made: datetime = MADE,
    trusted: Mapping[str, Iterable[tuple[Any, ...]]] | None = None,
    **tables: list[tuple[Any, ...]],
) -> Manifest:
    """Write a version with these tables in place of those above, and switch readers to it."""
    rows = {"freshness": ARRIVED, **(trusted or {})}
    checks = {"passed": 212, "warned": 3, "failed": 1}
    late = tuple(sorted({row[0] for row in rows["freshness"] if row[-1] != "fresh"}))
    manifest = Manifest(version, version[7:], parent, made.isoformat(), "", "", "", (), {}, checks, 7, late)
    folder = home.published / version
    folder.mkdir()
    (folder / "manifest.json").write_text(manifest.to_json(), "utf-8")
    history.keep(home, manifest)
    with duckdb.connect(str(folder / "followthrough.duckdb")) as connection:
        connection.execute("CREATE SCHEMA marts; CREATE SCHEMA trust")
        for table, columns in COLUMNS.items():
            connection.execute(f"CREATE TABLE marts.{table} ({columns})")
            for row in tables.get(table, ROWS[table]):
                connection.execute(f"INSERT INTO marts.{table} VALUES ({', '.join('?' * len(row))})", row)
        for name, columns_of in trust.COLUMNS.items():
            replace_table(connection, f"trust.{name}", columns_of, list(rows.get(name, [])))
    switch(home, version)
    return manifest
