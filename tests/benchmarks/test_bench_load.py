"""The benchmark of the load runs, and every contender brings in every row."""

from pathlib import Path

import pytest

from benchmarks.bench_load import Measured, bench, table
from benchmarks.contenders import CONTENDERS
from benchmarks.orders import write

ROWS = 2_000


def test_every_contender_brings_in_every_row() -> None:
    results = bench(ROWS, 1, [each.__name__ for each in CONTENDERS])
    assert {name: one.rows for name, one in results.items()} == {c.__name__: ROWS for c in CONTENDERS}
    assert all(one.seconds > 0 and one.processor_seconds > 0 and one.peak_mb > 10 for one in results.values())


def test_the_export_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, ROWS)
    one, two = ({f.name: f.read_bytes() for f in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert one["orders.gb18030.csv"].decode("gb18030") == one["orders.utf-8.csv"].decode("utf-8")
    assert one["orders.utf-8.csv"].count(b"\n") == ROWS + 1


def test_the_table_says_how_each_stands_to_bare_duckdb() -> None:
    told = table({"duckdb": Measured(100, 2.0, 4.0, 50.0), "dlt_rows": Measured(100, 8.0, 6.0, 75.0)})
    assert told.splitlines()[-1] == "| dlt rows | 12 | 0.25 x | 1.50 x | 75 MB |"


def test_a_contender_that_fails_stops_the_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="nobody failed with status 1"):
        bench(10, 1, ["nobody"])
