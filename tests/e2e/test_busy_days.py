"""Twenty times the usual on 双11, a fifth of it the day after, a weekend in one file: each is published."""

import csv
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from followthrough.clock import SHANGHAI
from followthrough.load.receipts import receipts
from followthrough.operate import run_dag as launch
from followthrough.paths import Home
from followthrough.platforms import export
from followthrough.sheets.templates import workbook
from tests.builders.nights import Nights

SOURCES = """
[shops]
moss = "苔原官方商城"

[brands]
moss = "苔原"

[sources.moss]
platform = "youzan"
label = "有赞 苔原"
shop_id = "moss"
brand_id = "moss"
owner = "王运营"
cadence = "workday"

[sources.sheets]
platform = "sheets"
label = "运营表"
cadence = "on_demand"
"""
USUAL = 25
DOUBLE_11 = date(2025, 11, 11)
FRIDAY, SUNDAY = date(2025, 11, 14), date(2025, 11, 16)
PLAIN_DAY = date(2025, 11, 27)
PUBLISHED_NIGHTS = (date(2025, 11, 10), DOUBLE_11, date(2025, 11, 12), SUNDAY, PLAIN_DAY)


class Shop:
    """A shop whose operators drop files into its inbox, each made on the morning after its last day."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._orders = 0

    def sheet(self, name: str, on: date, *rows: tuple[str, ...]) -> None:
        """Hand in an operator sheet."""
        self._drop("sheets", f"{name}.xlsx", workbook(export(f"sheets__{name}"), rows), on)

    def orders(self, *days: date, each: int) -> None:
        """Export so many new orders of each day in one file."""
        header = export("youzan__orders").header
        text = io.StringIO()
        writer = csv.DictWriter(text, header, restval="")
        writer.writeheader()
        for day in days:
            for minute in range(each):
                self._orders += 1
                at = datetime.combine(day, time(9)) + timedelta(minutes=minute)
                writer.writerow(
                    {
                        "订单号": f"E{self._orders:020}",
                        "订单状态": "待发货",
                        "订单类型": "普通订单",
                        "归属店铺": "苔原",
                        "订单创建时间": at,
                        "买家付款时间": at,
                        "商品金额合计": "10.00",
                        "订单实付金额": "10.00",
                        "订单已退款金额": "0.00",
                        "买家手机号": f"139{self._orders:08}",
                    }
                )
        self._drop("moss", f"{days[-1]}.csv", text.getvalue().encode("gb18030"), days[-1])

    def _drop(self, source: str, name: str, content: bytes, on: date) -> None:
        path = self._home / "inbox" / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        made = datetime.combine(on + timedelta(days=1), time(9), SHANGHAI).timestamp()
        os.utime(path, (made, made))


@contextmanager
def _published(home: Path, night: date) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables published for a night."""
    (file,) = home.glob(f"published/*-{night}/followthrough.duckdb")
    with duckdb.connect(str(file), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def november(nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """A home after five nights, and how each of them went."""
    folder = tmp_path_factory.mktemp("november")
    home, sources = folder / "home", folder / "sources.toml"
    sources.write_text(SOURCES, "utf-8")
    shop = Shop(home)

    def usual_days() -> None:
        shop.sheet("campaigns", date(2025, 11, 1), ("d11", "2025 双11", "平台大促", "", ""))
        phase = ("d11", "爆发", "2025-10-31 20:00", "2025-11-11 23:59", "", "")
        shop.sheet("campaign_phases", date(2025, 11, 1), phase)
        for back in range(4, -1, -1):
            shop.orders(PUBLISHED_NIGHTS[0] - timedelta(days=back), each=USUAL)

    def a_weekend_in_one_file() -> None:
        shop.orders(date(2025, 11, 13), each=USUAL)
        shop.orders(FRIDAY, date(2025, 11, 15), SUNDAY, each=USUAL)

    arriving = (
        usual_days,
        lambda: shop.orders(DOUBLE_11, each=20 * USUAL),
        lambda: shop.orders(date(2025, 11, 12), each=USUAL // 5),
        a_weekend_in_one_file,
        lambda: shop.orders(PLAIN_DAY, each=21 * USUAL),
    )
    outcomes = []
    for night, arrive in zip(PUBLISHED_NIGHTS, arriving, strict=True):
        arrive()
        outcomes.append(nights.run(home, night, FOLLOWTHROUGH_SOURCES=str(sources)))
    return home, outcomes


def test_every_night_is_published_with_all_its_orders(november: tuple[Path, list[Any]]) -> None:
    home, outcomes = november
    assert [outcome.status for outcome in outcomes] == [launch.PUBLISHED] * 5
    with _published(home, PLAIN_DAY) as connection:
        counted = connection.execute("select ordered_date, count(*) from marts.orders group by all")
        days = dict(counted.fetchall())
    assert days[DOUBLE_11] == 20 * USUAL
    assert days[date(2025, 11, 12)] == USUAL // 5
    assert [days[FRIDAY + timedelta(days=n)] for n in range(3)] == [USUAL] * 3
    assert days[PLAIN_DAY] == 21 * USUAL


def test_a_declared_campaign_explains_the_most_and_the_least_and_a_plain_day_warns(
    november: tuple[Path, list[Any]],
) -> None:
    with _published(november[0], PLAIN_DAY) as connection:
        verdicts = dict(
            connection.execute(
                "select file_name, verdict from trust.loads where slug = 'youzan__orders'"
            ).fetchall()
        )
        warned = connection.execute("select reason from trust.checks where not is_passed").fetchall()
    assert verdicts.pop(f"{PLAIN_DAY}.csv") == "warned"
    assert set(verdicts.values()) == {"admitted"}
    assert [reason for (reason,) in warned if reason.startswith("Far more rows than")]


def test_one_file_of_monday_covers_friday_to_sunday(november: tuple[Path, list[Any]]) -> None:
    home, _ = november
    (monday,) = [receipt for receipt in receipts(Home(home)) if receipt.name == f"{SUNDAY}.csv"]
    assert monday.covers == (FRIDAY.isoformat(), SUNDAY.isoformat())
    assert monday.days == tuple((FRIDAY + timedelta(days=n)).isoformat() for n in range(3))
    with _published(home, SUNDAY) as connection:
        fresh = connection.execute(
            "select owner, covered_through, state from trust.freshness where slug = 'youzan__orders'"
        ).fetchall()
    assert fresh == [("王运营", SUNDAY, "fresh")]
