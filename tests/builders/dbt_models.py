"""A dbt project of one model, built with our profile."""

import shutil
from pathlib import Path
from typing import Any

import duckdb

from followthrough.paths import DBT_PROJECT
from followthrough.settings import Settings
from followthrough.versions import candidate
from followthrough.warehouse.dbt_runner import Dbt

PROJECT_FILE = """
name: followthrough
version: "1.0"
profile: followthrough
models: {+materialized: table}
"""


def new_project(folder: Path) -> Path:
    """A project without a model."""
    (folder / "models").mkdir(parents=True)
    (folder / "seeds").mkdir()
    (folder / "dbt_project.yml").write_text(PROJECT_FILE)
    shutil.copy(DBT_PROJECT / "profiles.yml", folder)
    return folder


def build_model(settings: Settings, project: Path, sql: str) -> list[tuple[Any, ...]]:
    """Build one model of this SQL in the project `dbt_runner` is pointed at; return its rows."""
    (project / "models" / "asked.sql").write_text(sql)
    Dbt(settings).build({"asked"})
    with duckdb.connect(str(candidate.private_file(settings.home)), read_only=True) as connection:
        return connection.execute("SELECT * FROM main.asked").fetchall()
