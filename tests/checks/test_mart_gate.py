"""Gate 2 lets a candidate pass or drops it."""

from datetime import date, datetime

import duckdb
import pytest

from followthrough.checks import mart_gate
from followthrough.checks.mart_gate import check_marts
from followthrough.errors import GateRefused
from followthrough.runs.journal import Run
from followthrough.versions import candidate, history
from followthrough.versions.candidate import Candidate

RUN = Run("run", date(2026, 9, 1), datetime(2026, 9, 2, 9))


@pytest.fixture
def marts(settings, monkeypatch, tmp_path):
    """A candidate of one mart with a suite of its own; ``critical`` fails unless there are three rows."""
    folder = tmp_path / "expectations" / "marts"
    folder.mkdir(parents=True)
    monkeypatch.setattr(mart_gate, "EXPECTATIONS", folder.parent)

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
    return {
        "name": "orders_key",
        "model": "orders",
        "severity": severity,
        "passed": passed,
        "observed": "" if passed else "2 rows",
    }


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
