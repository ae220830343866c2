"""What goes wrong through whole nights: rows of tomorrow, old files, refunds of nothing, a full disk."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from followthrough.operate import run_dag as launch
from tests.builders.nights import Nights, at, copy_of, current, marts
from tests.builders.small_shop import NAME, NEXT, NIGHT, PHONE, SOURCES, STREET, asked, drop, order
from tests.builders.youzan_orders import file_of as orders


def refund(number: str, of: str, fen: int) -> bytes:
    moment = "2026-09-01 20:00:00"
    told = {
        "refund_id": number,
        "tid": of,
        "status": "SUCCESS",
        "demand": 1,
        "refund_fee": fen / 100,
        "created": moment,
        "modified": moment,
        "refund_account_time": moment,
        "refund_fund_list": [{"refund_fee": fen, "status": 2}],
    }
    return json.dumps({"success": True, "data": told}).encode() + b"\n"


CONTACT = {
    "external_contact": {"external_userid": "wm1", "name": NAME, "unionid": "u1"},
    "follow_info": {
        "userid": "staff",
        "createtime": 1788192000,
        "remark": f"{NAME} {STREET}",
        "description": STREET,
        "remark_mobiles": [PHONE],
    },
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources file of these nights."""
    path = tmp_path_factory.mktemp("sources") / "sources.toml"
    path.write_text(SOURCES, "utf-8")
    return path


@pytest.fixture(scope="module")
def run(nights: Nights, sources: Path) -> Callable[..., Any]:
    """Run a night of these sources."""

    def run(home: Path, night: date, before: Callable[[], None] | None = None) -> Any:
        return nights.run(home, night, before=before, FOLLOWTHROUGH_SOURCES=str(sources))

    return run


@pytest.fixture(scope="module")
def small(run: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one night of one shop, in whose files all kinds of things are wrong; take a copy of it."""
    home, morning = tmp_path_factory.mktemp("small") / "home", datetime(2026, 9, 2, 3)
    drop(
        home,
        "moss",
        "订单.csv",
        orders(
            order("E1", "2026-09-01 10:00:00"),
            order("E2", "2026-09-01 11:00:00"),
            order("E3", "2026-09-02 02:30:00", 订单实付金额="12.00"),
            *(order(f"E9{n}", "2026-08-20 10:00:00") for n in range(9)),
            order("E8", "2026-09-01 12:00:00", 订单状态=NAME, 订单实付金额=PHONE, 订单创建时间=STREET),
        ),
        morning,
    )
    refunds = refund("R1", "E1", 3000) + refund("R2", "E404", 500) + refund("R3", "E2", 400)
    drop(home, "moss", "退款.json", refunds, morning)
    drop(home, "moss", "乱七八糟.csv", f"{NAME},{PHONE}\n{STREET},1\n".encode(), morning)
    drop(
        home,
        "moss",
        "少一列.csv",
        orders(order("E7", "2026-09-01 10:00:00")).replace("订单实付金额".encode(), NAME.encode()),
        morning,
    )
    contacts = {"errcode": 0, "external_contact_list": [CONTACT]}
    drop(home, "staff", "客户.json", json.dumps(contacts).encode(), morning)
    outcome = run(home, NIGHT)
    assert outcome.status == launch.PUBLISHED, outcome.output
    (home / "runs" / "printed").write_text(outcome.output, "utf-8")
    return home


def test_refunds_of_too_much_and_of_nothing_are_listed_and_bend_no_net(small: Path) -> None:
    found = asked(
        small,
        "select cause, reference, reported_fen, counted_fen from trust.reconciliation "
        "where starts_with(cause, 'refund') order by all",
    )
    assert found == [("refund_exceeds_payment", "R1", 3000, 1000), ("refund_of_unknown_order", "R2", 500, 0)]
    nets = asked(
        small,
        "select order_id, paid_fen, refunded_fen, net_fen from marts.orders "
        "where order_id in ('E1', 'E2') order by order_id",
    )
    assert nets == [("E1", 1000, 1000, 0), ("E2", 1000, 400, 600)]
    days = asked(small, "select min(net_fen) >= 0, cast(sum(refunded_fen) as bigint) from marts.shop_daily")
    assert days == [(True, 1400)]


def test_an_older_export_that_arrives_later_changes_nothing(
    small: Path, run: Callable[..., Any], tmp_path: Path
) -> None:
    home = copy_of(small, tmp_path / "home")
    told, loads = marts(home), len(current(home).loads)
    stale = [order(f"E{n}", f"2026-09-01 1{n - 1}:00:00", 订单状态="待付款", 买家付款时间="") for n in (1, 2)]
    drop(home, "moss", "昨天导的.csv", orders(*stale), datetime(2026, 9, 1, 20))
    assert run(home, NIGHT).status == launch.PUBLISHED
    assert len(current(home).loads) == loads + 1
    assert marts(home) == told


def test_this_morning_s_rows_are_seen_from_their_own_night_on(
    small: Path, run: Callable[..., Any], tmp_path: Path
) -> None:
    home = copy_of(small, tmp_path / "home")
    of_the_morning = "select paid_fen from marts.orders where order_id = 'E3'"
    assert asked(home, of_the_morning) == []
    assert asked(home, "select max(paid_date) from marts.orders") == [(NIGHT,)]
    assert run(home, NEXT).status == launch.PUBLISHED
    assert asked(home, of_the_morning) == [(1200,)]
    of_its_day = "select paid_fen from marts.shop_daily where business_date = date '2026-09-02'"
    assert asked(home, of_its_day) == [(1200,)]


def quotes(path: Path, planted: str) -> bool:
    """Whether a file says it, in its bytes or in any table they hold."""
    content = path.read_bytes()
    if planted.encode() in content or planted.encode("gb18030") in content:
        return True
    return path.suffix in (".parquet", ".duckdb") and any(planted in row for row in rows_of(path))


def rows_of(path: Path) -> Iterator[str]:
    """Every row of every table of a Parquet or DuckDB file, as text: what is packed is not found in bytes."""
    is_parquet = path.suffix == ".parquet"
    with duckdb.connect(":memory:" if is_parquet else str(path), read_only=not is_parquet) as connection:
        names = 'select format(\'"{}"."{}"\', schema_name, table_name) from duckdb_tables()'
        tables = [(f"read_parquet('{path}')",)] if is_parquet else connection.execute(names).fetchall()
        for (table,) in tables:
            found = connection.execute(f"select cast(each_row as varchar) from {table} as each_row")
            yield from (row for (row,) in found.fetchall())


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("a.parquet", "copy (select '{phone}' as a from range(9000)) to '{file}' (compression zstd)"),
        ("b.duckdb", "attach '{file}' as b; create table b.t as select ['{phone}'] as a from range(9000)"),
        ("c.log", "copy (select '打电话{phone}') to '{file}'"),
    ],
)
def test_what_a_search_must_find_it_finds(tmp_path: Path, name: str, statement: str) -> None:
    duckdb.connect().execute(statement.format(phone=PHONE, file=tmp_path / name)).close()
    assert quotes(tmp_path / name, PHONE)
    assert not quotes(tmp_path / name, NAME)


@pytest.mark.parametrize("planted", [PHONE, NAME, STREET], ids=["phone", "name", "address"])
def test_nobody_is_named_anywhere_past_the_load(small: Path, planted: str) -> None:
    given = ("landing", "inbox")
    files = [path for path in small.rglob("*") if path.is_file()]
    past = [path for path in files if path.relative_to(small).parts[0] not in given]
    zones = {path.relative_to(small).parts[0] for path in past}
    assert zones >= {"bronze", "quarantine", "loads", "history", "warehouse", "published", "reports", "dbt"}
    airflow = [path for path in Path(os.environ["AIRFLOW_HOME"]).rglob("*") if path.is_file()]
    assert [str(path) for path in (*past, *airflow) if quotes(path, planted)] == []
    assert any(quotes(path, planted) for path in files if path not in past), "it was never there"
    assert asked(small, "select count(*) from marts.customers where first_paid_date is not null") == [(1,)]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("cannot mount a small disk: only root can")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(home: Path) -> None:
    """Leave not a byte on the disk of the home."""
    with suppress(OSError), (home / "filling").open("ab", buffering=0) as file:
        while True:
            file.write(bytes(1 << 16))
    with suppress(OSError), (home / "filling").open("ab", buffering=0) as file:
        while True:
            file.write(b"x")


NEW_ORDER = orders(order("E20", "2026-09-02 10:00:00"))


@pytest.mark.soak
def test_a_disk_that_fills_up_anywhere_leaves_the_version_whole_and_the_rerun_is_equal(
    small: Path, run: Callable[..., Any], disk: Path, tmp_path: Path
) -> None:
    undisturbed, home = copy_of(small, tmp_path / "home"), copy_of(small, disk / "home")
    for each in (undisturbed, home):
        drop(each, "moss", "新订单.csv", NEW_ORDER, datetime(2026, 9, 3, 3))
    before = current(home), marts(home)
    for function, moment in (
        ("ingest.landing._copy", "before"),
        ("warehouse.build._prepare", "after"),
        ("publish.trust.write", "after"),
    ):
        outcome = run(home, NEXT, before=at(function, moment, lambda: fill(home)))
        assert outcome.status == launch.FAILED, function
        assert "free some space" in outcome.error, f"{function}: {outcome.output}"
        assert (current(home), marts(home)) == before
        assert asked(home, "select count(*) from marts.orders") == [(11,)]
        (home / "filling").unlink()
    for each in (home, undisturbed):
        outcome = run(each, NEXT)
        assert outcome.status == launch.PUBLISHED, outcome.error
    assert marts(home) == marts(undisturbed) != before[1]


@pytest.fixture
def command(sources: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start ``followthrough night`` as a person does, in a process of its own."""

    def command(home: Path, **environment: str) -> subprocess.Popen[str]:
        program = Path(sys.executable).with_name("followthrough")
        known = {"FOLLOWTHROUGH_HOME": str(home), "FOLLOWTHROUGH_SOURCES": str(sources)}
        return subprocess.Popen(
            [program, "night", NEXT.isoformat()],
            env={**os.environ, **known, **environment},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    return command


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Its status and what it printed."""
    printed, _ = process.communicate(timeout=600)
    return process.returncode, printed


@pytest.mark.soak
def test_a_home_that_cannot_be_written_to_is_told_before_anything_starts(
    small: Path, command: Callable[..., Any], disk: Path
) -> None:
    home = copy_of(small, disk / "home")
    fill(home)
    status, printed = ended(command(home))
    assert (status, "Traceback" in printed) == (launch.FAILED, False)
    assert "0 MB free, the build may take 64 MB -> free some space: readers keep" in printed
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    status, printed = ended(command(home))
    assert (status, printed) == (
        launch.FAILED,
        f"followthrough: {home} cannot be written to -> mount it for writing\n",
    )
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


@pytest.mark.soak
def test_of_two_nights_at_once_one_waits_or_is_told_who_is_at_work(
    small: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    home = copy_of(small, tmp_path / "home")
    (home / "lock").unlink()
    first = command(home)
    deadline = time.monotonic() + 300
    while f"night__{NEXT}" not in ((home / "lock").read_text() if (home / "lock").exists() else ""):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    second = command(home, FOLLOWTHROUGH_LOCK_WAIT_SECONDS="600")
    status, printed = ended(command(home, FOLLOWTHROUGH_LOCK_WAIT_SECONDS="0.5"))
    assert (status, "Traceback" in printed) == (launch.FAILED, False)
    assert f'another run holds this home: {{"run": "night__{NEXT}' in printed
    assert ended(first)[0] == launch.PUBLISHED
    status, printed = ended(second)
    assert (status, "nothing new since the last version" in printed) == (launch.PUBLISHED, True)
    assert (current(home).night, current(home).sequence) == (NEXT.isoformat(), current(small).sequence + 1)


@pytest.mark.soak
def test_without_its_key_or_with_another_a_home_stays_as_it_is(
    small: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    home = copy_of(small, tmp_path / "home")
    drop(home, "moss", "新订单.csv", NEW_ORDER, datetime(2026, 9, 3, 3))
    before, bronze = current(home), {*(home / "bronze").rglob("*.parquet")}
    (home / "keys" / "hmac").unlink()
    for given, told in (
        ({}, "keys/hmac is missing though this home has published before -> restore it from your backup"),
        ({"FOLLOWTHROUGH_HMAC_KEY": "0f" * 32}, "not the one this home was made with -> restore the key"),
    ):
        status, printed = ended(command(home, **given))
        assert (status, "Traceback" in printed) == (launch.FAILED, False)
        assert told in printed
        assert current(home) == before
        assert {*(home / "bronze").rglob("*.parquet")} == bronze
        assert not (home / "keys" / "hmac").exists()
