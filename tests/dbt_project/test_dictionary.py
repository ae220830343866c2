"""The dictionary names every table and column in two languages, and where its rows come from."""

import html
import re

import pytest

from followthrough import candidate, trust
from followthrough.catalogue import published
from followthrough.engine import connect
from followthrough.history import Manifest
from followthrough.publish import summarise, switch
from followthrough.reports import dictionary
from followthrough.warehouse import replace_table


@pytest.fixture(scope="module")
def page(empty, tmp_path_factory):
    """The page of a version without a row, built by the real build step."""
    home, version = empty.home, "000001-2026-09-30"
    folder = home.published / version
    folder.mkdir()
    database = folder / "followthrough.duckdb"
    database.write_bytes(candidate.public_file(home).read_bytes())
    with connect(candidate.private_file(home), read_only=True) as connection:
        told = connection.execute("SELECT * FROM run.lineage").fetchall()
    with connect(database) as connection:
        connection.execute("CREATE SCHEMA trust")
        for name, columns in trust.COLUMNS.items():
            replace_table(connection, f"trust.{name}", columns, told if name == "lineage" else [])
    manifest = Manifest(
        version=version, night="2026-09-30", parent=None, created_at="", run_id="", fingerprint="",
        key_fingerprint="", loads=(), tables=summarise(database, {}), checks={}, quarantined_rows=0,
        late_sources=(),
    )  # fmt: skip
    (folder / "manifest.json").write_text(manifest.to_json(), "utf-8")
    switch(home, version)
    return dictionary.refresh(home).read_text("utf-8")


def section_of(page, table):
    return page.split(f'<section id="{table}">')[1].split("</section>")[0]


def test_every_table_and_column_is_there_in_both_languages(page):
    for table in published().values():
        section = html.unescape(section_of(page, table.full_name))
        for told in (table, *table.columns):
            assert f"<code>{told.name}</code>" in section or told is table
            assert f'<span class="zh">{told.description_zh}</span>' in section
            assert f'<span class="en">{told.description}</span>' in section
            assert f'<span class="en">{told.label_en}</span>' in section


def test_each_table_names_the_exports_behind_it(page):
    def behind(mart):
        return {*re.findall(r"<code>(\w+__\w+)</code>", section_of(page, f"marts.{mart}"))}

    assert {"youzan__orders", "doudian__orders", "sheets__products"} <= behind("orders")
    assert "wecom__external_contacts" in behind("customers")
    assert behind("stages") == set()


def test_it_fetches_nothing(page):
    assert not re.search(r"(src|href)=\"(?!#)", page)
