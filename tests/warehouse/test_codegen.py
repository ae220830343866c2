"""What dbt reads of the declarations is committed, and up to date."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from followthrough.paths import DBT_PROJECT
from followthrough.platforms import exports, platforms
from followthrough.settings import from_environment
from followthrough.warehouse.codegen import (
    column_types,
    generated,
    shows_orders,
    write_outside,
    write_project,
)

FILES = generated(platforms().values(), platforms())


@pytest.mark.parametrize("name", FILES)
def test_a_generated_file_is_up_to_date(name):
    stale = f"{name} is stale: run `followthrough generate`"
    assert (DBT_PROJECT / name).read_text("utf-8") == FILES[name], stale


def test_nothing_generated_is_left_of_what_is_gone():
    staging = DBT_PROJECT.glob("models/staging/*/*.*")
    marked = {path for path in staging if "written by `followthrough generate`" in path.read_text("utf-8")}
    versions = set(DBT_PROJECT.glob("models/staging/*/*_versions.*"))
    assert {str(path.relative_to(DBT_PROJECT)) for path in marked | versions} <= {*FILES}


def test_only_what_changed_is_written(settings, tmp_path):
    shutil.copytree(DBT_PROJECT / "models", tmp_path / "models")
    assert write_project(settings, tmp_path) == [tmp_path / "macros/generated/declarations.sql"]
    assert write_project(settings, tmp_path) == []


def test_what_is_no_longer_generated_is_removed_and_nothing_else(settings, tmp_path):
    write_project(settings, tmp_path)
    folder = tmp_path / "models/staging/youzan"
    gone, kept = folder / "stg_youzan__carts_versions.sql", folder / "stg_youzan__carts.sql"
    gone.write_text((folder / "stg_youzan__orders_versions.sql").read_text("utf-8"), "utf-8")
    kept.write_text("select 1 as one", "utf-8")
    assert write_project(settings, tmp_path) == [gone]
    assert not gone.exists()
    assert kept.exists()


def test_what_feeds_an_entity_keeps_its_versions_and_nothing_else_does():
    fed = {f"stg_{export.slug}_versions" for export in exports().values() if export.feeds}
    assert {Path(name).stem for name in FILES if name.endswith("_versions.sql")} == fed
    assert "alipay__personal_bill" in exports()
    assert "stg_alipay__personal_bill_versions" not in fed


def test_a_versions_model_says_its_grain_and_every_column():
    described = yaml.safe_load(FILES["models/staging/jd/_jd__versions.yml"])["models"]
    (orders,) = described
    assert orders["name"] == "stg_jd__orders_versions"
    assert orders["description"].startswith("One row per accepted row of every effective load of 京东")
    columns = [column["name"] for column in orders["columns"]]
    assert columns[:3] == ["row_key", "load_id", "row_number"]
    assert columns[6:] == list(column_types(exports()["jd__orders"]))
    assert all(column["description"] for column in orders["columns"])
    (key,) = [test["unique_combination_of_columns"] for test in orders["data_tests"]]
    assert key["arguments"] == {"columns": ["load_id", "row_number"]}
    required = [column["name"] for column in orders["columns"] if column.get("data_tests") == ["not_null"]]
    assert required == key["arguments"]["columns"]


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
from followthrough.contracts.export import Platform
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
    assert written == [
        "macros/generated/declarations.sql",
        "models/staging/till/_till__sources.yml",
        "models/staging/till/_till__versions.yml",
        "models/staging/till/stg_till__orders_versions.sql",
    ]
    macros = (home.generated / written[0]).read_text("utf-8")
    assert "stg_till__orders" in macros
    assert all(slug in macros for slug in exports())


def test_an_export_shows_orders_if_it_feeds_facts_of_them_and_names_them():
    orders, contacts = exports()["youzan__orders"], exports()["wecom__external_contacts"]
    assert shows_orders(orders)
    assert not shows_orders(contacts)
    unnamed = [
        replace(column, name="number") if column.name == "order_id" else column for column in orders.columns
    ]
    assert not shows_orders(replace(orders, columns=tuple(unnamed), key=("number",)))


def test_the_orders_of_every_export_that_shows_some_are_followed():
    macro = FILES["macros/generated/declarations.sql"].split("macro exports_of_orders()")[1]
    assert "'youzan__orders'" in macro
    assert "'youzan__refunds'" in macro
    assert "salesman" not in macro
