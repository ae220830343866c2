"""Zip archives, valid and malicious."""

import io
import stat
import zipfile

ROW = "订单号,金额\n1,2\n".encode("gb18030")


def zipped(*members, compression=zipfile.ZIP_DEFLATED):
    """A zip of (name or ZipInfo, bytes)."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", compression) as archive:
        for name, content in members:
            entry = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            archive.writestr(entry, content, compression)
    return body.getvalue()


def linked():
    """A zip whose member is a symbolic link pointing outside."""
    entry = zipfile.ZipInfo("link.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped((entry, b"/etc/passwd"))


def encrypted():
    """A zip whose member has a password."""
    body = bytearray(zipped(("a.csv", ROW)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(signature) + offset] |= 0x1
    return bytes(body)
