"""Single files that are read again and again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from followthrough.index.stamps import Stamp, is_settled, stamp_of

T = TypeVar("T")
_MOST = 3
_known: dict[Path, tuple[Stamp, Any]] = {}


def parsed(path: Path, parse: Callable[[str], T]) -> T:
    """What ``parse`` makes of the file's text; the last few files are parsed again only after a change."""
    # A version's folder is never changed, but its link is.
    place = path.resolve()
    stamp = stamp_of(place.stat())
    before = _known.pop(place, None)
    if before and before[0] == stamp:
        _known[place] = before
        return before[1]  # type: ignore[no-any-return]
    value = parse(place.read_text("utf-8"))
    if is_settled(stamp):
        _known[place] = stamp, value
    while len(_known) > _MOST:
        _known.pop(next(iter(_known)), None)
    return value
