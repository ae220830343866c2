"""The documents say what the code does; where they would drift, a test holds them."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import duckdb
import pytest
import yaml

from followthrough import settings as settings_module
from followthrough.cli import main
from followthrough.contracts.export import Export
from followthrough.paths import PROJECT
from followthrough.platforms import platforms
from followthrough.publish import bi_views, catalogue
from followthrough.settings import Source
from followthrough.settings.schedule import Plan

DOCS = PROJECT / "docs"
PAGES = [*PROJECT.glob("*.md"), *sorted(DOCS.glob("*.md"))]
TWINS = [page for page in PAGES if page.name.endswith(".zh.md")]
MAKEFILE = (PROJECT / "Makefile").read_text()
TARGETS = re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.M)
COMMANDS = [name for name, command in sorted(main.commands.items()) if not command.hidden]
VARIABLES = re.findall(r"^(FOLLOWTHROUGH_[A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.M)
ROOMS = sorted(path.parent.name for path in (PROJECT / "followthrough").glob("*/__init__.py"))


def both(page: str) -> tuple[str, str]:
    """The text of a page and of its Chinese twin."""
    return (DOCS / f"{page}.md").read_text("utf-8"), (DOCS / f"{page}.zh.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_is_read_in_ten_minutes(name: str) -> None:
    text = (PROJECT / name).read_text("utf-8")
    assert len(text.splitlines()) <= 120
    assert '<img src="docs/images/daily.png"' in text
    assert "write-audit-publish" in text


def test_the_picture_is_small() -> None:
    picture = (DOCS / "images/daily.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 120_000


def test_contributing_stays_short_and_names_every_room() -> None:
    text = (PROJECT / "CONTRIBUTING.md").read_text("utf-8")
    assert len(text.splitlines()) <= 140
    assert [room for room in ROOMS if f"| `{room}/` |" not in text] == []


def test_a_commit_runs_what_make_lint_runs() -> None:
    config = yaml.safe_load((PROJECT / ".pre-commit-config.yaml").read_text())
    assert [hook["entry"] for repo in config["repos"] for hook in repo["hooks"]] == ["make lint"]
    assert {repo["repo"] for repo in config["repos"]} == {"local"}, "nothing is fetched"


def test_the_licence_is_the_one_the_package_declares() -> None:
    assert tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["license"] == "Apache-2.0"
    text = (PROJECT / "LICENSE").read_text()
    assert "Version 2.0, January 2004" in text
    assert "the followthrough authors" in text


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent == DOCS], ids=lambda page: page.name)
def test_the_index_lists_every_page(page: Path) -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    assert page.name == "README.md" or f"]({page.name})" in index


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_has_a_word_of_help_and_is_documented(target: str) -> None:
    assert re.search(rf"^{target}:.*## \w+", MAKEFILE, re.M)
    assert all(f"`make {target}`" in text for text in both("commands"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_and_has_help(command: str) -> None:
    assert all(re.search(rf"^\| `followthrough {command}[ `]", text, re.M) for text in both("commands"))
    assert main.commands[command].get_short_help_str()


@pytest.mark.parametrize("name", sorted(platforms()))
def test_every_platform_is_documented(name: str) -> None:
    assert all(re.search(rf"^\| .*`{name}` \|", text, re.M) for text in both("configuration"))


@pytest.mark.parametrize("sheet", platforms()["sheets"].exports, ids=lambda sheet: sheet.name)
def test_every_sheet_is_in_its_document(sheet: Export) -> None:
    assert f"{sheet.label} `{sheet.name}`" in (DOCS / "sheets.md").read_text("utf-8")


@pytest.mark.parametrize("table", [table.name for table in catalogue.published().values()])
def test_every_published_table_is_documented_and_in_the_changelog(table: str) -> None:
    assert all(f"\n| `{table}` |" in text for text in both("tables"))
    assert f"`{table}`" in (DOCS / "changelog.md").read_text("utf-8")


def test_every_setting_is_in_the_example_and_in_the_docstring() -> None:
    package = "".join(p.read_text("utf-8") for p in (PROJECT / "followthrough").rglob("*.py"))
    dags = "".join(p.read_text("utf-8") for p in (PROJECT / "dags").rglob("*.py"))
    internal = {
        f"FOLLOWTHROUGH_{name}" for name in ("BRONZE", "CANDIDATE", "GENERATED", "OUTSIDE_MODELS", "SEEDS")
    }
    assert set(re.findall(r"FOLLOWTHROUGH_[A-Z_]+", package + dags)) - internal == set(VARIABLES)
    assert all(name in (settings_module.__doc__ or "") for name in VARIABLES)


@pytest.mark.parametrize("name", VARIABLES)
def test_every_setting_is_documented(name: str) -> None:
    assert all(f"\n| `{name}` |" in text for text in both("configuration"))


def test_every_entry_of_the_sources_file_is_documented() -> None:
    of_a_source = {entry.name for entry in (*fields(Source), *fields(Plan))} - {"id", "usual", "plans"}
    entries = of_a_source | {"exports", "shops", "brands", "channels", "on_call", "mirrors", "sample"}
    for text in both("configuration"):
        described = text.split("## sources.toml")[1].split("\n## ")[0]
        assert [name for name in sorted(entries) if not re.search(rf"[`.\[]{name}[`.\]]", described)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    links = re.findall(r"\]\((?!http)([^)#]*)(?:#([^)]+))?\)", text)
    links += [(source, "") for source in re.findall(r'src="([^"]+)"', text)]
    for target, anchor in links:
        path = page.parent / target if target else page
        assert path.exists(), target
        assert not anchor or anchor in _anchors(path), f"{target}#{anchor}"


def _anchors(page: Path) -> set[str]:
    """The names GitHub gives a page's headings."""
    headings = re.findall(r"^#+ (.*)", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_targets_a_page_names_exist(page: Path) -> None:
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", page.read_text("utf-8"), re.S))
    assert set(re.findall(r"(?<![\w.])make ([a-z][a-z-]*)", code)) <= set(TARGETS)
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


@pytest.mark.parametrize("page", ["README.md", "docs/tables.md", "docs/reading.md"])
def test_a_page_s_queries_run_on_the_published_columns(page: str, tmp_path: Path) -> None:
    file, tables = tmp_path / "empty.duckdb", catalogue.published().values()
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts; create schema trust")
        for table in tables:
            columns = ", ".join(f'"{c.name}" {c.type}' for c in table.columns)
            connection.execute(f"create table {table.full_name} ({columns})")
    bi_views.write(file, tables)
    blocks = re.findall(r"```sql\n(.*?)```", (PROJECT / page).read_text("utf-8"), re.S)
    with duckdb.connect(str(file), read_only=True) as connection:
        asked = [connection.execute(block) for block in blocks if "CREATE " not in block]
    assert asked


def test_nothing_committed_names_a_path_of_one_machine() -> None:
    for page in PAGES:
        assert "/root/" not in page.read_text("utf-8")
        assert "/home/" not in page.read_text("utf-8")
