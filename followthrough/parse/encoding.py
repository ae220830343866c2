"""Converts a text to UTF-8 with ``\\n`` line ends, streamed, large texts by several processes.

Run as a program with SOURCE START STOP ENCODING TARGET it converts a part of a file and prints its ``Found``
as JSON, ``null`` if the bytes are not in that encoding.
"""

import codecs
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

_CHUNK = 1 << 20
_PART = 64 << 20
_SLOW = ("gb18030",)
_BLANK = re.compile(b"\n(?=\n)")


class Found(NamedTuple):
    """The number of ``lines`` of a text, how many are ``blank``, and the first with a NUL byte (from 0)."""

    lines: int = 0
    blank: int = 0
    nul: int | None = None

    def __add__(self, after: "Found") -> "Found":  # type: ignore[override]
        """The sum of this part and the one after it."""
        nul = self.lines + after.nul if self.nul is None and after.nul is not None else self.nul
        return Found(self.lines + after.lines, self.blank + after.blank, nul)


def transcode(source: Path, target: Path, encoding: str) -> Found:
    """Write a text as UTF-8 with ``\\n`` at the end of every line; UnicodeError if the encoding is wrong."""
    first, *rest = pairwise(_cuts(source, encoding))
    with ExitStack() as helpers:
        started = [
            (helpers.enter_context(_helper(source, part, encoding, path)), path)
            for part, path in ((part, target.with_suffix(f".from_{part[0]}")) for part in rest)
        ]
        found = _part(source, first, encoding, target)
        with target.open("ab") as out:
            for helper, path in started:
                found += _counts_of(helper, encoding)
                with path.open("rb") as part:
                    shutil.copyfileobj(part, out, _CHUNK)
                path.unlink()
    return found


def _cuts(source: Path, encoding: str) -> list[int]:
    """Offsets where the parts begin, and the end of the last one; parts begin after line feeds."""
    # No multi-byte character contains a line feed.
    size = source.stat().st_size
    parts = min(os.cpu_count() or 1, size // _PART) if encoding in _SLOW else 1
    cuts = {size}
    with source.open("rb") as file:
        for place in range(1, parts):
            file.seek(size * place // parts)
            file.readline()
            cuts.add(file.tell())
    return [0, *sorted(cuts)]


def _helper(source: Path, part: tuple[int, int], encoding: str, target: Path) -> "subprocess.Popen[bytes]":
    arguments = [str(source), *map(str, part), encoding, str(target)]
    command = [sys.executable, "-P", "-m", __spec__.name, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603


def _counts_of(helper: "subprocess.Popen[bytes]", encoding: str) -> Found:
    answer, _ = helper.communicate()
    if helper.returncode:
        raise subprocess.CalledProcessError(helper.returncode, helper.args)
    found = json.loads(answer)
    if found is None:
        raise UnicodeError(f"not {encoding}")
    return Found(*found)


def _chunks(source: Path, start: int, stop: int) -> Iterator[bytes]:
    """Chunks of the bytes between the offsets, followed by an empty one."""
    with source.open("rb") as file:
        file.seek(start)
        while start < stop:
            yield (raw := file.read(min(_CHUNK, stop - start)))
            start += len(raw)
    yield b""


def _part(source: Path, part: tuple[int, int], encoding: str, target: Path) -> Found:
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("strict"), translate=True)
    found, last = Found(), b"\n"
    with target.open("wb") as out:
        for raw in _chunks(source, *part):
            chunk = decoder.decode(raw, final=not raw).encode()
            nul = chunk[: chunk.index(b"\0")].count(b"\n") if b"\0" in chunk else None
            blank = len(_BLANK.findall(last + chunk)) if b"\n\n" in last + chunk else 0
            found += Found(chunk.count(b"\n"), blank, nul)
            last = chunk[-1:] or last
            out.write(chunk)
        if last != b"\n":
            out.write(b"\n")
            found += Found(lines=1)
    return found


def main(source: str, start: str, stop: str, encoding: str, target: str) -> None:
    """Transcode a part of a file and print its ``Found`` as JSON."""
    try:
        found = _part(Path(source), (int(start), int(stop)), encoding, Path(target))
    except UnicodeError:
        found = None
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
