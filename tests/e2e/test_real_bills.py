"""Bills of real people whose declared totals do not match: readers are told, and nothing else is held up."""

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from followthrough.operate import run_dag as launch
from followthrough.paths import PROJECT
from tests.builders.nights import SAMPLE, Nights, copy_of, marts

REAL_DATA = Path(os.environ.get("FOLLOWTHROUGH_REAL_DATA") or PROJECT.parent / "shared" / "data")
BILLS = REAL_DATA / "bills" / "example"

pytestmark = pytest.mark.skipif(not BILLS.exists(), reason="the folder of real data is not here")


def test_reconciliation_says_that_bills_declare_43_and_66_rows_and_hold_others(
    published: Path, nights: Nights, tmp_path: Path
) -> None:
    home = copy_of(published, tmp_path / "home")
    shutil.copy(BILLS / "alipay/example-alipay-records.csv", home / "inbox/alipay_main/bill.csv")
    shutil.copy(BILLS / "wechat/example-wechat-records.csv", home / "inbox/wechat_pay_main/bill.csv")
    assert nights.run(home, SAMPLE.night(5)).status == launch.PUBLISHED
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as connection:
        told = connection.execute(
            "select source_id, reported_rows, counted_rows from trust.reconciliation "
            "where cause = 'declared_rows_differs' order by source_id"
        ).fetchall()
        loads = connection.execute(
            "select verdict, rows, accepted + quarantined + excluded from trust.loads "
            "where file_name = 'bill.csv'"
        ).fetchall()
    assert told == [("alipay_main", 66, 10), ("wechat_pay_main", 43, 27)]
    assert [verdict for verdict, *_ in loads] == ["warned", "warned"]
    assert all(rows == accounted for _, rows, accounted in loads)
    assert marts(home) == marts(published), "a person's bill is no fact of a shop"
