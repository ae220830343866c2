"""What the programs of docs/reading.md see of a mirror, by the addresses and accounts that stand there."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from followthrough.paths import PROJECT
from tests.builders.mirror_servers import program, recipe
from tests.builders.mirrored_version import TABLES

READING = (PROJECT / "docs" / "reading.md").read_text("utf-8")
READER, PASSWORD = "bi_reader", "reader-secret"
BOOKS = 2
JDBC = {
    "postgres": ("PostgreSQL", "postgresql.jar"),
    "mariadb": ("MariaDB", "mariadb-java-client.jar"),
    "mysql": ("MySQL with MariaDB's driver", "mariadb-java-client.jar"),
}
"""By server: the row of the page with its address, and the driver's file."""


@pytest.fixture
def mirrored(server, publish, bring):
    """Where a mirror of three orders is."""
    publish(1, 3)
    bring()
    return server[0]


def here(address: str, place) -> str:
    """An address of the page, of the server that runs here."""
    return re.sub(r"\b(5432|3306)\b", str(place.port), address.replace("db.lan", place.host))


def isql(place, tmp_path: Path, *lines: str) -> list[list[str]]:
    """What ``isql`` answers to its commands by the page's DSN: rows, the columns' names before them."""
    (tmp_path / "odbc.ini").write_text(here(recipe("[followthrough-postgres]"), place))
    asked = subprocess.run(
        [program("isql"), f"followthrough-{place.conn_type}", READER, PASSWORD, "-v", "-b", "-d\t", "-c"],
        env={**os.environ, "ODBCINI": str(tmp_path / "odbc.ini"), "LC_ALL": "C.UTF-8"},
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr
    return [line.split("\t") for line in asked.stdout.splitlines()]


def test_odbc_reads_rows_as_they_are_published(mirrored, tmp_path):
    query = "SELECT order_id, channel_id, paid_yuan, ordered_at, ordered_date FROM orders ORDER BY 1"
    assert isql(mirrored, tmp_path, query)[1] == ["E0", "视频号", "0.01", "2026-11-11 00:30:00", "2026-11-11"]


def test_odbc_lists_the_tables_and_the_columns_with_their_labels(mirrored, tmp_path):
    head, *tables = isql(mirrored, tmp_path, "help")
    assert len({row[head.index("TABLE_NAME")] for row in tables} - {""}) >= TABLES + BOOKS
    head, *columns = isql(mirrored, tmp_path, "help orders")
    labels = {row[head.index("COLUMN_NAME")]: row[head.index("REMARKS")] for row in columns}
    assert labels["paid_yuan"] == ("" if mirrored.conn_type == "postgres" else "实付金额(元)")


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles"])
def test_jdbc_sees_labels_amounts_and_times_as_they_are_in_any_zone(mirrored, request, zone):
    told = jdbc(mirrored, request.node.callspec.params["server"], zone)
    tables, columns, values = (
        {name: text for kind, name, text in told if kind == wanted} for wanted in ("table", "column", "value")
    )
    assert tables["orders"].startswith("订单:每行一个订单")
    assert columns["paid_yuan"] == "实付金额(元)"
    assert (values["order_id"], values["channel_id"], values["paid_yuan"]) == ("E0", "视频号", "0.01")
    assert values["ordered_at"] == "2026-11-11 00:30:00.0"
    assert values["ordered_date"] == "2026-11-11"


def jdbc(place, server: str, zone: str) -> list[list[str]]:
    """What Java, in a zone, is told of the orders by the page's address: kind, name and text."""
    row, file = JDBC[server]
    driver = Path("/usr/share/java", file)
    if not shutil.which("javac"):
        pytest.skip("there is no Java development kit")
    if not driver.exists():
        assert not os.environ.get("CI"), f"{driver} is to be installed by .ci/run"
        pytest.skip(f"{driver} is not installed")
    (address,) = re.findall(rf"^\| {row} \| `(.*)` \|", READING, re.M)
    source = Path(__file__).with_name("Tables.java")
    asked = subprocess.run(
        [
            "java",
            f"-Duser.timezone={zone}",
            "-Dfile.encoding=UTF-8",
            "-cp",
            driver,
            source,
            here(address, place),
            READER,
            PASSWORD,
            "orders",
            "order_id",
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr
    return [line.split("\t", 2) for line in asked.stdout.splitlines()]
