"""The HMAC key that identifiers are hashed with, so that they can be joined but not read."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from followthrough.errors import ConfigError
from followthrough.paths import Home, sync_folder, write_atomically

_BLOCK = 64


def read_key(home: Home, environment: Mapping[str, str] = os.environ) -> bytes:
    """The 32-byte key: from the environment, else from the home, where it is created on first use."""
    given = environment.get("FOLLOWTHROUGH_HMAC_KEY", "")
    if given:
        try:
            key = bytes.fromhex(given)
        except ValueError:
            key = b""
    else:
        if not home.key.exists():
            _refuse_if_used(home)
            _make(home.key)
        key = home.key.read_bytes()
    if len(key) != 32:
        where = "FOLLOWTHROUGH_HMAC_KEY" if given else str(home.key)
        raise ConfigError(f"{where} is not a 32-byte key", "restore the key this home was made with")
    return key


def fingerprint(key: bytes) -> str:
    """16 hex digits that identify a key without revealing it."""
    return hashlib.sha256(b"followthrough key fingerprint" + key).hexdigest()[:16]


def hmac_blocks(key: bytes) -> tuple[bytes, bytes]:
    """The inner and outer padded key of HMAC-SHA256 (RFC 2104), for hashing whole columns in SQL."""
    padded = key.ljust(_BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in padded), bytes(b ^ 0x5C for b in padded)


def _make(path: Path) -> None:
    """Write a new key unless another step has just done so."""
    # All platforms are loaded at the same time.
    beside = path.with_name(f".{secrets.token_hex(8)}")
    write_atomically(beside, secrets.token_bytes(32))
    with suppress(FileExistsError):
        path.hardlink_to(beside)
    beside.unlink()
    sync_folder(path.parent)


def _refuse_if_used(home: Home) -> None:
    """Raise ConfigError if the home has published versions."""
    # With a new key, every known person would silently become a new one.
    if home.history.exists() and any(home.history.glob("*/manifest.json")):
        raise ConfigError(
            f"{home.key} is missing though this home has published before",
            "restore it from your backup, or give it as FOLLOWTHROUGH_HMAC_KEY",
        )
