"""Index files: JSON under the hash of its text, so that a damaged one is recognised."""

import hashlib
import json
from pathlib import Path
from typing import Any

from followthrough.paths import Home, write_atomically

_FORMAT = "followthrough index 1"
"""Changes with the meaning of what is stored; an index of another format is not read."""
_LAG, _LAG_SHARE = 64, 0.05


def read_index(home: Home, of: Path) -> Any:
    """What ``write_index`` has stored for a file or folder; None without an index, or with a damaged one."""
    path = _path(home, of)
    if not path.exists():
        return None
    seal, _, text = path.read_bytes().partition(b"\n")
    return json.loads(text) if seal == _seal(text) else None


def write_index(home: Home, of: Path, content: Any) -> None:
    """Replace the index of a file or folder."""
    home.index.mkdir(mode=0o700, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    write_atomically(_path(home, of), _seal(text) + b"\n" + text)


def is_behind(unindexed: int, indexed: int) -> bool:
    """Whether so much is not in the index that writing it anew pays."""
    return unindexed > _LAG + _LAG_SHARE * indexed


def _seal(text: bytes) -> bytes:
    return f"{_FORMAT} {hashlib.sha256(text).hexdigest()}".encode()


def _path(home: Home, of: Path) -> Path:
    below = of.relative_to(home.root)
    return home.index / below.parent / f"{below.name}.index"
