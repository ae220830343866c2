"""dbt's connection is locked: whatever a model or a hook says, nothing outside its folders is reached."""

from pathlib import Path

import duckdb
import pytest

from followthrough.database import literal
from followthrough.errors import FollowthroughError


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "select * from read_text('{home}/keys/hmac')",
        "select * from read_text('{home}/bronze/../keys/hmac')",
        "select * from glob('{home}/landing/**')",
        "select * from read_csv('https://example.org/rows.csv')",
        "{{{{ config(pre_hook=\"ATTACH '{home}/elsewhere.duckdb' AS elsewhere\") }}}} select 1 as a",
        "{{{{ config(pre_hook=\"COPY (SELECT 1) TO '{home}/elsewhere.csv'\") }}}} select 1 as a",
        "{{{{ config(pre_hook='INSTALL httpfs') }}}} select 1 as a",
        "{{{{ config(pre_hook='LOAD httpfs') }}}} select 1 as a",
        "{{{{ config(pre_hook='SET enable_external_access = true') }}}} select 1 as a",
        "{{{{ config(pre_hook=\"SET allowed_directories = ['/']\") }}}} select 1 as a",
    ],
)
def test_nothing_outside_is_reached_by_a_model(home, build_model, sql):
    (home.root / "keys" / "hmac").write_bytes(b"k" * 32)
    with pytest.raises(FollowthroughError, match="dbt could not build asked"):
        build_model(sql.format(home=home.root))
    assert not [*home.root.glob("elsewhere*")]


def test_accepted_rows_are_reached_and_time_is_that_of_shanghai(home, build_model):
    (home.accepted / "a__b").mkdir()
    rows = home.bronze("a__b", "load")
    duckdb.sql("SELECT 7 AS n").write_parquet(str(rows))
    found = build_model(f"select n, current_setting('TimeZone') as zone from read_parquet({literal(rows)})")
    assert found == [(7, "Asia/Shanghai")]


def test_it_spills_into_the_candidate(home, build_model):
    ((folder,),) = build_model("select current_setting('temp_directory') as folder")
    assert Path(folder) == home.candidate / ".spill"
