"""The rules of the dbt project that dbt-bouncer has no check for, asked of the manifest dbt makes of it."""

import csv
import re
from collections import defaultdict

import pytest

from followthrough.paths import DBT_PROJECT
from followthrough.platforms import platforms


@pytest.fixture(scope="module")
def models(manifest):
    return [node for node in manifest.nodes.values() if node.resource_type == "model"]


@pytest.fixture(scope="module")
def marts(models):
    return [model for model in models if model.fqn[1] == "marts"]


@pytest.fixture(scope="module")
def tests_of(manifest):
    """Data tests by the name of their model."""
    found = defaultdict(list)
    for node in manifest.nodes.values():
        if node.resource_type == "test" and getattr(node, "attached_node", None):
            found[node.attached_node.split(".")[-1]].append(node)
    return found


def is_key_test(test) -> bool:
    kind = test.test_metadata.name
    return kind == "unique_combination_of_columns" or (kind == "unique" and bool(test.column_name))


def test_the_manifest_holds_the_project(models, marts):
    files = {path.stem for path in (DBT_PROJECT / "models").rglob("*.sql")}
    assert {model.name for model in models} == files
    assert {"customers", "orders", "stage_daily"} <= {mart.name for mart in marts}


def test_the_columns_of_a_key_are_never_null(marts, tests_of):
    for mart in marts:
        required = {t.column_name for t in tests_of[mart.name] if t.test_metadata.name == "not_null"}
        for key in (t for t in tests_of[mart.name] if is_key_test(t)):
            columns = key.test_metadata.kwargs.get("columns") or [key.column_name]
            assert set(columns) <= required, mart.name


def test_only_staging_reads_sources_but_for_what_the_build_says_of_itself(manifest, models):
    for model in models:
        read = [s for s in model.depends_on.nodes if s.startswith("source.")]
        schemas = {manifest.sources[s].source_name for s in read}
        assert model.fqn[1] == "staging" or schemas <= {"run"}, model.name


def test_staging_reads_its_own_platform_only(manifest, models):
    by_id = {model.unique_id: model for model in models}
    for model in (m for m in models if m.fqn[1] == "staging"):
        parents = [by_id[node] for node in model.depends_on.nodes if node in by_id]
        assert {parent.fqn[2] for parent in parents} <= {model.fqn[2]}, model.name


def test_readers_find_marts_in_the_published_database(marts):
    assert {(mart.database, mart.schema) for mart in marts} == {("followthrough", "marts")}


def test_dbt_does_not_take_the_project_for_a_plugin():
    """It imports every top-level module whose name starts with dbt_, which a folder becomes by this file."""
    assert not (DBT_PROJECT / "__init__.py").exists()
    names = [path.name for path in DBT_PROJECT.parent.iterdir() if path.name.startswith("dbt_")]
    assert names == ["dbt_project"]


def test_every_operator_sheet_has_a_status_and_says_what_is_missing_without_it():
    with (DBT_PROJECT / "seeds" / "sheet_names.csv").open(encoding="utf-8", newline="") as file:
        named = {row["sheet"]: row for row in csv.DictReader(file)}
    sheets = {sheet.name: sheet.label for sheet in platforms()["sheets"].exports}
    assert {name: row["label_zh"] for name, row in named.items()} == sheets
    assert all(row["consequence_zh"] and row["consequence_en"] for row in named.values())
    status = (DBT_PROJECT / "models/intermediate/sheets/int_sheet_status.sql").read_text("utf-8")
    assert {*re.findall(r"'(\w+)'", status.split("for sheet in")[1].split("]")[0])} == {*sheets}
