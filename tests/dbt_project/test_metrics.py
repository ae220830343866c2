"""What readers are told a figure is can be computed from what is published."""

import csv
import re

import pytest

from followthrough.database import connect
from followthrough.paths import DBT_PROJECT
from followthrough.platforms.sheets.targets import METRICS
from followthrough.versions import candidate

with (DBT_PROJECT / "seeds" / "metric_names.csv").open(encoding="utf-8", newline="") as seed:
    NAMED = {row["code"]: row for row in csv.DictReader(seed)}


@pytest.mark.parametrize("code", NAMED)
def test_a_formula_runs_on_the_marts(empty, code):
    (table,) = {*re.findall(r"(\w+)\.\w+", NAMED[code]["formula"])}
    with connect(candidate.public_file(empty.home), read_only=True) as connection:
        connection.execute(f"SELECT {NAMED[code]['formula']} FROM marts.{table}")


def test_what_a_target_can_be_set_for_is_a_metric():
    assert {*METRICS.words.values()} <= {*NAMED}


def test_a_ratio_never_adds_up_and_a_stock_not_over_time():
    for row in NAMED.values():
        assert row["unit"] != "ratio" or row["is_additive_over_shops"] == "false", row["code"]
        assert row["basis"] != "stock" or row["is_additive_over_time"] == "false", row["code"]
