"""Operator sheets through whole nights: the newest holds whole, an older one coming late changes nothing."""

import os
from datetime import datetime
from pathlib import Path

import duckdb

from followthrough.clock import SHANGHAI
from followthrough.operate import run_dag as launch
from followthrough.platforms import export
from followthrough.sheets.templates import workbook
from tests.builders.nights import SAMPLE, Nights, copy_of, marts

NIGHT = SAMPLE.night(5)
BEFORE_THE_FIRST_SHEET = datetime(2026, 8, 1, 9, tzinfo=SHANGHAI)


def _drop(home: Path, name: str, brands: list[tuple[str, str, str]], made_at: datetime | None = None) -> None:
    path = home / "inbox" / "sheets_main" / name
    path.write_bytes(workbook(export("sheets__brands"), brands))
    if made_at:
        os.utime(path, (made_at.timestamp(), made_at.timestamp()))


def _brands(home: Path) -> list[tuple[str, str, str | None]]:
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as connection:
        query = "select brand_id, brand_name, rules_profile from marts.brands order by brand_id"
        return connection.execute(query).fetchall()


def test_a_sheet_replaces_the_one_before_and_an_older_one_never_does(
    published: Path, nights: Nights, tmp_path: Path
) -> None:
    home = copy_of(published, tmp_path / "home")
    assert _brands(home) == [("moss", "苔原", "beauty_care"), ("pine", "松间", "beauty_care")]

    _drop(home, "品牌表.xlsx", [("moss", "苔原护肤", "快消食品"), ("fern", "蕨野", "母婴")])
    assert nights.run(home, NIGHT).status == launch.PUBLISHED
    newest = [("fern", "蕨野", "baby"), ("moss", "苔原护肤", "fmcg_fast"), ("pine", "松间", None)]
    assert _brands(home) == newest

    told = marts(home)
    _drop(
        home, "旧品牌表.xlsx", [("moss", "很久以前", "母婴"), ("gone", "不再有", "")], BEFORE_THE_FIRST_SHEET
    )
    assert nights.run(home, NIGHT).status == launch.PUBLISHED
    assert (_brands(home), marts(home)) == (newest, told)

    assert nights.run(home, NIGHT, full=True).status == launch.PUBLISHED
    assert marts(home) == told
