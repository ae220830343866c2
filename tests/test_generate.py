"""What dbt reads of the declarations is committed, and up to date."""

import shutil

import pytest

from followthrough.generate import DBT_PROJECT, column_types, generated, write_outside, write_project
from followthrough.platforms import exports, platforms
from followthrough.settings import from_environment

FILES = generated(platforms().values(), platforms())


@pytest.mark.parametrize("name", FILES)
def test_a_generated_file_is_up_to_date(name):
    stale = f"{name} is stale: run `followthrough generate`"
    assert (DBT_PROJECT / name).read_text("utf-8") == FILES[name], stale


def test_no_sources_are_declared_for_platforms_that_are_gone():
    written = DBT_PROJECT.glob("models/staging/*/_*__sources.yml")
    assert {str(path.relative_to(DBT_PROJECT)) for path in written} <= {*FILES}


def test_only_what_changed_is_written(settings, tmp_path):
    shutil.copytree(DBT_PROJECT / "models", tmp_path / "models")
    assert write_project(settings, tmp_path) == [tmp_path / "macros/generated/declarations.sql"]
    assert write_project(settings, tmp_path) == []


def test_every_column_of_a_bronze_file_is_listed_in_its_order(settings, load_bytes):
    export = settings.exports["youzan__orders"]
    receipt = load_bytes((",".join(export.header) + "\n").encode())
    import duckdb

    path = settings.home.bronze(receipt.slug, receipt.load_id)
    described = duckdb.sql(f"DESCRIBE FROM read_parquet('{path}')").fetchall()
    types = {"load_id": "VARCHAR", "row_number": "BIGINT", **column_types(export)}
    assert [(row[0], row[1]) for row in described] == list(types.items())


OUTSIDE = """
from dataclasses import replace
from followthrough.contract import Platform
from followthrough.platforms.youzan.orders import ORDERS
PLATFORM = Platform("till", "收银", (replace(ORDERS, platform="till", recognise=("till_no",),
                                           feeds={"orders": "stg_till__orders"}),))
"""


def test_a_platform_outside_the_package_leaves_the_project_alone(home, tmp_path):
    (tmp_path / "till.py").write_text(OUTSIDE, "utf-8")
    found = from_environment({"FOLLOWTHROUGH_HOME": str(home.root), "FOLLOWTHROUGH_PLATFORMS": str(tmp_path)})
    assert write_project(found, tmp_path / "project")
    assert "till" not in (tmp_path / "project/macros/generated/declarations.sql").read_text("utf-8")
    written = [str(path.relative_to(home.generated)) for path in write_outside(found)]
    assert written == ["macros/generated/declarations.sql", "models/staging/till/_till__sources.yml"]
    macros = (home.generated / written[0]).read_text("utf-8")
    assert "stg_till__orders" in macros
    assert all(slug in macros for slug in exports())
