"""Paths of all files under the data home; other modules take them from here."""

import fcntl
import hashlib
import os
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt_project"
_FICLONE = 0x40049409
"""Linux's request to share a file's blocks; the standard library has no name for it before Python 3.12."""
_PRIVATE_ZONES = (
    "landing",
    "history",
    "keys",
    "pulls",
    "archives",
    "bronze",
    "quarantine",
    "loads",
    "warehouse",
    "runs",
    "index",
    "drawings",
    "dbt",
    "airflow",
)


@dataclass(frozen=True)
class Home:
    """The data home; its zones are described in ``docs/configuration.md``.

    ``landing``, ``history`` and ``keys`` cannot be replaced; everything else can be deleted and rebuilt.
    """

    root: Path

    @property
    def inbox(self) -> Path:
        """The folders operators drop files into, one per source."""
        return self.root / "inbox"

    @property
    def landing(self) -> Path:
        """Original bytes and their sightings, by source."""
        return self.root / "landing"

    @property
    def pulls(self) -> Path:
        """Answers of unfinished API pulls, by source; disposable."""
        return self.root / "pulls"

    @property
    def history(self) -> Path:
        """Manifests of published versions and ``decisions.jsonl``."""
        return self.root / "history"

    @property
    def decisions(self) -> Path:
        """Verdicts, withdrawals, rollbacks: one JSON object per line, append-only."""
        return self.history / "decisions.jsonl"

    @property
    def key(self) -> Path:
        """The HMAC key, 32 bytes."""
        return self.root / "keys" / "hmac"

    @property
    def candidate(self) -> Path:
        """The folder the candidate is built in; disposable."""
        return self.root / "warehouse" / "candidate"

    @property
    def published(self) -> Path:
        """Version folders and the link to the current one: what readers see."""
        return self.root / "published"

    @property
    def current(self) -> Path:
        """The symbolic link to the version readers see; replacing it publishes a version."""
        return self.published / "current"

    @property
    def runs(self) -> Path:
        """Journals of the runs, one file each."""
        return self.root / "runs"

    @property
    def index(self) -> Path:
        """Indexes of folders and files that are read often; disposable."""
        return self.root / "index"

    @property
    def last_poll(self) -> Path:
        """Holds the time of the last poll for arrivals (Shanghai wall time)."""
        return self.runs / "looked"

    @property
    def reports(self) -> Path:
        """Pages made from the published version, and the last night's Data Docs."""
        return self.root / "reports"

    @property
    def drawings(self) -> Path:
        """Charts of the last pages, kept so that they are not drawn again; disposable."""
        return self.root / "drawings"

    @property
    def dbt(self) -> Path:
        """dbt's own target and log folders."""
        return self.root / "dbt"

    @property
    def dbt_docs(self) -> Path:
        """dbt's documentation of the models, as dbt writes it."""
        return self.dbt / "target" / "static_index.html"

    @property
    def generated(self) -> Path:
        """Files ``generate`` writes for platform folders outside the package."""
        return self.root / "generated"

    @property
    def airflow(self) -> Path:
        """AIRFLOW_HOME of runs that need no Airflow of their own."""
        return self.root / "airflow"

    @property
    def accepted(self) -> Path:
        """Accepted rows, by slug and load."""
        return self.root / "bronze"

    @property
    def refused(self) -> Path:
        """Refused rows, by slug and load."""
        return self.root / "quarantine"

    def bronze(self, slug: str, load_id: str) -> Path:
        """Accepted rows of a load."""
        return self.accepted / slug / f"{load_id}.parquet"

    def quarantine(self, slug: str, load_id: str) -> Path:
        """Refused rows of a load."""
        return self.refused / slug / f"{load_id}.parquet"

    def listing(self, source: str, sha256: str) -> Path:
        """The list of an archive's members."""
        return self.listings(source) / f"{sha256}.json"

    def listings(self, source: str) -> Path:
        """The lists of members of a source's archives."""
        return self.root / "archives" / source

    @property
    def receipts(self) -> Path:
        """Receipts, by slug and load."""
        return self.root / "loads"

    def receipt(self, slug: str, load_id: str) -> Path:
        """The receipt of a load."""
        return self.receipts / slug / f"{load_id}.json"

    def private(self, version: str) -> Path:
        """Staging and intermediate tables of a published version."""
        return self.root / "warehouse" / version / "private.duckdb"

    def create(self) -> "Home":
        """Create the zones, private ones with mode 0700; the home itself is returned."""
        self.root.mkdir(parents=True, exist_ok=True)
        for zone in (self.inbox, self.published, self.reports):
            zone.mkdir(exist_ok=True)
        for name in _PRIVATE_ZONES:
            (self.root / name).mkdir(exist_ok=True, mode=0o700)
        return self


def write_atomically(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace the file at once and durably: readers see the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's content; where the file system can, both share it until one of them changes."""
    with source.open("rb") as content, target.open("wb") as copy:
        try:
            fcntl.ioctl(copy, _FICLONE, content.fileno())
            return
        except OSError:  # another file system than btrfs, XFS and the like
            pass
    shutil.copyfile(source, target)


def sha256_of(path: Path) -> str:
    """The hash of a file's content, in hex digits."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write_changed(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace the file as ``write_atomically`` does, unless it has this content."""
    if not holds(path, content):
        write_atomically(path, content, mode)


def holds(path: Path, content: bytes) -> bool:
    """Whether there is a file with this content."""
    return path.exists() and path.read_bytes() == content


def sync_file(path: Path) -> None:
    """Force a file's content to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Force a folder's entries to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
