"""The candidate's two files are one database, and a run of dbt leaves nothing behind in the process."""

import os
from dataclasses import replace

import duckdb
import pytest

from followthrough.versions import candidate
from followthrough.warehouse import dbt_runner as warehouse


def test_both_files_are_written_and_can_be_read_afterwards(home):
    candidate.start(home, None)
    with warehouse.opened(home) as connection:
        connection.execute("CREATE TABLE private AS SELECT 1; CREATE TABLE followthrough.public AS SELECT 2")
    for path, table in ((candidate.private_file(home), "private"), (candidate.public_file(home), "public")):
        assert not path.with_suffix(".duckdb.wal").exists()
        with duckdb.connect(str(path), read_only=True) as connection:
            assert connection.execute("SHOW TABLES").fetchall() == [(table,)]


def test_a_home_whose_path_has_a_quote_works(tmp_path):
    from followthrough.paths import Home

    home = Home(tmp_path / "it's 我们的").create()
    candidate.start(home, None)
    with warehouse.opened(home) as connection:
        connection.execute("CREATE TABLE followthrough.t AS SELECT 1")


def test_a_table_holds_exactly_the_rows_it_is_given(home):
    candidate.start(home, None)
    with warehouse.opened(home) as connection:
        for rows in ([("a", 1), (None, 2)], [], [("b'", 3)]):
            warehouse.replace_table(connection, "t", {"name": "VARCHAR", "number": "BIGINT"}, rows)
            assert connection.execute("SELECT * FROM t").fetchall() == rows


def test_the_environment_of_dbt_is_taken_back(monkeypatch):
    monkeypatch.setenv("FOLLOWTHROUGH_CANDIDATE", "before")
    with warehouse._set({"FOLLOWTHROUGH_CANDIDATE": "during", "FOLLOWTHROUGH_GENERATED": "during"}):
        assert os.environ["FOLLOWTHROUGH_CANDIDATE"] == os.environ["FOLLOWTHROUGH_GENERATED"] == "during"
    assert os.environ["FOLLOWTHROUGH_CANDIDATE"] == "before"
    assert "FOLLOWTHROUGH_GENERATED" not in os.environ


def test_the_environment_of_dbt_is_taken_back_after_an_error():
    with pytest.raises(ZeroDivisionError), warehouse._set({"FOLLOWTHROUGH_GENERATED": "during"}):
        _ = 1 / 0
    assert "FOLLOWTHROUGH_GENERATED" not in os.environ


def test_folders_of_other_platforms_reach_dbt_only_where_there_are_some(settings, tmp_path):
    assert "FOLLOWTHROUGH_OUTSIDE_MODELS" not in warehouse._environment(settings)
    told = warehouse._environment(replace(settings, outside=(tmp_path / "ours",)))
    assert told["FOLLOWTHROUGH_OUTSIDE_MODELS"].endswith("ours/models")
    assert not told["FOLLOWTHROUGH_GENERATED"].startswith("/")
