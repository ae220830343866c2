"""Bytes of a zip with names in GBK without a flag that says so, as Chinese platforms still write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime


def gbk_zip(members: Mapping[str, bytes], written_at: datetime) -> bytes:
    """Zip the members by name. The names are patched in, as the library writes only ASCII and UTF-8."""
    names = {name.encode("gbk"): content for name, content in members.items()}
    out = io.BytesIO()
    stand_ins: dict[bytes, bytes] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(names.items()):
            stand_in = f"member-{number}-".ljust(len(name), "x")
            stand_ins[stand_in.encode()] = name
            entry = zipfile.ZipInfo(stand_in, written_at.timetuple()[:6])
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    packed = out.getvalue()
    for placeholder, name in stand_ins.items():
        packed = packed.replace(placeholder, name)
    return packed
