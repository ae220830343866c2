"""A published version of some marts, small enough to mirror repeatedly."""

import duckdb

from followthrough.paths import Home
from followthrough.publish import bi_views as bi
from followthrough.publish import trust
from followthrough.publish.catalogue import marts, published
from followthrough.publish.publish import switch
from followthrough.publish.summaries import summarise
from followthrough.versions.history import Manifest
from followthrough.warehouse.dbt_runner import replace_table

NAMES = ("brands", "orders", "shop_daily", "stages")
TABLES = len(NAMES) + len(trust.COLUMNS)
TYPES = {"string": "VARCHAR", "decimal(18, 6)": "DECIMAL(18, 6)"}
HOSTILE = "'); DROP TABLE orders; -- \\ \" \n\t %s 表情😀"


def publish(home: Home, number: int, orders: int, names: tuple[str, ...] = NAMES) -> str:
    """Publish a small version of some marts with ``orders`` orders of one fen each."""
    version = f"{number:06}-2026-11-11"
    folder = home.published / version
    folder.mkdir(parents=True)
    database = folder / "followthrough.duckdb"
    described = marts()
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE SCHEMA marts; CREATE SCHEMA trust")
        for name in names:
            columns = ", ".join(f'"{c.name}" {TYPES.get(c.type, c.type)}' for c in described[name].columns)
            connection.execute(f"CREATE TABLE marts.{name} ({columns})")
        connection.execute(
            """INSERT INTO marts.orders BY NAME SELECT 's' AS source_id, 'E' || n AS order_id,
            'shop' AS shop_id, ? AS sales_channel, 1 AS paid_fen, '' AS status, true AS is_retained,
            '视频号' AS channel_id, DATE '2026-11-11' AS ordered_date,
            TIMESTAMP '2026-11-11 00:30:00' AS ordered_at FROM range(?) AS r(n)""",
            [HOSTILE, orders],
        )
        connection.execute(
            """INSERT INTO marts.shop_daily BY NAME SELECT 'shop' AS shop_id, 'CNY' AS currency,
            DATE '2026-11-11' AS business_date, ?::BIGINT AS orders""",
            [orders],
        )
        for name, kinds in trust.COLUMNS.items():
            replace_table(connection, f"trust.{name}", kinds, [])
        connection.execute("INSERT INTO trust.freshness BY NAME SELECT 'a' AS source_id")
    bi.write(database, published().values())
    manifest = Manifest(
        version=version,
        night="2026-11-11",
        parent=None,
        created_at="2026-11-12T07:30:00",
        run_id="",
        fingerprint="",
        key_fingerprint="",
        loads=(),
        tables=summarise(database, {}),
        checks={},
        quarantined_rows=0,
        late_sources=(),
    )
    (folder / "manifest.json").write_text(manifest.to_json(), "utf-8")
    switch(home, version)
    return version
