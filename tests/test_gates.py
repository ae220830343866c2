"""Gate 1 admits, warns or refuses each load by itself; gate 2 lets a candidate pass or drops it."""

import csv
import io
from datetime import date, datetime, timedelta

import duckdb
import pytest

from followthrough import candidate, corrections, gates, history
from followthrough.candidate import Candidate
from followthrough.effective import effective
from followthrough.errors import FollowthroughError, GateRefused
from followthrough.gates import check_loads, check_marts
from followthrough.journal import Run
from followthrough.landing import Sighting, land
from followthrough.load import load
from followthrough.platforms import exports
from followthrough.receipts import receipts
from followthrough.sheets import workbook

RUN = Run("run", date(2026, 9, 1), datetime(2026, 9, 2, 9))
HEADER = exports()["youzan__orders"].header
PHONE = "13912345678"


def order(number: int, **cells: str) -> dict[str, str]:
    plain = {
        "订单号": f"E{number:08}", "订单状态": "交易完成", "订单创建时间": "2026-09-01 10:00:00",
        "买家付款时间": "2026-09-01 10:05:00", "订单实付金额": "10.00", "买家手机号": PHONE,
    }  # fmt: skip
    return plain | cells


def file_of(*orders: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, restval="")
    writer.writeheader()
    writer.writerows(orders)
    return text.getvalue().encode()


GOOD = [order(n) for n in range(40)]
BROKEN = order(99, 订单实付金额="十元")


@pytest.fixture
def verdict(settings):
    """What gate 1 decided about a load."""
    return lambda receipt: history.verdicts(settings.home)[receipt.load_id]


def test_a_good_load_is_admitted(settings, load_bytes, verdict):
    receipt = load_bytes(file_of(*GOOD))
    judged = check_loads(settings, RUN)
    assert (judged.admitted, judged.warned, judged.refused) == (1, 0, ())
    assert (verdict(receipt)["verdict"], verdict(receipt)["night"]) == ("admitted", "2026-09-01")
    assert verdict(receipt)["checks"]


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
        load(settings, "youzan")
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
        load(settings, "sheets")
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


@pytest.fixture
def marts(settings, monkeypatch, tmp_path):
    """A candidate of one mart with a suite of its own; ``critical`` fails unless there are three rows."""
    folder = tmp_path / "expectations" / "marts"
    folder.mkdir(parents=True)
    monkeypatch.setattr(gates, "EXPECTATIONS", folder.parent)

    def marts(rows: int, severity: str = "critical", tests: tuple[dict[str, object], ...] = ()) -> None:
        (folder / "t.yml").write_text(
            "suite: t\nexpectations:\n  - type: expect_table_row_count_to_equal\n"
            f"    kwargs: {{value: 3}}\n    severity: {severity}\n    reason: Three is what we expect.\n"
            "    reason_zh: 应有三行。\n"
        )
        candidate.start(settings.home, None)
        with duckdb.connect(str(candidate.public_file(settings.home))) as connection:
            connection.execute(f"CREATE SCHEMA marts; CREATE TABLE marts.t AS SELECT * FROM range({rows})")
        planned = Candidate(RUN.run_id, "2026-09-01", None, "f", "k", (), tests=tests)
        candidate.save(settings.home, planned)

    return marts


def dbt_test(passed: bool, severity: str = "critical") -> dict[str, object]:
    return {"name": "orders_key", "model": "orders", "severity": severity, "passed": passed,
            "failures": 0 if passed else 2}  # fmt: skip


def test_a_candidate_that_keeps_every_promise_passes(settings, marts):
    marts(3, tests=(dbt_test(passed=True),))
    checks = check_marts(settings, RUN)
    assert [check.passed for check in checks] == [True, True]
    assert len(candidate.read(settings.home, RUN).checks) == 2


def test_a_candidate_with_a_warning_passes_and_keeps_it(settings, marts):
    marts(2, severity="warning", tests=(dbt_test(passed=False, severity="warning"),))
    check_marts(settings, RUN)
    assert [c["passed"] for c in candidate.read(settings.home, RUN).checks] == [False, False]


@pytest.mark.parametrize(("rows", "passed", "why"), [(2, True, "Three is what"), (3, False, "2 rows")])
def test_a_candidate_that_breaks_a_promise_is_dropped(settings, home, marts, rows, passed, why):
    marts(rows, tests=(dbt_test(passed),))
    with pytest.raises(GateRefused, match=f"night 2026-09-01 is not published: .*{why}"):
        check_marts(settings, RUN)
    assert not home.candidate.exists()
    (decided,) = [d for d in history.decisions(home) if d["type"] == "candidate_refused"]
    assert why in decided["why"][0]
    assert decided["reasons_zh"] == [{2: "应有三行。", 3: "表内检验 orders_key 未通过。"}[rows]]


def test_a_candidate_without_its_table_is_dropped(settings, home, marts):
    marts(3, severity="info")
    candidate.public_file(home).unlink()
    duckdb.connect(str(candidate.public_file(home))).close()
    with pytest.raises(GateRefused):
        check_marts(settings, RUN)


def test_a_refused_load_counts_by_somebody_s_word_where_that_is_allowed(settings, load_bytes, verdict):
    receipt = load_bytes(file_of(*GOOD[:3], *([BROKEN] * 3)))
    check_loads(settings, RUN)
    assert effective(settings) == []
    corrections.accept(settings, RUN, receipt.load_id, "福袋订单没有金额", "王运营")
    assert [load.receipt.load_id for load in effective(settings)] == [receipt.load_id]
    (waiver,) = [d for d in history.decisions(settings.home) if d["type"] == "waiver"]
    assert (waiver["by"], waiver["reason"], len(waiver["waived"])) == ("王运营", "福袋订单没有金额", 1)
    with pytest.raises(FollowthroughError, match="is not refused"):
        corrections.accept(settings, RUN, receipt.load_id, "again")


def test_what_no_suite_calls_waivable_is_not_waived(settings, load_bytes):
    empty = load_bytes(b"")
    late = load_bytes(file_of(*(order(n, 订单创建时间="2027-09-01 10:00:00") for n in range(40))))
    check_loads(settings, RUN)
    for receipt, why in ((empty, "the file is empty"), (late, "cannot have happened")):
        with pytest.raises(FollowthroughError, match=f"cannot be accepted: .*{why}"):
            corrections.accept(settings, RUN, receipt.load_id, "please")
    assert effective(settings) == []
