"""Database servers for the mirrors, each in a folder of its own, on loopback, and ways to query them.

Databases and accounts are created with the statements in docs/reading.md.
"""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pymysql
import pytest

from followthrough.paths import PROJECT

_STRICT = ("--sql-require-primary-key=ON", "--lower-case-table-names=1")
"""Options that managed servers set and a default installation does not."""


@dataclass(frozen=True)
class Place:
    """A database with the fields of an Airflow connection."""

    conn_type: str
    host: str
    port: int
    login: str
    password: str
    schema: str


def program(name: str) -> str:
    """The path of a server's program; without it the test is skipped, or on CI fails."""
    folders = [os.environ["PATH"], "/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
    found = shutil.which(name, path=os.pathsep.join(folders))
    if not found:
        assert not os.environ.get("CI"), f"{name} is to be installed by .ci/run"
        pytest.skip(f"{name} is not installed")
    return found


def free_port() -> int:
    """A free port on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(*command: object, user: str | None = None) -> None:
    """Run a program as a user; raise with its output if it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, user=user, cwd="/", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def folder_of(account: str) -> Iterator[tuple[Path, str | None]]:
    """A folder for a server, and the account it runs as if this process is root, which servers refuse."""
    with tempfile.TemporaryDirectory(prefix=f"{account}-", ignore_cleanup_errors=True) as name:
        user = None if os.getuid() else account
        if user:
            shutil.chown(name, user)
        yield Path(name), user


def recipe(first: str) -> str:
    """The block of code in docs/reading.md that starts with these words."""
    page = (PROJECT / "docs" / "reading.md").read_text("utf-8")
    (found,) = re.findall(rf"```\w*\n({re.escape(first)}\n.*?)```", page, re.S)
    return str(found)


def administration(first: str, place: Place) -> list[str]:
    """The statements of docs/reading.md that create a database with its two accounts."""
    loader, reader = recipe(first).replace("'…'", f"'{place.password}'", 1), "'reader-secret'"
    lines = [line for line in loader.replace("'…'", reader).splitlines() if not line.startswith("--")]
    return "\n".join(lines).rstrip().rstrip(";").split(";\n")


@contextmanager
def postgres_server() -> Iterator[Place]:
    """A PostgreSQL server with an account that loads and a role that reads."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    place = Place("postgres", "127.0.0.1", free_port(), "loader", "owner-secret", "bi")
    with folder_of("postgres") as (folder, user):
        password, data = folder / "password", folder / "data"
        password.write_text("administrator-secret")
        password.chmod(0o644)
        run(
            initdb,
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "scram-sha-256",
            f"--pwfile={password}",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            user=user,
        )
        options = f"-c listen_addresses=127.0.0.1 -c port={place.port} -c fsync=off -k {folder}"
        start = [pg_ctl, "-D", data, "-l", folder / "log", "-w", "-o", options, "start"]
        subprocess.run(list(map(str, start)), user=user, cwd="/", stdout=subprocess.DEVNULL, check=True)
        try:
            with psycopg.connect(
                host=place.host,
                port=place.port,
                user="postgres",
                password="administrator-secret",
                autocommit=True,
            ) as connection:
                for statement in administration("-- PostgreSQL", place):
                    connection.execute(statement.encode())
            yield place
        finally:
            run(pg_ctl, "-D", data, "-m", "immediate", "stop", user=user)


@contextmanager
def mariadb_server() -> Iterator[Place]:
    """A MariaDB server with an account that loads and an account that reads."""
    install, server = program("mariadb-install-db"), program("mariadbd")
    with folder_of("mysql") as (folder, user):
        data = f"--datadir={folder / 'data'}"
        run(
            install,
            "--no-defaults",
            data,
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            user=user,
        )
        with _serving(server, folder, user) as place:
            yield place


@contextmanager
def mysql_server() -> Iterator[Place]:
    """A MySQL server with the same accounts, if ``with-mysql.sh`` has installed one."""
    server = os.environ.get("MYSQL_SERVER")
    if not server:
        pytest.skip("no MySQL: Debian 12 has none, tests/publish/mirrors/with-mysql.sh brings one")
    with folder_of("mysql") as (folder, user):
        data = f"--datadir={folder / 'data'}"
        run(server, "--no-defaults", "--initialize-insecure", data, *_STRICT, user=user)
        with _serving(server, folder, user, *_STRICT) as place:
            yield place


@contextmanager
def _serving(server: str, folder: Path, user: str | None, *options: str) -> Iterator[Place]:
    """A MySQL or MariaDB server over the data in ``folder``."""
    place = Place("mysql", "127.0.0.1", free_port(), "loader", "owner-secret", "bi")
    process = subprocess.Popen(
        [
            server,
            "--no-defaults",
            f"--datadir={folder / 'data'}",
            f"--socket={folder / 's'}",
            f"--port={place.port}",
            "--bind-address=127.0.0.1",
            f"--pid-file={folder / 'pid'}",
            f"--log-error={folder / 'log'}",
            "--innodb-flush-log-at-trx-commit=0",
            *options,
        ],
        user=user,
        cwd="/",
    )
    try:
        with _mysql_root(folder / "s") as connection, connection.cursor() as cursor:
            for statement in administration("-- MySQL, MariaDB", place):
                cursor.execute(statement)
            cursor.execute("GRANT CREATE USER ON *.* TO loader@'%'")
        yield place
    finally:
        process.terminate()
        process.wait(30)


def _mysql_root(socket_file: Path):
    for _ in range(100):
        try:
            return pymysql.connect(user="root", unix_socket=str(socket_file), autocommit=True)
        except pymysql.err.OperationalError:
            time.sleep(0.2)
    raise AssertionError("the server did not come up")


def postgres_query(place, query, login="loader", password="owner-secret"):
    with psycopg.connect(
        host=place.host,
        port=place.port,
        user=login,
        password=password,
        dbname=place.schema,
        options="-c search_path=bi",
    ) as connection:
        asked = connection.execute(query)
        return asked.fetchall() if asked.description else []


def mysql_query(place, query, login="loader", password="owner-secret"):
    connection = pymysql.connect(
        host=place.host,
        port=place.port,
        user=login,
        password=password,
        database=place.schema,
        charset="utf8mb4",
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
