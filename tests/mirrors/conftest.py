"""Real servers for the mirrors, each in a folder of its own, on loopback, gone after the tests."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Place:
    """A database as an Airflow connection says it."""

    conn_type: str
    host: str
    port: int
    login: str
    password: str
    schema: str


def program(name: str) -> str:
    """Where a server's program is; the test is skipped without it, but never on CI."""
    folders = [os.environ["PATH"], "/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
    found = shutil.which(name, path=os.pathsep.join(folders))
    if not found:
        assert not os.environ.get("CI"), f"{name} is to be installed by .ci/run"
        pytest.skip(f"{name} is not installed")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(*command: object, user: str | None = None) -> None:
    words = [str(word) for word in command]
    told = subprocess.run(words, user=user, cwd="/", capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr


@contextmanager
def folder_of(account: str) -> Iterator[tuple[Path, str | None]]:
    """A folder for a server, and the account it runs as where this is root, which it refuses to be."""
    with tempfile.TemporaryDirectory(prefix=f"{account}-", ignore_cleanup_errors=True) as name:
        user = None if os.getuid() else account
        if user:
            shutil.chown(name, user)
        yield Path(name), user


@pytest.fixture(scope="session")
def postgres() -> Iterator[Place]:
    """A PostgreSQL with an account that loads and a role that reads."""
    import psycopg

    initdb, pg_ctl, port = program("initdb"), program("pg_ctl"), free_port()
    place = Place("postgres", "127.0.0.1", port, "loader", "owner-secret", "postgres")
    with folder_of("postgres") as (folder, user):
        password, data = folder / "password", folder / "data"
        password.write_text(place.password)
        password.chmod(0o644)
        run(initdb, "-D", data, "-U", place.login, "-A", "scram-sha-256", f"--pwfile={password}",
            "-E", "UTF8", "--locale=C", "--no-sync", user=user)  # fmt: skip
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c fsync=off -k {folder}"
        start = [pg_ctl, "-D", data, "-l", folder / "log", "-w", "-o", options, "start"]
        subprocess.run(list(map(str, start)), user=user, cwd="/", stdout=subprocess.DEVNULL, check=True)
        try:
            with psycopg.connect(
                host=place.host, port=port, user=place.login, password=place.password, dbname=place.schema
            ) as connection:
                connection.execute("CREATE ROLE bi_reader LOGIN PASSWORD 'reader-secret'")
            yield place
        finally:
            run(pg_ctl, "-D", data, "-m", "immediate", "stop", user=user)


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Place]:
    """A MariaDB with an account that loads and an account that reads."""
    install, server = program("mariadb-install-db"), program("mariadbd")
    with folder_of("mysql") as (folder, user):
        data = f"--datadir={folder / 'data'}"
        run(install, "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db",
            user=user)  # fmt: skip
        with _serving(server, folder, user) as place:
            yield place


_STRICT = ("--sql-require-primary-key=ON", "--lower-case-table-names=1")
"""What managed servers ask for that a server of one's own does not."""


@pytest.fixture(scope="session")
def mysql() -> Iterator[Place]:
    """A MySQL with the same accounts, where ``with-mysql.sh`` has brought one."""
    server = os.environ.get("MYSQL_SERVER")
    if not server:
        pytest.skip("no MySQL: Debian 12 has none, tests/mirrors/with-mysql.sh brings one")
    with folder_of("mysql") as (folder, user):
        data = f"--datadir={folder / 'data'}"
        run(server, "--no-defaults", "--initialize-insecure", data, *_STRICT, user=user)
        with _serving(server, folder, user, *_STRICT) as place:
            yield place


@contextmanager
def _serving(server: str, folder: Path, user: str | None, *options: str) -> Iterator[Place]:
    """A server of either kind over the data in ``folder``."""
    import pymysql

    place = Place("mysql", "127.0.0.1", free_port(), "loader", "owner-secret", "bi")
    process = subprocess.Popen(
        [server, "--no-defaults", f"--datadir={folder / 'data'}", f"--socket={folder / 's'}",
         f"--port={place.port}", "--bind-address=127.0.0.1", f"--pid-file={folder / 'pid'}",
         f"--log-error={folder / 'log'}", "--innodb-flush-log-at-trx-commit=0", *options],
        user=user, cwd="/",
    )  # fmt: skip
    try:
        with _mysql_root(pymysql, folder / "s") as connection, connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE bi CHARACTER SET utf8mb4")
            cursor.execute(f"CREATE USER loader@'%' IDENTIFIED BY '{place.password}'")
            cursor.execute("GRANT ALL ON bi.* TO loader@'%' WITH GRANT OPTION")
            cursor.execute("GRANT CREATE USER ON *.* TO loader@'%'")
            cursor.execute("CREATE USER bi_reader@'%' IDENTIFIED BY 'reader-secret'")
        yield place
    finally:
        process.terminate()
        process.wait(30)


def _mysql_root(pymysql, socket_file: Path):
    for _ in range(100):
        try:
            return pymysql.connect(user="root", unix_socket=str(socket_file), autocommit=True)
        except pymysql.err.OperationalError:
            time.sleep(0.2)
    raise AssertionError("the server did not come up")
