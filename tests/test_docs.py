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
PAGES = [*PROJECT.glob("README*.md"), *sorted((PROJECT / "docs").glob("*.md"))]
TWINS = [page for page in PAGES if page.name.endswith(".zh.md")]
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)[^)]*\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_targets_a_page_names_exist(page: Path) -> None:
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", page.read_text("utf-8"), re.S))
    targets = set(re.findall(r"^([a-z-]+):.*##", (PROJECT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"(?<![\w.])make ([a-z][a-z-]*)", code)) <= targets
    assert set(re.findall(r"(?<![\w/])followthrough ([a-z][a-z-]*)", code)) <= main.commands.keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_variables_a_page_names_exist(page: Path) -> None:
    known = (PROJECT / ".env.example").read_text() + (PROJECT / "docker-compose.yml").read_text()
    known += "CRON_TZ"
    named = re.findall(r"\b[A-Z]+(?:_[A-Z]+)+(?==|`)", page.read_text("utf-8"))
    assert [name for name in named if name not in known and not name.startswith("AIRFLOW_CONN_")] == []


@pytest.mark.parametrize("page", TWINS, ids=lambda page: page.name)
def test_a_chinese_page_keeps_step_with_the_english_one(page: Path) -> None:
    english, chinese = (_outline(path) for path in (page.with_name(page.name.replace(".zh", "")), page))
    assert chinese == english, f"bring {page.name} up to date"


def _outline(page: Path) -> dict[str, object]:
    """What a page has in any language: its sections, tables, commands and code."""
    text = page.read_text("utf-8")
    prose = re.sub(r"```.*?```", "", text, flags=re.S)
    blocks = re.findall(r"```.*?```", text, re.S)
    return {
        "sections": re.findall(r"^#+(?= )", prose, re.M),
        "rows": len(re.findall(r"^\|", prose, re.M)),
        "code": [re.sub(r"(#|--) .*", "", block) for block in blocks],
        "commands": set(re.findall(r"`((?:followthrough|make|docker|flock) [^`]*)`", prose)),
        "platforms": {name for name in platforms() if f"`{name}`" in prose},
    }


def test_what_the_failures_say_is_what_the_code_says() -> None:
    page = (PROJECT / "docs/operating.md").read_text("utf-8").split("## Failures")[1].split("## Sizing")[0]
    package = "".join(p.read_text("utf-8") for p in (PROJECT / "followthrough").rglob("*.py"))
    messages = [m for row in re.findall(r"^\| (`.*?) \|", page, re.M) for m in re.findall(r"`([^`]+)`", row)]
    assert len(messages) > 8
    assert [message for message in messages if message not in package] == []


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
