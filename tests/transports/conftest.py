"""Servers of their own for every test that needs one, on loopback, and the connections to them."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from followthrough.settings import Settings

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
SOURCE = "shop"


@dataclass
class FromAirflow:
    """A connection with the attributes of Airflow's."""

    host: str = ""
    port: int | None = None
    login: str = ""
    password: str = ""
    extra_dejson: dict[str, Any] = field(default_factory=dict)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something holds, or fail."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def source_of(settings: Settings) -> Callable[..., Settings]:
    """Settings with one source, of a given transport."""

    def source_of(**changes: Any) -> Settings:
        source = replace(settings.source("youzan_moss"), id=SOURCE, connection="server", **changes)
        return replace(settings, sources=(source,))

    return source_of


@dataclass
class Sftp:
    """A running OpenSSH server: the folder it serves, and what a connection to it needs."""

    process: "subprocess.Popen[bytes]"
    port: int
    folder: Path
    host_key: str
    private_key: str

    def connection(self, **changes: Any) -> FromAirflow:
        """The connection to it, changed as given; what ``extra`` gives is added."""
        extra = {"host_key": self.host_key, "private_key": self.private_key} | changes.pop("extra", {})
        known = FromAirflow("127.0.0.1", self.port, os.environ.get("USER") or "root", extra_dejson=extra)
        return replace(known, **changes)


def _keypair(path: Path, kind: str = "ed25519") -> str:
    """Make a key pair; the public line."""
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(path)], check=True)
    return path.with_suffix(".pub").read_text()


@pytest.fixture
def keypair() -> Callable[..., str]:
    """Makes a key pair at a path, of a kind; gives the public line."""
    return _keypair


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[Sftp]:
    """OpenSSH's own server with keys made for this test."""
    if not Path(SSHD).exists():
        if os.environ.get("CI"):
            pytest.fail("CI has to have openssh-server")
        pytest.skip("openssh-server is not installed")
    place, folder, port = tmp_path / "sshd", tmp_path / "served", free_port()
    place.mkdir(mode=0o700)
    folder.mkdir()
    host_key, user_key = _keypair(place / "host"), _keypair(place / "user")
    (place / "authorized").write_text(user_key)
    (place / "config").write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {place / 'host'}\nPidFile {place / 'pid'}\n"
        f"AuthorizedKeysFile {place / 'authorized'}\nPasswordAuthentication no\nUsePAM no\nStrictModes no\n"
        "PermitRootLogin yes\nSubsystem sftp internal-sftp\nLogLevel ERROR\n"
    )
    Path("/run/sshd").mkdir(exist_ok=True)
    process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(place / "config")])
    try:
        until(lambda: answers(port))
        yield Sftp(process, port, folder, host_key, (place / "user").read_text())
    finally:
        process.terminate()
        process.wait()


@dataclass
class S3:
    """A running server that speaks S3."""

    process: "subprocess.Popen[bytes]"
    url: str
    files: Any

    def connection(self, **changes: Any) -> FromAirflow:
        """The connection to it, changed as given."""
        known = FromAirflow(login="key", password="secret", extra_dejson={"endpoint_url": self.url})
        return replace(known, **changes)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """moto's server in a process of its own, with a bucket ``exports``; ``files`` writes into it."""
    import s3fs

    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: answers(port), 60)
        url = f"http://127.0.0.1:{port}"
        files = s3fs.S3FileSystem(
            key="key", secret="secret", endpoint_url=url, skip_instance_cache=True, use_listings_cache=False
        )
        files.mkdir("exports")
        yield S3(process, url, files)
    finally:
        process.terminate()
        process.wait()
