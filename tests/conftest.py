"""A home of its own for every test, and the shortest ways to a receipt, a candidate and a dbt model in it."""

import io
import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from followthrough.ingest.archive_members import contents_of
from followthrough.ingest.landing import Sighting, land
from followthrough.load.load import load_platform
from followthrough.load.receipts import Receipt, receipts
from followthrough.paths import Home
from followthrough.runs.journal import Run
from followthrough.settings import Settings, from_environment
from followthrough.versions import candidate
from followthrough.warehouse import dbt_runner
from tests.builders import candidates, dbt_models

SEEN_AT = datetime(2026, 9, 2, 2)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("FOLLOWTHROUGH_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path / "home").create()


@pytest.fixture
def settings(home: Home) -> Settings:
    """The project's own sources in an empty home; inbox files need no time to settle."""
    return from_environment({"FOLLOWTHROUGH_HOME": str(home.root), "FOLLOWTHROUGH_SETTLE_SECONDS": "0"})


@pytest.fixture
def load_bytes(settings: Settings) -> Callable[..., Receipt]:
    """Land bytes for a source and load them; gives the receipt of just this file, or of an archive's last."""

    def load_bytes(content: bytes, source: str = "youzan_moss", name: str = "export.csv") -> Receipt:
        kept = land(settings.home, source, io.BytesIO(content), Sighting(name, SEEN_AT))
        load_platform(settings, settings.source(source).platform)
        files = {file.sha256 for file in contents_of(settings.home, kept)}
        return [r for r in receipts(settings.home) if r.source_id == source and r.sha256 in files][-1]

    return load_bytes


@pytest.fixture
def built(home: Home) -> Callable[..., Run]:
    """Leave a candidate as build and gate 2 leave theirs: ``number`` in its one mart."""
    return partial(candidates.built, home)


@pytest.fixture
def build_model(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], list[tuple[Any, ...]]]:
    """Build one model of a project of its own, on our profile; gives what it selected."""
    project = dbt_models.new_project(tmp_path / "project")
    monkeypatch.setattr(dbt_runner, "DBT_PROJECT", project)
    candidate.start(settings.home, None)
    return partial(dbt_models.build_model, settings, project)
