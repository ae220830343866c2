"""The dictionary names every table and column in two languages, and where its rows come from."""

import re

import pytest

from followthrough import candidate, trust
from followthrough.catalogue import marts
from followthrough.engine import connect
from followthrough.history import Manifest
from followthrough.publish import summarise, switch
from followthrough.reports import dictionary


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
        connection.execute(
            "CREATE SCHEMA trust; CREATE TABLE trust.lineage (table_name VARCHAR, slug VARCHAR)"
        )
        connection.executemany("INSERT INTO trust.lineage VALUES (?, ?)", told)
    manifest = Manifest(
        version=version, night="2026-09-30", parent=None, created_at="", run_id="", fingerprint="",
        key_fingerprint="", loads=(), tables=summarise(database, {}), checks={}, quarantined_rows=0,
        late_sources=(),
    )  # fmt: skip
    (folder / "manifest.json").write_text(manifest.to_json(), "utf-8")
    switch(home, version)
    return dictionary.refresh(home).read_text("utf-8")


def test_every_table_and_column_is_there_in_both_languages(page):
    for table in marts().values():
        section = page.split(f'<section id="{table.name}">')[1].split("</section>")[0]
        for column in table.columns:
            assert f"<code>{column.name}</code>" in section
            assert f'class="en">{column.label_en}</span>' in section.replace("&#39;", "'")
    assert all(f'<section id="trust.{name}">' in page for name in trust.COLUMNS)


def test_each_table_names_the_exports_behind_it(page):
    def behind(table):
        section = page.split(f'<section id="{table}">')[1].split("</section>")[0]
        return {*re.findall(r"<code>(\w+__\w+)</code>", section)}

    assert {"youzan__orders", "doudian__orders", "sheets__products"} <= behind("orders")
    assert "wecom__external_contacts" in behind("customers")
    assert behind("stages") == set()


def test_it_fetches_nothing(page):
    assert not re.search(r"(src|href)=\"(?!#)", page)
