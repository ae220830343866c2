"""The recipes of the documents give what they promise on a published version of the sample."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from followthrough.paths import PROJECT

PAGES = ("README.md", "docs/tables.md", "docs/reading.md")
FAULTS = r"\btrust\.(freshness|loads|quarantine)\b"
"""Where nothing is wrong, a query of what is wrong has no rows."""


def blocks(language: str) -> list[str]:
    """The code of one language on the pages, each once."""
    text = "".join((PROJECT / page).read_text("utf-8") for page in PAGES)
    return list(dict.fromkeys(re.findall(rf"```{language}\n(.*?)```", text, re.S)))


@pytest.fixture
def reader(published: Path, tmp_path: Path) -> Path:
    """Where somebody sits who has the data home under its usual name."""
    (tmp_path / "data").symlink_to(published)
    return tmp_path


@pytest.mark.parametrize("code", blocks("python"))
def test_a_recipe_in_python_prints_rows(code: str, reader: Path) -> None:
    for module in {name for node in ast.walk(ast.parse(code)) for name in _imports(node)}:
        pytest.importorskip(module)
    shown = subprocess.run([sys.executable, "-c", code], cwd=reader, capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    assert len(shown.stdout.splitlines()) > 3
    assert "Empty" not in shown.stdout


def _imports(node: ast.AST) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


@pytest.mark.parametrize("command", [line for block in blocks("sh") for line in block.splitlines()])
def test_a_command_for_the_published_file_prints_rows(command: str, reader: Path) -> None:
    if not command.startswith("duckdb "):
        pytest.skip("not about the published file; tests/publish/mirrors tries it")
    if not shutil.which("duckdb"):
        pytest.skip("DuckDB's command is not installed")
    shown = subprocess.run(
        command, shell=True, cwd=reader, env=os.environ, capture_output=True, text=True, check=True
    )
    assert len(shown.stdout.splitlines()) > 5


STATEMENTS = [
    statement
    for block in blocks("sql")
    if not re.search(r"^CREATE ", block, re.M)
    for statement in re.sub(r"--.*", "", block).split(";")
    if statement.strip()
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_query_of_the_documents_has_rows(statement: str, published: Path) -> None:
    file = published / "published" / "current" / "followthrough.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(statement).fetchall()
    assert rows or re.search(FAULTS, statement)
