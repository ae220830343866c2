"""The exposures name the marts that what they are about really reads."""

import re

import pytest
import yaml

from followthrough.paths import PROJECT
from followthrough.publish import catalogue
from followthrough.reports import excel

REPORTS = PROJECT / "followthrough" / "reports"
NO_PAGES = {"excel", "superset", "superset_datasets"}


@pytest.fixture(scope="module")
def exposed(manifest):
    """The marts of each exposure."""
    return {
        exposure.name: sorted(node.split(".")[-1] for node in exposure.depends_on.nodes)
        for exposure in manifest.exposures.values()
    }


def test_the_pages_read_what_their_exposure_says(exposed):
    modules = [path for path in REPORTS.glob("*.py") if path.stem not in NO_PAGES]
    named = {name for path in modules for name in re.findall(r"\bmarts\.(\w+)", path.read_text("utf-8"))}
    assert exposed["daily_page"] == sorted(named)


def test_the_workbook_reads_what_its_exposure_says(exposed):
    named = set(re.findall(r"\bbi\.(\w+)", excel._LAST_DAY)) | {page.table for page in excel._PAGES}
    assert exposed["workbook"] == sorted(named)


def test_the_dashboards_read_what_their_exposure_says(exposed):
    declared = yaml.safe_load((REPORTS / "templates" / "superset.yml").read_text("utf-8"))
    charts = [chart for board in declared["dashboards"] for row in board["rows"] for chart in row]
    latest = {name: entry["table"] for name, entry in declared["latest"].items()}
    named = {latest.get(chart["table"], chart["table"]) for chart in charts}
    assert exposed["superset_dashboards"] == sorted(named & set(catalogue.marts()))


def test_the_mirrors_hold_every_mart(exposed):
    assert exposed["mirrors"] == sorted(catalogue.marts())
