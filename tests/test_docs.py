"""The documents say what the code does; where they would drift, a test holds them."""

import re
from pathlib import Path

import duckdb
import pytest
import yaml

from followthrough import settings as settings_module
from followthrough import trust
from followthrough.cli import main
from followthrough.contract import Export
from followthrough.paths import PROJECT
from followthrough.platforms import platforms

README = (PROJECT / "README.md").read_text("utf-8")
DOCUMENTS = README + "".join(p.read_text("utf-8") for p in (PROJECT / "docs").glob("*.md"))
MARTS = [
    model["name"]
    for path in sorted((PROJECT / "dbt_project/models/marts").glob("*/_*__models.yml"))
    for model in yaml.safe_load(path.read_text("utf-8"))["models"]
]


@pytest.mark.parametrize("target", re.findall(r"^([a-z-]+):.*##", (PROJECT / "Makefile").read_text(), re.M))
def test_every_make_target_has_a_word_of_help(target: str) -> None:
    assert re.search(rf"^{target}:.*## \w+", (PROJECT / "Makefile").read_text(), re.M)


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_is_in_the_readme_and_has_help(command: str) -> None:
    assert f"followthrough {command}" in README
    assert main.commands[command].get_short_help_str()


@pytest.mark.parametrize("name", sorted(platforms()))
def test_every_platform_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize("sheet", platforms()["sheets"].exports, ids=lambda sheet: sheet.name)
def test_every_sheet_is_in_its_document(sheet: Export) -> None:
    assert f"{sheet.label} `{sheet.name}`" in (PROJECT / "docs/sheets.md").read_text("utf-8")


@pytest.mark.parametrize("table", MARTS + list(trust.COLUMNS))
def test_every_published_table_is_in_readme_and_changelog(table: str) -> None:
    assert f"`{table}`" in README
    assert f"`{table}`" in (PROJECT / "docs/changelog.md").read_text("utf-8")


def test_every_setting_is_in_the_example_and_in_the_docstring() -> None:
    package = "".join(p.read_text("utf-8") for p in (PROJECT / "followthrough").glob("*.py"))
    dags = (PROJECT / "dags" / "nightly.py").read_text("utf-8")
    internal = {
        f"FOLLOWTHROUGH_{name}" for name in ("BRONZE", "CANDIDATE", "GENERATED", "OUTSIDE_MODELS", "SEEDS")
    }
    used = set(re.findall(r"FOLLOWTHROUGH_[A-Z_]+", package + dags)) - internal
    example = set(re.findall(r"^(FOLLOWTHROUGH_[A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.M))
    assert used == example
    assert all(name in (settings_module.__doc__ or "") for name in used)


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (PROJECT / target).exists(), target


def test_the_readme_s_queries_run_on_the_published_columns() -> None:
    columns = {
        f"marts.{model['name']}": [c["name"] for c in model["columns"]]
        for path in (PROJECT / "dbt_project/models/marts").glob("*/_*__models.yml")
        for model in yaml.safe_load(path.read_text("utf-8"))["models"]
    } | {f"trust.{name}": list(kinds) for name, kinds in trust.COLUMNS.items()}
    with duckdb.connect() as connection:
        connection.execute("create schema marts; create schema trust")
        for table, names in columns.items():
            typed = ", ".join(f'"{n}" {"date" if n.startswith("date") else "varchar"}' for n in names)
            connection.execute(f"create table {table} ({typed})")
        connection.execute("alter table marts.stage_transitions_daily alter customers type bigint")
        connection.execute("alter table marts.stage_transitions_daily alter stage_date type date")
        for block in re.findall(r"```sql\n(.*?)```", README, re.S):
            connection.execute(block)


def test_nothing_committed_names_a_path_of_one_machine() -> None:
    for path in [PROJECT / "README.md", *Path(PROJECT / "docs").glob("*.md")]:
        assert "/root/" not in path.read_text("utf-8")
        assert "/home/" not in path.read_text("utf-8")
