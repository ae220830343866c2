"""Bills of real people, cut short by those who published them: they load, and are found not to be whole."""

import os
from datetime import date, datetime
from pathlib import Path

import pytest

from followthrough.checks.load_gate import check_loads
from followthrough.paths import PROJECT
from followthrough.publish import trust
from followthrough.runs.journal import Run

REAL_DATA = Path(os.environ.get("FOLLOWTHROUGH_REAL_DATA") or PROJECT.parent / "shared" / "data")
BILLS = REAL_DATA / "bills" / "example"

pytestmark = pytest.mark.skipif(not BILLS.exists(), reason="the folder of real data is not here")

ALIPAY = ("alipay/example-alipay-records.csv", "alipay_main", "alipay__personal_bill")
WECHAT = ("wechat/example-wechat-records.csv", "wechat_pay_main", "wechat_pay__personal_bill")
WORKBOOK = ("wechat/example-wechat-records.xlsx", "wechat_pay_main", "wechat_pay__personal_bill")
RUN = Run("run", date(2026, 9, 1), datetime(2026, 9, 2, 9))


@pytest.mark.parametrize(
    ("file", "source", "slug", "declared", "there"),
    [(*ALIPAY, 66, 10), (*WECHAT, 43, 27), (*WORKBOOK, 10, 27)],
    ids=["alipay", "wechat", "wechat workbook"],
)
def test_a_bill_says_that_it_is_not_whole(settings, load_bytes, file, source, slug, declared, there):
    receipt = load_bytes((BILLS / file).read_bytes(), source)
    assert (receipt.slug, receipt.refused, receipt.reasons) == (slug, {}, {})
    assert receipt.accepted == there
    judged = check_loads(settings, RUN)
    assert (judged.admitted, judged.warned, judged.refused) == (0, 1, ())
    ((cause, where, *_, said, counted),) = trust.declared_differences(settings, [receipt])
    assert (cause, where, said, counted) == ("declared_rows_differs", source, declared, there)
