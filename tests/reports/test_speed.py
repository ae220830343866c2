"""How long the pages of a large team take, and how large they get."""

import time
from pathlib import Path

import duckdb
import pytest

from followthrough.paths import Home
from followthrough.reports.refresh import refresh_pages
from followthrough.settings import from_environment
from tests.builders.published_version import publish

MOST_SECONDS, MOST_BYTES = 10, 3_000_000
SHOPS = 12


GROWN = """
CREATE TEMP TABLE numbers AS SELECT n, hash(n) AS h FROM range(4 * {customers}) AS t(n);
CREATE OR REPLACE TABLE marts.shops AS
SELECT 'b' || n AS shop_id, n || '号店' AS shop_name FROM range({shops}) AS t(n);
CREATE OR REPLACE TABLE marts.orders AS
SELECT 'x' || (h % {shops}) AS source_id, 'b' || (h % {shops}) AS shop_id, 'o' || n AS order_id,
    'CNY' AS currency, DATE '2026-09-30' - (h // 7 % 730)::INTEGER AS paid_date,
    (1000 + h % 90000)::BIGINT AS paid_fen, 'c' || (h // 11 % {customers}) AS customer_id,
    true AS counts_as_revenue, true AS counts_as_purchase, h % 10 > 0 AS is_retained,
    NULL::VARCHAR AS creator_id, if(h % 5 = 0, 'd' || (h % 97), NULL) AS creator_key,
    if(h % 10 > 0, 0, (1000 + h % 90000))::BIGINT AS refunded_fen
FROM numbers;
CREATE OR REPLACE TABLE marts.order_lines AS
SELECT source_id, shop_id, order_id, paid_date AS ordered_date, 'p' || (paid_fen % 5000) AS product_id,
    '商品' || (paid_fen % 5000) AS product_name, 1::BIGINT AS quantity, paid_fen AS amount_fen
FROM marts.orders;
CREATE OR REPLACE TABLE marts.refunds AS
SELECT source_id, shop_id, currency, 'refund_only' AS refund_kind, paid_date AS refunded_date,
    paid_fen AS refunded_fen
FROM marts.orders WHERE NOT is_retained;
CREATE OR REPLACE TABLE marts.shop_daily AS
SELECT shop_id, paid_date AS business_date, currency, count(*) AS orders, sum(paid_fen)::BIGINT AS paid_fen,
    sum(paid_fen)::BIGINT AS identified_paid_fen, 0::BIGINT AS refunded_before_shipping_fen,
    coalesce(sum(paid_fen) FILTER (NOT is_retained), 0)::BIGINT AS refunded_after_shipping_fen,
    0::BIGINT AS refunded_otherwise_fen
FROM marts.orders GROUP BY ALL;
CREATE OR REPLACE TABLE marts.customers AS
SELECT 'c' || n AS customer_id, 'wecom' AS acquisition_channel_id, 'consumer' AS customer_type,
    ['paying.at_risk', 'potential.lead', 'paying.first', 'loyal.repeat'][1 + n % 4] AS substage,
    DATE '2026-09-30' - (n % 400)::INTEGER AS stage_since_date, DATE '2026-09-30' AS first_paid_date,
    n AS net_fen, n % 3 = 0 AS is_wecom_contact, n % 5 = 0 AS is_follower
FROM range({customers}) AS t(n);
CREATE OR REPLACE TABLE marts.customer_stage_history AS
WITH stayed AS (
    SELECT n % {customers} AS customer, n // {customers} AS place, hash(n % {customers}) % 180 AS shift
    FROM numbers
)
SELECT 'c' || customer AS customer_id, 'consumer' AS customer_type,
    ['audience', 'potential', 'paying', 'loyal'][(place + 1)::INTEGER] AS stage, 'paying.first' AS substage,
    DATE '2024-10-01' + (place * 180 + shift)::INTEGER AS valid_from,
    CASE WHEN place < 3 THEN DATE '2024-10-01' + ((place + 1) * 180 + shift)::INTEGER END AS valid_to
FROM stayed;
CREATE OR REPLACE TABLE marts.stage_daily AS
SELECT stage_date::DATE AS stage_date, stage, stage || '.' || n AS substage, 10000::BIGINT AS customers,
    10::BIGINT AS explicitly_satisfied
FROM range(DATE '2024-10-01', DATE '2026-10-01', INTERVAL 1 DAY) AS d(stage_date), range(4) AS s(n),
    unnest(['audience', 'potential', 'paying', 'loyal']) AS t(stage);
CREATE OR REPLACE TABLE marts.stage_transitions_daily AS
SELECT stage_date, stage AS from_stage, substage AS from_substage, 'paying' AS to_stage,
    'paying.first' AS to_substage, 40::BIGINT AS customers
FROM marts.stage_daily;
INSERT INTO trust.freshness
SELECT 'x' || n, 'youzan__orders', n || '号店', '王运营', '后台', 'b' || n, 'orders', 'daily',
    TIMESTAMP '2026-10-01 11:00', DATE '2026-09-30', 'fresh'
FROM range({shops}) AS t(n);
"""


def grow(database: Path, customers: int) -> int:
    """Replace what was planted by two years of twelve shops; how many facts there are."""
    facts = "SELECT (SELECT count(*) FROM marts.orders) + (SELECT count(*) FROM marts.order_lines)"
    with duckdb.connect(str(database)) as connection:
        connection.execute(GROWN.format(customers=customers, shops=SHOPS))
        return int(connection.execute(facts).fetchall()[0][0])


def time_of(tmp_path: Path, customers: int) -> tuple[float, float, int, int]:
    """Seconds of a refresh beside a version to compare with, bytes of the largest page, and how many facts.

    The first seconds are those of all processors together: a machine with other work to do counts the same,
    and one that has nothing else to do needs no longer than that on the clock. The second are the clock's.
    """
    home = Home(tmp_path / "large").create()
    before = "000001-2026-09-29"
    for version, parent in ((before, None), ("000002-2026-09-30", before)):
        publish(home, version, parent)
        facts = grow(home.published / version / "followthrough.duckdb", customers)
    settings = from_environment({"FOLLOWTHROUGH_HOME": str(home.root), "FOLLOWTHROUGH_BROWSER": "none"})
    start, clock = time.process_time(), time.monotonic()
    refresh_pages(settings)
    took, on_the_clock = time.process_time() - start, time.monotonic() - clock
    return took, on_the_clock, max(page.stat().st_size for page in home.reports.glob("*.html")), facts


@pytest.mark.soak
def test_a_large_team_reads_its_pages_within_ten_seconds(tmp_path):
    took, on_the_clock, size, facts = time_of(tmp_path, 200_000)
    told = f"{took:.1f} s of all processors, {on_the_clock:.1f} s on the clock"
    print(f"{facts:,} facts: {told}, the largest page {size:,} bytes")
    assert facts == 1_600_000
    assert took < MOST_SECONDS
    assert size < MOST_BYTES


def test_pages_do_not_grow_with_the_customers(tmp_path):
    _, _, small, _ = time_of(tmp_path / "small", 500)
    _, _, large, _ = time_of(tmp_path / "large", 20_000)
    assert large < MOST_BYTES
    assert large < 1.2 * small
