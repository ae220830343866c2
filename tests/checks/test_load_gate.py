"""Gate 1 admits, warns or refuses each load by itself."""

import io
from datetime import date, datetime, timedelta

import duckdb
import pytest

from followthrough.checks.load_gate import check_loads
from followthrough.errors import FollowthroughError
from followthrough.ingest.landing import Sighting, land
from followthrough.load.load import load_platform
from followthrough.load.receipts import receipts
from followthrough.operate import corrections
from followthrough.platforms import exports
from followthrough.runs.journal import Run
from followthrough.sheets.templates import workbook
from followthrough.versions import history
from followthrough.versions.effective_loads import effective
from tests.builders.youzan_orders import BROKEN, GOOD, PHONE, file_of, order

RUN = Run("run", date(2026, 9, 1), datetime(2026, 9, 2, 9))


@pytest.fixture
def verdict(settings):
    """What gate 1 decided about a load."""
    return lambda receipt: history.verdicts(settings.home)[receipt.load_id]


def test_a_good_load_is_admitted(settings, load_bytes, verdict):
    receipt = load_bytes(file_of(*GOOD))
    judged = check_loads(settings, RUN)
    assert (judged.admitted, judged.warned, judged.refused) == (1, 0, ())
    assert (verdict(receipt)["verdict"], verdict(receipt)["night"]) == ("admitted", "2026-09-01")
    (whole,) = history.whole_verdicts(settings.home, load_id=receipt.load_id)
    assert {check["passed"] for check in whole["checks"]} == {True}


def test_a_failing_warning_admits_and_says_so(settings, load_bytes, verdict):
    receipt = load_bytes(file_of(*GOOD, BROKEN))
    assert check_loads(settings, RUN).warned == 1
    assert verdict(receipt)["verdict"] == "warned"
    assert "More than one row in fifty is refused." in verdict(receipt)["why"][0]
    assert [load.receipt.load_id for load in effective(settings)] == [receipt.load_id]


def test_a_load_that_breaks_a_promise_is_refused_and_harms_no_other(settings, load_bytes, verdict):
    bad = load_bytes(file_of(*GOOD[:3], *([BROKEN] * 3)))
    good = load_bytes(file_of(*GOOD), source="youzan_pine")
    judged = check_loads(settings, RUN)
    assert judged.refused == (f"youzan_moss: export.csv: {'; '.join(verdict(bad)['why'])}",)
    assert "More than a fifth of its rows are refused" in judged.refused[0]
    assert [load.receipt.load_id for load in effective(settings)] == [good.load_id]
    (told,) = verdict(bad)["why_zh"]
    assert told.startswith("超过五分之一的行被隔离")
    assert told.endswith("（列 quarantined_share，1 个里有 1 个不符）")


def test_a_file_refused_by_its_load_keeps_the_remedy(settings, load_bytes, verdict):
    receipt = load_bytes(b"not,an,export\n1,2,3\n")
    assert " -> " in check_loads(settings, RUN).refused[0]
    assert verdict(receipt)["verdict"] == "refused"
    assert verdict(receipt)["checks"] == []


def test_a_verdict_is_given_once(settings, load_bytes):
    load_bytes(file_of(*GOOD))
    check_loads(settings, RUN)
    decided = settings.home.decisions.read_bytes()
    again = check_loads(settings, RUN)
    assert (again.admitted, again.warned, again.refused) == (0, 0, ())
    assert settings.home.decisions.read_bytes() == decided


def test_the_same_bytes_count_for_one_source_which_is_named(settings, load_bytes):
    load_bytes(file_of(*GOOD))
    check_loads(settings, RUN)
    load_bytes(file_of(*GOOD), source="youzan_pine")
    refused = check_loads(settings, RUN).refused
    assert "youzan_pine: export.csv: the same file already counts for youzan_moss -> " in refused[0]


def test_the_same_bytes_for_two_sources_at_once_count_for_one(settings, load_bytes):
    for source in ("youzan_pine", "youzan_moss"):
        load_bytes(file_of(*GOOD), source=source)
    judged = check_loads(settings, RUN)
    assert (judged.admitted, len(judged.refused)) == (1, 1)


def test_bytes_that_were_withdrawn_from_one_source_may_count_for_another(settings, load_bytes):
    wrong = load_bytes(file_of(*GOOD))
    check_loads(settings, RUN)
    history.decide(settings.home, "withdraw", RUN.run_at, {"load_id": wrong.load_id})
    load_bytes(file_of(*GOOD), source="youzan_pine")
    assert check_loads(settings, RUN).refused == ()


def test_a_refusal_for_the_same_bytes_ends_when_they_are_withdrawn_elsewhere(settings, load_bytes):
    wrong = load_bytes(file_of(*GOOD))
    right = load_bytes(file_of(*GOOD), source="youzan_pine")
    assert len(check_loads(settings, RUN).refused) == 1
    decided = settings.home.decisions.read_bytes()
    assert len(check_loads(settings, RUN).refused) == 1
    assert settings.home.decisions.read_bytes() == decided, "the same verdict is not written again"
    history.decide(settings.home, "withdraw", RUN.run_at, {"load_id": wrong.load_id})
    assert check_loads(settings, RUN).refused == ()
    assert [load.receipt.load_id for load in effective(settings)] == [right.load_id]
    history.decide(settings.home, "restore", RUN.run_at, {"load_id": wrong.load_id})
    assert len(effective(settings)) == 1, "the same bytes never count twice"


def test_two_shops_without_an_order_send_the_same_empty_file(settings, load_bytes):
    for source in ("youzan_pine", "youzan_moss"):
        load_bytes(file_of(), source=source)
    assert check_loads(settings, RUN).admitted == 2
    assert len(effective(settings)) == 2


def test_bytes_refused_for_one_source_are_not_said_to_count_for_it(settings, load_bytes):
    for source in ("youzan_moss", "youzan_pine"):
        load_bytes(file_of(*GOOD[:3], *([BROKEN] * 3)), source=source)
    assert [r for r in check_loads(settings, RUN).refused if "already counts" in r] == []


@pytest.fixture
def after_usual(settings, verdict):
    """Three usual days of twenty rows and a fourth with so many: the verdict on the fourth."""

    def after_usual(rows):
        for day, number in enumerate((20, 21, 22, rows)):
            created = f"2026-09-{1 + day:02} 10:00:00"
            content = file_of(
                *(order(1000 * day + n, 订单创建时间=created, 买家付款时间=created) for n in range(number))
            )
            at = datetime(2026, 9, 2 + day, 2)
            land(settings.home, "youzan_moss", io.BytesIO(content), Sighting("export.csv", at, at))
        load_platform(settings, "youzan")
        check_loads(settings, RUN)
        (last,) = [r for r in receipts(settings.home) if r.rows == rows]
        return verdict(last)

    return after_usual


@pytest.fixture
def campaign(settings):
    """A campaign of moss that ends on a day of September at midnight."""

    def campaign(last):
        phase = ("d11", "爆发", "2026-09-01 20:00", f"2026-09-{last:02} 23:59", "", "youzan_moss")
        for sheet, row in (("campaigns", ("d11", "双11", "平台大促", "", "")), ("campaign_phases", phase)):
            content = io.BytesIO(workbook(exports()[f"sheets__{sheet}"], [row]))
            land(settings.home, "sheets_main", content, Sighting("表.xlsx", datetime(2026, 9, 1, 9)))
        load_platform(settings, "sheets")
        check_loads(settings, RUN)

    return campaign


@pytest.mark.parametrize(
    ("rows", "why"),
    [(2, "Far fewer rows than this source usually sends"), (460, "Far more rows"), (40, ""), (8, "")],
)
def test_a_volume_nobody_expected_warns_and_never_refuses(after_usual, rows, why):
    judged = after_usual(rows)
    assert judged["verdict"] == ("warned" if why else "admitted")
    assert all(why in words for words in judged["why"])


@pytest.mark.parametrize(("rows", "last"), [(460, 4), (2, 4), (2, 2)])
def test_in_a_campaign_and_in_the_lull_after_it_any_volume_is_expected(after_usual, campaign, rows, last):
    campaign(last)
    assert after_usual(rows)["verdict"] == "admitted"


def test_what_is_dated_after_the_file_was_made_is_refused(settings, load_bytes):
    later = (datetime(2026, 9, 2) + timedelta(days=9)).strftime("%Y-%m-%d %H:%M:%S")
    load_bytes(file_of(*GOOD, order(77, 订单创建时间=later, 买家付款时间=later)))
    assert "cannot have happened" in check_loads(settings, RUN).refused[0]


def test_no_cell_of_a_person_is_in_a_check_or_a_page(settings, load_bytes):
    shown = [order(n, 买家手机号="" if n else PHONE) for n in range(40)]
    receipt = load_bytes(file_of(*shown))
    check_loads(settings, RUN)
    with duckdb.connect() as connection:
        path = settings.home.bronze(receipt.slug, receipt.load_id)
        hashed = f"SELECT any_value(phone_hmac) FROM '{path}'"
        (value,) = connection.execute(hashed).fetchone()
    checks = history.verdicts(settings.home)[receipt.load_id]["checks"]
    (phones,) = [c for c in checks if c["column"] == "phone_hmac"]
    assert (phones["passed"], phones["observed"]) == (False, "")
    written = [settings.home.decisions, *(settings.home.reports.rglob("*.html"))]
    assert len(written) > 1
    assert not [p for p in written if {PHONE, value} & set(p.read_text("utf-8").replace('"', " ").split())]


def test_a_refused_load_counts_by_somebody_s_word_where_that_is_allowed(settings, load_bytes, verdict):
    receipt = load_bytes(file_of(*GOOD[:3], *([BROKEN] * 3)))
    check_loads(settings, RUN)
    assert effective(settings) == []
    corrections.waive(settings, RUN, receipt.load_id, "福袋订单没有金额", "王运营")
    assert [load.receipt.load_id for load in effective(settings)] == [receipt.load_id]
    (waiver,) = [d for d in history.decisions(settings.home) if d["type"] == "waiver"]
    assert (waiver["by"], waiver["reason"], len(waiver["waived"])) == ("王运营", "福袋订单没有金额", 1)
    with pytest.raises(FollowthroughError, match="is not refused"):
        corrections.waive(settings, RUN, receipt.load_id, "again")


def test_what_no_suite_calls_waivable_is_not_waived(settings, load_bytes):
    empty = load_bytes(b"")
    late = load_bytes(file_of(*(order(n, 订单创建时间="2027-09-01 10:00:00") for n in range(40))))
    check_loads(settings, RUN)
    for receipt, why in ((empty, "the file is empty"), (late, "cannot have happened")):
        with pytest.raises(FollowthroughError, match=f"cannot be waived: .*{why}"):
            corrections.waive(settings, RUN, receipt.load_id, "please")
    assert effective(settings) == []
