"""A year of a real shop, declared outside the package, through the same nights as any other platform.

Its true figures come from the data's own README and ``expected_*.csv``. Fourteen nights run with the
tests; ``make soak`` runs every calendar day of the year.
"""

import csv
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from followthrough.clock import SHANGHAI
from followthrough.paths import PROJECT, Home
from followthrough.versions.history import Manifest, head

REAL_DATA = Path(os.environ.get("FOLLOWTHROUGH_REAL_DATA") or PROJECT.parent / "shared" / "data")
DATA = REAL_DATA / "online_retail_2009_10"
DECLARED = PROJECT / "tests" / "fixtures" / "online_retail"
SOURCE = "uk_web_shop"

FIRST_DAY, LAST_DAY = date(2009, 12, 1), date(2010, 12, 9)
WITHOUT_A_FILE = date(2010, 1, 1)
EXCLUDED = {"stock_adjustment": 2121, "bad_debt_adjustment": 3, "reversal_of_cancellation": 1}
MONEY_OF_EXCLUDED = {
    date(2010, 2, 1): Decimal("373.57"),
    date(2010, 4, 29): Decimal("-53594.36"),
    date(2010, 7, 19): Decimal("-44031.79"),
    date(2010, 10, 20): Decimal("-38925.87"),
}

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the folder of real data is not here")

FIGURES = """
    with sales as (
        select customer_id, order_id, ordered_date, sum(amount_exact) as amount
        from marts.order_lines
        where customer_id is not null and ordered_date <= $day
        group by all
    ), bought as (
        select customer_id, count(distinct order_id) as orders, count(distinct ordered_date) as days
        from sales where amount > 0
        group by all
    ), moved as (
        select customer_id, amount from sales
        union all
        select customer_id, -goods_refunded_exact from marts.refunds
        where customer_id is not null and refunded_date <= $day
    ), money as (
        select customer_id, sum(amount) as net from moved group by all
    )
    select
        count(*) as known,
        count(bought.customer_id) as ever_bought,
        count(*) - count(bought.customer_id) as only_cancel,
        count(*) filter (bought.orders > 0 and net <= 0) as bought_net_le0,
        count(*) filter (bought.orders > 0 and net > 0) as paying,
        count(*) filter (bought.orders > 1 and net > 0) as repeat_inv,
        count(*) filter (bought.days > 1 and net > 0) as repeat_day,
        sum(net) as net_rev
    from marts.customers
    left join bought using (customer_id)
    left join money using (customer_id)
    where first_seen_date <= $day
"""
STAGED = """
    select coalesce(sum(customers), 0)
    from marts.stage_daily
    where stage in ('paying', 'loyal') and stage_date = (select max(stage_date) from marts.stage_daily
        where stage_date <= $day)
"""


def figures(connection: duckdb.DuckDBPyConnection, day: date) -> dict[str, Any]:
    """What an analyst finds in the marts as of a day; `staged` is what the stages say of `paying`."""
    (told,) = connection.execute(FIGURES, {"day": day}).fetchall()
    names = [column[0] for column in connection.description]
    (staged,) = connection.execute(STAGED, {"day": day}).fetchall()[0]
    return dict(zip(names, told, strict=True)) | {"staged": staged}


def expected() -> dict[date, dict[str, Any]]:
    """The true figures by month end."""
    months = {}
    with (DATA / "expected_asof.csv").open() as file:
        for row in csv.DictReader(file):
            day, revenue = date.fromisoformat(row.pop("as_of")), Decimal(row.pop("net_rev"))
            counts = {name: int(count) for name, count in row.items()}
            months[day] = counts | {"net_rev": revenue, "staged": counts["paying"]}
    return months


@contextmanager
def published(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables readers of the home see."""
    file = home / "published" / "current" / "followthrough.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        yield connection


def cut_into_days(target: Path) -> dict[date, Path]:
    """Write one file per day that has lines, as a shop would export it the morning after."""
    files = {}
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create table lines as
            select *, cast(InvoiceDate as date) as day, file_row_number as place
            from read_parquet('{DATA / "online_retail.parquet"}', file_row_number = true)
            """
        )
        for (day,) in connection.execute("select distinct day from lines order by day").fetchall():
            files[day] = target / f"{day}.csv"
            connection.execute(
                f"""
                copy (
                    select Invoice, StockCode, Description, Quantity, InvoiceDate,
                        cast(Price as varchar) as Price, cast("Customer ID" as bigint) as "Customer ID",
                        Country
                    from lines where day = date '{day}' order by place
                ) to '{files[day]}' (header)
                """
            )
            written = datetime.combine(day + timedelta(days=1), time(0, 30), SHANGHAI).timestamp()
            os.utime(files[day], (written, written))
    return files


@dataclass
class Year:
    """The home after its last night; per night its manifest, per month end what was published on it."""

    home: Path
    manifests: list[Manifest] = field(default_factory=list)
    told: dict[date, dict[str, Any]] = field(default_factory=dict)


def run_year(nights: Any, calendar: list[date], files: dict[date, Path], home: Path) -> Year:
    """Run the nights in order; each finds the files that have come since the last."""
    year, inbox = Year(home), home / "inbox" / SOURCE
    month_ends = {min(day, calendar[-1]): day for day in expected()}
    inbox.mkdir(parents=True)
    waiting = dict(files)
    for night in calendar:
        for day in [day for day in waiting if day <= night]:
            waiting.pop(day).replace(inbox / f"{day}.csv")
        outcome = nights.run(
            home,
            night,
            FOLLOWTHROUGH_PLATFORMS=str(DECLARED),
            FOLLOWTHROUGH_SOURCES=str(DECLARED / "sources.toml"),
        )
        assert outcome.status == 0, (night, outcome.error)
        year.manifests.append(head(Home(home)))
        if night in month_ends:
            with published(home) as connection:
                year.told[month_ends[night]] = figures(connection, night)
    return year


def quarters_and_one_without_a_file() -> list[date]:
    return sorted([*sorted(expected())[::3], WITHOUT_A_FILE])


def month_ends_and_one_without_a_file() -> list[date]:
    return sorted([*expected(), WITHOUT_A_FILE])


def every_day() -> list[date]:
    return [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(quarters_and_one_without_a_file, id="quarters"),
        pytest.param(month_ends_and_one_without_a_file, id="14-nights", marks=pytest.mark.soak),
        pytest.param(every_day, id="374-nights", marks=pytest.mark.soak),
    ],
)
def year(request: pytest.FixtureRequest, nights: Any, tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("online_retail")
    return run_year(nights, request.param(), cut_into_days(folder), folder / "home")


@pytest.fixture
def readers(year: Year) -> Iterator[duckdb.DuckDBPyConnection]:
    with published(year.home) as connection:
        yield connection


def test_each_month_end_with_a_night_is_right_on_that_night(year: Year) -> None:
    nights = {date.fromisoformat(manifest.night) for manifest in year.manifests}
    assert year.told == {day: true for day, true in expected().items() if min(day, max(nights)) in nights}
    assert len(year.told) >= 5


def test_each_month_end_is_still_told_right_after_the_last_night(
    readers: duckdb.DuckDBPyConnection,
) -> None:
    assert {day: figures(readers, day) for day in expected()} == expected()


def test_a_night_without_a_file_publishes_a_version_that_adds_no_load(year: Year) -> None:
    nights = [date.fromisoformat(manifest.night) for manifest in year.manifests]
    place = nights.index(WITHOUT_A_FILE)
    before, quiet = year.manifests[place - 1], year.manifests[place]
    assert quiet.sequence == before.sequence + 1
    assert quiet.parent == before.version
    assert quiet.loads == before.loads


def test_each_load_is_known_since_the_night_it_came(year: Year) -> None:
    nights = [manifest.night for manifest in year.manifests]
    with published(year.home) as connection:
        rows = connection.execute("select file_name, cast(known_night as varchar) from trust.loads")
        told = dict(rows.fetchall())
    assert len(told) == 307
    assert told == {name: min(n for n in nights if n >= name[:10]) for name in told}


def test_every_line_lands_in_a_named_place(year: Year, readers: duckdb.DuckDBPyConnection) -> None:
    loads = readers.execute(
        """select sum(rows), sum(accepted), sum(quarantined), sum(excluded), count(*) from trust.loads
        where verdict in ('admitted', 'warned')"""
    ).fetchall()
    assert loads == [(525_461, 523_336, 0, 2_125, 307)]
    receipts = [json.loads(p.read_text()) for p in (year.home / "loads").glob("*/*.json")]
    assert sum((Counter(receipt["excluded"]) for receipt in receipts), Counter()) == EXCLUDED


def test_every_accepted_line_is_a_line_of_an_order_or_of_a_cancellation(
    year: Year, readers: duckdb.DuckDBPyConnection
) -> None:
    private = Home(year.home).private(year.manifests[-1].version)
    with duckdb.connect(str(private), read_only=True) as connection:
        staged, cancelled, nobody = connection.execute(
            """select count(*), count(*) filter (is_cancellation), count(*) filter (buyer_hmac is null)
            from staging.stg_online_retail__lines"""
        ).fetchall()[0]
    assert (staged, cancelled) == (523_336, 10_206 - 1)
    assert nobody == 107_927 - 2_125
    assert readers.execute("select count(*) from marts.order_lines").fetchall() == [(staged - cancelled,)]


def test_every_invoice_is_an_order_a_refund_or_one_excluded_line(readers: duckdb.DuckDBPyConnection) -> None:
    counts = readers.execute(
        """select (select count(*) from marts.orders), (select count(*) from marts.refunds),
            (select count(distinct order_id) from marts.order_lines)"""
    ).fetchall()
    assert counts == [(28_816 - 4_592 - 2_124, 4_592 - 1, 28_816 - 4_592 - 2_124)]


def test_each_day_has_its_lines_and_its_money(readers: duckdb.DuckDBPyConnection) -> None:
    found = readers.execute(
        """
        with moved as (
            select ordered_date as day, amount_exact as amount from marts.order_lines
            union all
            select refunded_date, -goods_refunded_exact from marts.refunds
        ), daily as (
            select day, sum(amount) as amount from moved group by all
        )
        select cast(file_name[:10] as date) as day, rows, coalesce(amount, 0)
        from trust.loads left join daily on day = cast(file_name[:10] as date)
        """
    ).fetchall()
    with (DATA / "expected_daily.csv").open() as file:
        days = {date.fromisoformat(r["d"]): (int(r["n"]), Decimal(r["v"])) for r in csv.DictReader(file)}
    told = {day: (rows, net + MONEY_OF_EXCLUDED.get(day, 0)) for day, rows, net in found}
    assert {day: rows for day, (rows, _) in told.items()} == {day: rows for day, (rows, _) in days.items()}
    assert [day for day in days if abs(told[day][1] - days[day][1]) > Decimal("0.005")] == []


def test_the_exact_money_of_known_customers_is_met(readers: duckdb.DuckDBPyConnection) -> None:
    gross, refunded = readers.execute(
        """select (select sum(amount_exact) from marts.order_lines where customer_id is not null),
            (select sum(goods_refunded_exact) from marts.refunds where customer_id is not null)"""
    ).fetchall()[0]
    assert gross == Decimal("8832003.274")
    assert gross - refunded == Decimal("8348208.574")


def test_the_lines_of_an_order_sum_to_the_order(readers: duckdb.DuckDBPyConnection) -> None:
    differing = readers.execute(
        """select order_id from marts.orders
        join (
            select source_id, order_id, sum(amount_fen) as fen, sum(amount_exact) as exact
            from marts.order_lines group by all
        ) as lines using (source_id, order_id)
        where fen <> goods_paid_fen or abs(exact * 100 - goods_paid_fen) > 0.5"""
    ).fetchall()
    assert differing == []


def test_who_nets_to_exactly_nothing_is_not_paying(readers: duckdb.DuckDBPyConnection) -> None:
    to_nothing = readers.execute(
        """
        with moved as (
            select customer_id, amount_exact as amount from marts.order_lines
            union all
            select customer_id, -goods_refunded_exact from marts.refunds
        )
        select stage from marts.customers join moved using (customer_id)
        group by customer_id, stage having sum(amount) = 0
        """
    ).fetchall()
    assert len(to_nothing) == 17
    assert {stage for (stage,) in to_nothing} <= {"audience", "potential"}


def test_readers_of_the_stage_tables_find_everybody_once(readers: duckdb.DuckDBPyConnection) -> None:
    counts = readers.execute(
        """select (select count(*) from marts.customers),
            (select count(*) from marts.paying_customers) + (select count(*) from marts.loyal_customers),
            (select count(distinct customer_id) from marts.customer_stage_history where valid_to is null)"""
    ).fetchall()
    assert counts == [(4_383, 4_277, 4_383)]


def test_what_is_generated_for_the_platform_lies_in_the_home(year: Year) -> None:
    folder = year.home / "generated"
    assert {str(path.relative_to(folder)) for path in folder.rglob("*.*")} == {
        "macros/generated/declarations.sql",
        "models/staging/online_retail/_online_retail__sources.yml",
        "models/staging/online_retail/_online_retail__versions.yml",
        "models/staging/online_retail/stg_online_retail__lines_versions.sql",
    }


def test_no_file_of_the_project_knows_the_platform() -> None:
    rooms = [PROJECT / room for room in ("dags", "followthrough", "dbt_project", "expectations")]
    files = [p for room in rooms for p in room.rglob("*") if p.suffix in (".py", ".sql", ".yml", ".csv")]
    assert [p for p in files if "online_retail" in p.read_text("utf-8")] == []
