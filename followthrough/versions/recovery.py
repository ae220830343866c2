"""Completes or undoes a publication that a crash interrupted."""

import re
import shutil

from followthrough.paths import Home
from followthrough.versions.history import keep, manifest_from, versions

_VERSION = re.compile(r"\d{6}-\d{4}-\d\d-\d\d")


def finish(home: Home) -> None:
    """Add the current version to history if it is missing; delete folders of versions never published."""
    # Switching the pointer is the commit, so the version it names was published.
    if (home.current / "manifest.json").exists():
        keep_current = manifest_from((home.current / "manifest.json").read_text("utf-8"))
        if keep_current.version not in versions(home):
            keep(home, keep_current)
    known = set(versions(home))
    for zone in (home.published, home.root / "warehouse"):
        for folder in zone.iterdir():
            if _VERSION.fullmatch(folder.name) and folder.name not in known:
                shutil.rmtree(folder)
