"""Lands files from a folder of an SFTP server or of an S3-compatible object store.

Every complete new file below the folder is landed. Nothing on the server is written, moved or deleted; a
landed file is recognised by path, size and version, which are stored with its sighting.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Any

from followthrough.clock import shanghai
from followthrough.errors import ConfigError, Unavailable
from followthrough.ingest.connections import Connection, Lookup, base_url, look_up
from followthrough.ingest.landing import Sighting, land, landed
from followthrough.ingest.transports.inbox import is_unfinished
from followthrough.settings import Settings, Source

if TYPE_CHECKING:
    import paramiko

_TIMEOUT_SECONDS = 30
_REQUESTS_AHEAD = 64
_BLOCK_BYTES = 8 << 20
_FRESH = timedelta(days=1)
"""A file younger than this is checked twice; the server's clock may be hours off, but hardly a day."""


@dataclass(frozen=True)
class RemoteFile:
    """A file on a server; ``modified`` is Shanghai wall time."""

    path: str
    size: int
    modified: datetime
    version: str

    @property
    def origin(self) -> str:
        """A text that identifies the file and its version."""
        return f"{self.path} {self.size} {self.version}"


@dataclass(frozen=True)
class Store:
    """A folder on a server: ``find`` lists every entry by path, ``open`` opens one to read.

    ``modified`` and ``version`` are the keys of these in an entry, ``failures`` the library's errors when the
    server fails. ``is_settled`` if files only ever appear complete.
    """

    where: str
    connection: str
    folder: str
    find: Callable[[], Mapping[str, Mapping[str, Any]]]
    open: Callable[[RemoteFile], Any]
    modified: str
    version: str
    failures: tuple[type[Exception], ...]
    is_settled: bool

    def describe(self) -> list[RemoteFile]:
        """The finished files, oldest first, without links and folders."""
        try:
            found = self.find()
        except UnicodeDecodeError:
            raise ConfigError(
                f"{self.where} has file names in '{self.folder}' that are not UTF-8", "rename them over there"
            ) from None
        except (FileNotFoundError, PermissionError, NotADirectoryError) as error:
            raise ConfigError(
                f"{self.where} has no folder '{self.folder}' we may read ({type(error).__name__})",
                "check folder in the sources file, and what the login may read",
            ) from None
        except self.failures as error:
            raise unreachable(self.where, self.connection, error) from None
        files = [
            RemoteFile(path, int(entry["size"]), shanghai(entry[self.modified]), str(entry[self.version]))
            for path, entry in found.items()
            if entry["type"] == "file" and not self._is_unfinished(path)
        ]
        return sorted(files, key=lambda file: (file.modified, file.path))

    def _is_unfinished(self, path: str) -> bool:
        below = path.removeprefix(self.folder).split("/")
        return any(is_unfinished(part) for part in below if part)


class Unread(Exception):
    """A file on a server could not be read to its end; the text says why."""


class Download:
    """The content of one file; reading raises Unread if it is shorter or longer than its size."""

    def __init__(self, store: Store, file: RemoteFile) -> None:
        self._store, self._file, self._left = store, file, file.size
        self._content = self._tried(lambda: store.open(file))

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""
        chunk: bytes = self._tried(lambda: self._content.read(size))
        self._left -= len(chunk)
        if self._left < 0 or (self._left and not chunk):
            raise Unread(f"{self._file.path} (it changed, or the connection was cut)")
        return chunk

    def close(self) -> None:
        """Close the file on the server; errors are ignored."""
        with suppress(*self._store.failures):
            self._content.close()

    def _tried(self, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except self._store.failures as error:
            raise Unread(f"{self._file.path} ({type(error).__name__})") from None


def pull_folder(settings: Settings, source: Source, run_at: datetime, lookup: Lookup) -> int:
    """Land every complete file of the source's folder that is not landed; the number of files.

    A file that cannot be read does not stop the others. Raises Unavailable if the server or a file cannot be
    read at the moment, ConfigError if the server refuses access.
    """
    known = {s.origin for file in landed(settings.home, source.id) for s in file.sightings}
    unread = []
    opened = _sftp if source.transport == "sftp:" else _s3
    with opened(look_up(lookup, source.connection), source.folder) as store:
        new = _complete(store, known, run_at, settings.settle_seconds)
        for file in new:
            try:
                _land(settings, source, store, file, run_at)
            except Unread as error:
                unread.append(str(error))
    if unread:
        raise Unavailable(
            f"{len(unread)} of {len(new)} files could not be read, first {unread[0]}",
            "check that they can be read over there; the others were landed",
        )
    return len(new)


def _complete(
    store: Store, known: Collection[str | None], run_at: datetime, seconds: float
) -> list[RemoteFile]:
    """The new files that are not being written; recent ones are checked again after ``seconds``."""
    new = [file for file in store.describe() if file.origin not in known]
    if store.is_settled or all(run_at - file.modified > _FRESH for file in new):
        return new
    time.sleep(seconds)
    again = {file.path: file for file in store.describe()}
    return [file for file in new if again.get(file.path) == file]


def _land(settings: Settings, source: Source, store: Store, file: RemoteFile, run_at: datetime) -> None:
    name = file.path.rsplit("/", 1)[-1]
    sighting = Sighting(name, run_at, min(file.modified, run_at), origin=file.origin)
    with closing(Download(store, file)) as content:
        land(settings.home, source.id, content, sighting)


@contextmanager
def _sftp(connection: Connection, folder: str) -> Iterator[Store]:
    import paramiko
    from fsspec.implementations.sftp import SFTPFileSystem

    where = f"SFTP server {connection.host}"
    failures = (OSError, EOFError, paramiko.SSHException)
    try:
        files = SFTPFileSystem(
            connection.host,
            port=connection.port or 22,
            username=connection.login,
            password=connection.password or None,
            pkey=_private_key(connection),
            host_key_policy=_declared_keys(connection),
            look_for_keys=False,
            allow_agent=False,
            timeout=_TIMEOUT_SECONDS,
            banner_timeout=_TIMEOUT_SECONDS,
            auth_timeout=_TIMEOUT_SECONDS,
            skip_instance_cache=True,
        )
    except paramiko.AuthenticationException:
        raise ConfigError(
            f"{where} does not accept '{connection.login}'",
            f"check login, password and private_key of the connection '{connection.id}'",
        ) from None
    except failures as error:
        raise unreachable(where, connection.id, error) from None
    files.ftp.get_channel().settimeout(_TIMEOUT_SECONDS)
    with closing(files.client):
        yield Store(
            where,
            connection.id,
            folder,
            partial(_walked, files, folder),
            _ahead(files),
            "mtime",
            "mtime",
            failures,
            is_settled=False,
        )


def _walked(files: Any, folder: str) -> dict[str, Any]:
    """Every entry below a folder; raises an error if a subfolder cannot be listed."""
    return dict(files.find(folder, detail=True, on_error="raise"))


def _ahead(files: Any) -> Callable[[RemoteFile], Any]:
    """A function that opens a file and prefetches it with several requests at a time."""
    # One request at a time would wait for the network each time.

    def opened(file: RemoteFile) -> Any:
        content = files.open(file.path, "rb")
        content.prefetch(file.size, max_concurrent_requests=_REQUESTS_AHEAD)
        return content

    return opened


def _private_key(connection: Connection) -> "paramiko.PKey | None":
    import paramiko

    text, passphrase = connection.extra.get("private_key"), connection.extra.get("private_key_passphrase")
    if not text:
        return None
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(StringIO(text), password=passphrase)
        except (paramiko.SSHException, ValueError):
            continue
    raise ConfigError(
        f"private_key of the connection '{connection.id}' is no key that can be read",
        "give an Ed25519, ECDSA or RSA key, and private_key_passphrase where it has one",
    )


def _declared_keys(connection: Connection) -> "paramiko.MissingHostKeyPolicy":
    """A policy that accepts only the host keys in the connection, as ssh-keyscan prints them."""
    import paramiko

    declared = str(connection.extra.get("host_key", "")).split()
    if not declared:
        raise ConfigError(
            f"the connection '{connection.id}' does not say which host key the server has",
            "put the lines of ssh-keyscan, compared with what its owner says, into its extra as host_key",
        )

    class Declared(paramiko.MissingHostKeyPolicy):
        def missing_host_key(self, client: Any, hostname: str, key: paramiko.PKey) -> None:
            if key.get_base64() not in declared:
                raise ConfigError(
                    f"{hostname} shows a {key.get_name()} key that the connection '{connection.id}' does"
                    " not name: somebody may be in between",
                    "ask the server's owner, and put all its keys into host_key only if they are its own",
                )

    return Declared()


@contextmanager
def _s3(connection: Connection, folder: str) -> Iterator[Store]:
    from botocore.exceptions import BotoCoreError, ClientError
    from s3fs import S3FileSystem

    extra = connection.extra
    endpoint = extra.get("endpoint_url")
    if endpoint:
        endpoint = base_url(Connection(connection.id, host=str(endpoint)), "")
    where = f"store {endpoint or 'S3'}"
    files = S3FileSystem(
        key=connection.login or None,
        secret=connection.password or None,
        endpoint_url=endpoint,
        client_kwargs={"region_name": extra.get("region_name")},
        config_kwargs={
            "connect_timeout": _TIMEOUT_SECONDS,
            "read_timeout": _TIMEOUT_SECONDS,
            "s3": {"addressing_style": extra.get("addressing_style", "auto")},
        },
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    yield Store(
        where,
        connection.id,
        folder,
        partial(files.find, folder, detail=True),
        lambda file: files.open(file.path, "rb", block_size=_BLOCK_BYTES),
        "LastModified",
        "ETag",
        (OSError, EOFError, BotoCoreError, ClientError),
        is_settled=True,
    )


def unreachable(where: str, connection: str, error: Exception) -> Unavailable:
    """The error for a server that cannot be reached."""
    # Without the library's text, which may quote credentials.
    return Unavailable(
        f"{where} cannot be reached ({type(error).__name__})",
        f"check that it runs, and host and port of the connection '{connection}'",
    )
