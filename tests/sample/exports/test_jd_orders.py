"""Orders of JD as its files show them."""

from collections import Counter, defaultdict
from datetime import datetime

from followthrough.sample.world.accounts import JD
from tests.builders.sample_files import rows_of


def test_a_jd_order_repeats_its_amounts_in_each_of_its_rows(of_source):
    most_rows = 0
    for d in of_source(JD, ".csv"):
        amounts = defaultdict(list)
        for row in rows_of(d.body.decode("gbk")):
            amounts[row["订单号"]].append((row["结算金额"], row["运费金额"], row["订单状态"]))
        assert all(len({*each}) == 1 for each in amounts.values())
        most_rows = max(most_rows, *map(len, amounts.values()))
    assert most_rows == 2


def test_jd_files_are_made_on_workdays_and_one_made_on_monday_holds_the_weekend(of_source):
    assert {d.exported_at.isoweekday() for d in of_source(JD, ".csv")} == {1, 2, 3, 4, 5}
    mondays = [d for d in of_source(JD, ".csv") if d.exported_at.isoweekday() == 1]
    days = Counter(
        datetime.fromisoformat(row["下单时间"]).isoweekday()
        for d in mondays
        for row in rows_of(d.body.decode("gbk"))
    )
    assert {5, 6, 7} <= {*days}
