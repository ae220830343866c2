"""One empty home, built once by the real build step, and one manifest of the project as it stands."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from followthrough.paths import DBT_PROJECT
from followthrough.runs.journal import Run
from followthrough.settings import Settings, from_environment
from followthrough.warehouse import build
from followthrough.warehouse import dbt_runner as warehouse

Invoke = Callable[..., Any]


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a home whose candidate holds every table and not one row."""
    home = tmp_path_factory.mktemp("empty") / "home"
    settings = from_environment({"FOLLOWTHROUGH_HOME": str(home)})
    settings.home.create()
    night = Run("empty", date(2026, 9, 30), datetime(2026, 10, 1, 9))
    assert build.build_candidate(settings, night)
    return settings


@pytest.fixture(scope="session")
def invoke(tmp_path_factory: pytest.TempPathFactory) -> Invoke:
    """Run dbt on the project, in a target folder of its own; its result."""
    from dbt.cli.main import dbtRunner

    target = tmp_path_factory.mktemp("target")

    def invoke(*arguments: str, candidate: Path = target) -> Any:
        folders = [
            "--project-dir",
            str(DBT_PROJECT),
            "--profiles-dir",
            str(DBT_PROJECT),
            "--target-path",
            str(target),
            "--log-path",
            str(target),
            "--quiet",
        ]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FOLLOWTHROUGH_CANDIDATE", str(candidate))
            patch.setenv("DO_NOT_TRACK", "1")
            outcome = dbtRunner().invoke([*arguments, *folders])
        warehouse._close_connections()
        assert not outcome.exception
        return outcome.result

    return invoke


@pytest.fixture(scope="session")
def manifest(invoke: Invoke) -> Any:
    """The project as dbt reads it."""
    return invoke("parse")
