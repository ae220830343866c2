"""Drawings of the last pages, kept by what they show: what did not change is not drawn again."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from followthrough.paths import write_atomically


class Drawings:
    """Drawings kept in a folder, which may be deleted at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[Path] = set()

    def get(self, shown: Mapping[str, Any], draw: Callable[[], tuple[str, str]]) -> tuple[str, str]:
        """The drawing of what is ``shown``, in both languages; ``draw`` is called where it is not kept.

        ``shown`` is everything the drawing depends on, as JSON.
        """
        key = hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()
        path = self._folder / f"{key}.json"
        self._used.add(path)
        try:
            chinese, english = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            chinese, english = draw()
            write_atomically(path, json.dumps([chinese, english], ensure_ascii=False).encode())
        return chinese, english

    def drop_unused(self) -> None:
        """Delete the drawings that were not asked for."""
        for path in {*self._folder.glob("*.json")} - self._used:
            path.unlink(missing_ok=True)
