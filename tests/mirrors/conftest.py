"""Real servers for the mirrors, each in a folder of its own, on loopback, gone after the tests.

Databases and accounts are made as docs/reading.md tells an administrator to make them.
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

import duckdb
import psycopg
import pymysql
import pytest

from followthrough import bi, trust
from followthrough.catalogue import marts, published
from followthrough.history import Manifest
from followthrough.mirrors import Mirror, mirror
from followthrough.paths import PROJECT
from followthrough.publish import summarise, switch
from followthrough.warehouse import replace_table

NAMES = ("brands", "orders", "shop_daily", "stages")
TABLES = len(NAMES) + len(trust.COLUMNS)
TYPES = {"string": "VARCHAR", "decimal(18, 6)": "DECIMAL(18, 6)"}
HOSTILE = "'); DROP TABLE orders; -- \\ \" \n\t %s 表情😀"


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


def recipe(first: str) -> str:
    """The block of code in docs/reading.md that starts with these words."""
    page = (PROJECT / "docs" / "reading.md").read_text("utf-8")
    (found,) = re.findall(rf"```\w*\n({re.escape(first)}\n.*?)```", page, re.S)
    return str(found)


def administration(first: str, place: Place) -> list[str]:
    """The statements of the page that make a database with its two accounts."""
    loader, reader = recipe(first).replace("'…'", f"'{place.password}'", 1), "'reader-secret'"
    lines = [line for line in loader.replace("'…'", reader).splitlines() if not line.startswith("--")]
    return "\n".join(lines).rstrip().rstrip(";").split(";\n")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Place]:
    """A PostgreSQL with an account that loads and a role that reads."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    place = Place("postgres", "127.0.0.1", free_port(), "loader", "owner-secret", "bi")
    with folder_of("postgres") as (folder, user):
        password, data = folder / "password", folder / "data"
        password.write_text("administrator-secret")
        password.chmod(0o644)
        run(initdb, "-D", data, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={password}",
            "-E", "UTF8", "--locale=C", "--no-sync", user=user)  # fmt: skip
        options = f"-c listen_addresses=127.0.0.1 -c port={place.port} -c fsync=off -k {folder}"
        start = [pg_ctl, "-D", data, "-l", folder / "log", "-w", "-o", options, "start"]
        subprocess.run(list(map(str, start)), user=user, cwd="/", stdout=subprocess.DEVNULL, check=True)
        try:
            with psycopg.connect(
                host=place.host, port=place.port, user="postgres", password="administrator-secret",
                autocommit=True,
            ) as connection:  # fmt: skip
                for statement in administration("-- PostgreSQL", place):
                    connection.execute(statement.encode())
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
    place = Place("mysql", "127.0.0.1", free_port(), "loader", "owner-secret", "bi")
    process = subprocess.Popen(
        [server, "--no-defaults", f"--datadir={folder / 'data'}", f"--socket={folder / 's'}",
         f"--port={place.port}", "--bind-address=127.0.0.1", f"--pid-file={folder / 'pid'}",
         f"--log-error={folder / 'log'}", "--innodb-flush-log-at-trx-commit=0", *options],
        user=user, cwd="/",
    )  # fmt: skip
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


@pytest.fixture
def publish(home):
    """Publish a small version of some marts, its orders being ``orders`` times of one fen each."""

    def publish(number: int, orders: int, names: tuple[str, ...] = NAMES) -> str:
        version = f"{number:06}-2026-11-11"
        folder = home.published / version
        folder.mkdir(parents=True)
        database = folder / "followthrough.duckdb"
        described = marts()
        with duckdb.connect(str(database)) as connection:
            connection.execute("CREATE SCHEMA marts; CREATE SCHEMA trust")
            for name in names:
                columns = ", ".join(
                    f'"{c.name}" {TYPES.get(c.type, c.type)}' for c in described[name].columns
                )
                connection.execute(f"CREATE TABLE marts.{name} ({columns})")
            connection.execute(
                """INSERT INTO marts.orders BY NAME SELECT 's' AS source_id, 'E' || n AS order_id,
                'shop' AS shop_id, ? AS sales_channel, 1 AS paid_fen, '' AS status, true AS is_retained,
                '视频号' AS channel_id, DATE '2026-11-11' AS ordered_date,
                TIMESTAMP '2026-11-11 00:30:00' AS ordered_at FROM range(?) AS r(n)""",
                [HOSTILE, orders],
            )
            connection.execute(
                """INSERT INTO marts.shop_daily BY NAME SELECT 'shop' AS shop_id, 'CNY' AS currency,
                DATE '2026-11-11' AS business_date, ?::BIGINT AS orders""",
                [orders],
            )
            for name, kinds in trust.COLUMNS.items():
                replace_table(connection, f"trust.{name}", kinds, [])
            connection.execute("INSERT INTO trust.freshness BY NAME SELECT 'a' AS source_id")
        bi.write(database, published().values())
        manifest = Manifest(
            version=version, night="2026-11-11", parent=None, created_at="2026-11-12T07:30:00", run_id="",
            fingerprint="", key_fingerprint="", loads=(), tables=summarise(database, {}), checks={},
            quarantined_rows=0, late_sources=(),
        )  # fmt: skip
        (folder / "manifest.json").write_text(manifest.to_json(), "utf-8")
        switch(home, version)
        return version

    return publish


def postgres_query(place, query, login="loader", password="owner-secret"):
    with psycopg.connect(
        host=place.host, port=place.port, user=login, password=password, dbname=place.schema,
        options="-c search_path=bi",
    ) as connection:  # fmt: skip
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


@pytest.fixture(params=["postgres", "mariadb", "mysql"])
def server(request):
    """A server, empty, and the way to ask it."""
    place = request.getfixturevalue(request.param)
    if place.conn_type == "postgres":
        postgres_query(place, "DROP SCHEMA IF EXISTS bi CASCADE")
        return place, postgres_query
    for (name,) in mysql_query(place, "SHOW TABLES"):
        mysql_query(place, f"DROP TABLE {name}")
    return place, mysql_query


@pytest.fixture
def bring(home, server):
    """Bring the one mirror to what is published; how many tables it took."""
    place, _ = server

    def bring() -> int:
        brought = mirror(home, (Mirror("shop_floor", "bi_db", "bi_reader"),), {"bi_db": place}.__getitem__)
        brought.raise_failures()
        return brought.taken["shop_floor"]

    return bring
