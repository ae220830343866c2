"""The dictionary names every table and column in two languages, and where its rows come from."""

import html
import os
import re
import sys

import pytest

from followthrough.database import connect
from followthrough.paths import DBT_PROJECT
from followthrough.publish import trust
from followthrough.publish.catalogue import published
from followthrough.publish.publish import switch
from followthrough.publish.summaries import summarise
from followthrough.reports import dictionary
from followthrough.reports.picture import browser
from followthrough.versions import candidate
from followthrough.versions.history import Manifest
from followthrough.warehouse.dbt_runner import replace_table


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
        version=version,
        night="2026-09-30",
        parent=None,
        created_at="",
        run_id="",
        fingerprint="",
        key_fingerprint="",
        loads=(),
        tables=summarise(database, {}),
        checks={},
        quarantined_rows=0,
        late_sources=(),
    )
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


def test_it_fetches_nothing_and_leads_to_dbt_s_own_page_beside_it(page):
    assert {*re.findall(r"(?:src|href)=\"(?!#)([^\"]*)", page)} == {"models.html"}


def test_dbt_s_page_tells_of_every_model_and_of_no_machine(empty, page):
    told = (empty.home.reports / "models.html").read_text("utf-8")
    assert all(
        f'"model.followthrough.{path.stem}"' in told for path in (DBT_PROJECT / "models").rglob("*.sql")
    )
    for private in (str(empty.home.root), str(DBT_PROJECT.parent), sys.prefix, *empty.shops):
        assert private not in told
    assert empty.shops


def test_dbt_s_page_opens_in_a_browser_without_asking_the_network(empty, page):
    from playwright.sync_api import sync_playwright

    chromium, asked = browser(""), []
    if not chromium and os.environ.get("CI") != "true":
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = launched.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto((empty.home.reports / "models.html").as_uri() + "#!/model/model.followthrough.orders")
        tab.get_by_text(re.compile("One row per order, as known by the night")).first.wait_for()
        tab.get_by_text("order_id", exact=True).first.click()
        tab.get_by_text("店铺的订单号。").first.wait_for()
        launched.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
