"""Suites are read literally: what is misspelt or unexplained is refused, not skipped."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from followthrough.checks import suites
from followthrough.errors import ConfigError
from followthrough.paths import PROJECT

ENTRY = """
  - type: expect_column_values_to_not_be_null
    kwargs: {column: order_id}
    severity: critical
    reason: An export without order numbers cannot be joined.
    reason_zh: 没有订单号的导出无法关联。
"""


def write(
    tmp_path: Path, body: str = ENTRY, head: str = "suite: youzan__orders", folder: str = "raw"
) -> Path:
    path = tmp_path / folder / "youzan__orders.yml"
    path.parent.mkdir()
    path.write_text(f"{head}\nexpectations:{body}", encoding="utf-8")
    return path


def test_a_suite_keeps_order_and_defaults(tmp_path):
    second = ENTRY.replace("critical", "warning") + "    waivable: true\n"
    suite = suites.load_suite(write(tmp_path, ENTRY + second))
    assert (suite.name, suite.table) == ("youzan__orders", "rows")
    assert [(e.severity, e.waivable) for e in suite.expectations] == [("critical", False), ("warning", True)]
    assert suite.expectations[0].kwargs == {"column": "order_id"}


def test_a_mart_suite_reads_its_mart(tmp_path):
    assert suites.load_suite(write(tmp_path, folder="marts")).table == "marts.youzan__orders"


def test_a_suite_may_name_its_table(tmp_path):
    assert (
        suites.load_suite(write(tmp_path, head="suite: youzan__orders\ntable: trust.loads")).table
        == "trust.loads"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    reason: An export without order numbers cannot be joined.\n", "", "no reason"),
        ("    reason_zh: 没有订单号的导出无法关联。\n", "", "no reason_zh"),
        ("reason_zh: 没有订单号的导出无法关联。", "reason_zh: the same again", "no reason_zh"),
        ("severity: critical", "severity: fatal", "unknown severity 'fatal'"),
        ("severity: critical", "note: x", "unknown key note"),
        (
            "_to_not_be_null",
            "_to_not_be_nul",
            "unknown expectation type 'expect_column_values_to_not_be_nul'",
        ),
        ("{column: order_id}", "order_id", "kwargs is not a mapping"),
        ("severity: critical", "severity: critical\n    waivable: perhaps", "waivable"),
        ("{column: order_id}", "{unexpected_rows_query: select * from rows}", "does not read {batch}"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, old, new, message):
    with pytest.raises(ConfigError, match=rf"youzan__orders.yml, entry 1.*{re.escape(message)}"):
        suites.load_suite(write(tmp_path, ENTRY.replace(old, new)))


@pytest.mark.parametrize(
    ("head", "body", "message"),
    [
        ("suite: orders", ENTRY, "suite is 'orders'"),
        ("suite: youzan__orders\nowner: me", ENTRY, "unknown key owner"),
        ("suite: youzan__orders", " []", "no list of expectations"),
        ("suite: [", ENTRY, "youzan__orders.yml"),
    ],
)
def test_a_wrong_file_is_named(tmp_path, head, body, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        suites.load_suite(write(tmp_path, body, head))


@pytest.mark.parametrize("path", sorted((PROJECT / "expectations").glob("*/*.yml")), ids=lambda p: p.stem)
def test_every_promise_says_why_in_both_languages(path):
    for promise in suites.load_suite(path).expectations:
        assert promise.reason.isascii() or "订单付款时间" in promise.reason
        assert promise.reason_zh.endswith("。")


def test_known_types_are_those_great_expectations_registers():
    from great_expectations.expectations.registry import list_registered_expectation_implementations

    unregistered = suites.known_types() ^ set(list_registered_expectation_implementations())
    # Great Expectations ships this deprecated one unregistered; using it fails its check.
    assert unregistered == {"expect_multicolumn_values_to_be_unique"}


def test_loading_a_suite_does_not_import_great_expectations(tmp_path):
    code = (
        "import sys; from pathlib import Path; from followthrough.checks import run_suites, suites;"
        "suites.load_suite(Path(sys.argv[1])); sys.exit('great_expectations' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(write(tmp_path))], check=True)
