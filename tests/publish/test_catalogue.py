"""Every published table and column says what it is, in both languages, in one form."""

import re

import pytest

from followthrough.paths import DBT_PROJECT
from followthrough.publish.catalogue import marts, published

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SAID = {"description": r"One row per .*\badd(s|itive)?\b", "description_zh": "每行.*相加"}
"""The grain first, and then what adds up."""
every_table = pytest.mark.parametrize("table", published().values(), ids=lambda table: table.full_name)


def test_every_mart_is_in_it():
    assert set(marts()) == {path.stem for path in (DBT_PROJECT / "models" / "marts").rglob("*.sql")}


@every_table
def test_a_table_and_its_columns_are_described_in_both_languages(table):
    for told in (table, *table.columns):
        assert told.description.endswith("."), told.name
        assert not CHINESE.search(told.description.replace("调休", "")), told.name
        assert told.description_zh.endswith("。"), told.name
        assert CHINESE.search(told.description_zh), told.name
        assert told.description_zh.strip("。") not in (told.label_zh, told.name), told.name


@every_table
def test_a_description_begins_with_the_grain_and_says_what_adds_up(table):
    for language, said in SAID.items():
        assert re.match(said, getattr(table, language))


@every_table
def test_labels_are_short_unique_and_in_their_language(table):
    for language in ("label_zh", "label_en"):
        labels = [getattr(column, language) for column in table.columns]
        assert len(set(labels)) == len(labels)
        for label in (*labels, getattr(table, language)):
            assert 0 < len(label) <= 20, label
            assert bool(CHINESE.search(label)) == (language == "label_zh"), label


def test_tables_have_labels_of_their_own():
    for language in ("label_zh", "label_en"):
        labels = [getattr(table, language) for table in published().values()]
        assert len(set(labels)) == len(labels)


def test_a_business_date_is_a_column_of_its_table():
    dated = [table for table in marts().values() if table.business_date]
    assert "orders" in {table.name for table in dated}
    for table in dated:
        assert table.business_date in {c.name for c in table.columns if c.type == "date"}, table.name


def test_facts_of_a_day_are_split_by_month():
    """A table that grows with time and has one date of its own would be written whole every night."""
    growing = {table.name for table in marts().values() if table.name.endswith(("_daily", "s_history"))}
    assert growing <= {table.name for table in marts().values() if table.business_date}
