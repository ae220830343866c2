"""Finish or undo what a crash left half done, before anything else is started."""

import re
import shutil

from followthrough.history import keep, manifest_from, versions
from followthrough.paths import Home

_VERSION = re.compile(r"\d{6}-\d{4}-\d\d-\d\d")


def finish(home: Home) -> None:
    """Take a version that was switched to into history, and drop folders of versions that never were.

    The switch of the pointer is the commit: what it names was published, whatever came after it.
    """
    if (home.current / "manifest.json").exists():
        keep_current = manifest_from((home.current / "manifest.json").read_text("utf-8"))
        if keep_current.version not in versions(home):
            keep(home, keep_current)
    known = set(versions(home))
    for zone in (home.published, home.root / "warehouse"):
        for folder in zone.iterdir():
            if _VERSION.fullmatch(folder.name) and folder.name not in known:
                shutil.rmtree(folder)
