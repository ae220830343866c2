"""Rows of cells as a delimited file, quoted where necessary."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence


def delimited(header: Sequence[str], rows: Iterable[Mapping[str, str]], quote_all: bool = False) -> str:
    """The header and the cells of each row; cells a row does not have are empty."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL)
    lines.writerow(header)
    lines.writerows([row.get(name, "") for name in header] for row in rows)
    return out.getvalue()
