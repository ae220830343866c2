"""A home of its own for every test, and the shortest way from bytes to a receipt."""

import io
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from followthrough.contents import contents_of
from followthrough.landing import Sighting, land
from followthrough.load import load
from followthrough.paths import Home
from followthrough.receipts import Receipt, receipts
from followthrough.settings import Settings, from_environment

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
        load(settings, settings.source(source).platform)
        files = {file.sha256 for file in contents_of(settings.home, kept)}
        return [r for r in receipts(settings.home) if r.source_id == source and r.sha256 in files][-1]

    return load_bytes
