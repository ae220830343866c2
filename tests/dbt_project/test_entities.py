"""What platforms feed meets in one table per entity, whatever each of them lacks."""

import duckdb
import pytest

from followthrough.versions import candidate


@pytest.fixture(scope="module")
def columns(empty):
    """Names and types of the columns of a table of the empty candidate."""
    with duckdb.connect(str(candidate.private_file(empty.home)), read_only=True) as connection:
        yield lambda table: {row[0]: row[1] for row in connection.execute(f"DESCRIBE {table}").fetchall()}


@pytest.mark.parametrize(
    ("feed", "table", "name", "type_"),
    [
        ("stg_jd__orders", "int_orders_unioned", "transaction_id", "VARCHAR"),
        ("stg_youzan__refunds", "int_refunds_unioned", "buyer_hmac", "VARCHAR"),
        ("stg_jinshuju__leads", "int_leads_unioned", "ended_at", "TIMESTAMP"),
        ("stg_wechat_oa__article_totals", "int_content_totals_unioned", "likes", "BIGINT"),
        ("stg_wechat_oa__user_summary", "int_audience_days", "followers", "BIGINT"),
    ],
)
def test_what_an_export_lacks_has_its_type_all_the_same(columns, feed, table, name, type_):
    assert name not in columns(f"staging.{feed}"), "it is not written by hand"
    assert columns(f"intermediate.{table}")[name] == type_


def test_what_a_feed_has_is_taken_from_it(empty):
    (compiled,) = (empty.home.dbt / "target" / "compiled").rglob("int_orders_unioned.sql")
    selects = compiled.read_text("utf-8").split("union all")
    assert len(selects) == 4
    filled = {s.split("stg_")[1].split("__")[0]: s.count("cast(null as") for s in selects}
    assert filled == {"doudian": 2, "jd": 4, "taobao": 3, "youzan": 1}
