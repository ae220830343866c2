"""The benchmark of nights runs real ones, and tells what they took by step."""

from datetime import timedelta

import duckdb
import pytest

from benchmarks.bench_night import NIGHT, Night, bare, bounds, deliver, run_night, table
from benchmarks.orders import write


def test_orders_of_other_days_are_other_orders(tmp_path):
    seen = set()
    for day, days in ((NIGHT, 1), (NIGHT + timedelta(1), 1), (NIGHT - timedelta(1), 30)):
        write(tmp_path, 300, ("utf-8",), day, days)
        with duckdb.connect() as connection:
            rows = connection.execute(
                "SELECT 订单号, 订单创建时间::DATE "
                f"FROM read_csv('{tmp_path}/orders.utf-8.csv', all_varchar = true)"
            ).fetchall()
        assert not {number for number, _ in rows} & seen
        seen |= {number for number, _ in rows}
        assert {made for _, made in rows} == {day - timedelta(n) for n in range(days)}
    assert len(seen) == 900


def test_duckdb_alone_makes_the_core_of_the_same_rows(tmp_path):
    folder = tmp_path / "accepted" / "youzan__orders"
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            COPY (SELECT 'E1' AS order_id, 'p' AS phone_hmac, 'finished' AS status, 1 AS row_number,
            TIMESTAMP '2026-09-01' AS created_at, TIMESTAMP '2026-09-01' AS paid_at,
            NULL::TIMESTAMP AS finished_at, 900 AS paid_fen, NULL::BIGINT AS refunded_fen)
            TO '{folder}/l1.parquet'"""
        )
    seconds, worked = bare(tmp_path, NIGHT)
    assert seconds > 0
    assert worked > 0


def test_a_night_that_publishes_nothing_stops_the_benchmark(tmp_path):
    (tmp_path / "sources.toml").write_text("[sources.moss]\nplatform = 'nobody'\n")
    deliver(tmp_path / "home", 10, NIGHT, 1)
    with pytest.raises(SystemExit, match="ended with status"):
        run_night(tmp_path / "home", tmp_path / "sources.toml", NIGHT)


def test_the_table_and_the_bounds_are_of_the_steps():
    nights = {
        "first": Night({"load_youzan": 8.0, "build": 40.0, "notify": 0.0}, 50.0, 60.0),
        "nothing new": Night({"build": 5.0}, 10.0, 11.0),
        "500 more": Night({"build": 8.5, "publish": 2.0, "refresh": 1.0, "workbook": 3.0}, 20.0, 21.0),
    }
    told = table(nights).splitlines()
    assert told[0] == "| step | first | nothing new | 500 more |"
    assert "| build | 40.0 s | 5.0 s | 8.5 s |" in told
    assert "| outside every step | 2.0 s | 5.0 s | 5.5 s |" in told
    assert not any("notify" in line for line in told)
    assert bounds(nights) == (
        "build, gate 2, publish 10.5 s; pages and workbook 4.0 s; build of an empty night 5.0 s; "
        "(night after - empty) / (first - empty), build: 0.10"
    )
