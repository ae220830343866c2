"""Gate 2: whether a candidate may be published."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from followthrough.checks.run_suites import Batch, Check, run_suites
from followthrough.checks.suites import EXPECTATIONS, load_suite
from followthrough.errors import GateRefused
from followthrough.runs.journal import Run
from followthrough.settings import Settings
from followthrough.versions import candidate
from followthrough.versions.effective_loads import fingerprint
from followthrough.versions.history import decide, published_by


def check_marts(settings: Settings, run: Run) -> list[Check]:
    """The checks of the candidate, which is marked as passed; empty once this run has published it.

    Raises GateRefused, and drops the candidate, if a critical check or dbt test failed.
    """
    home = settings.home
    if not home.candidate.exists() and published_by(home, run.run_id):
        return []
    planned = candidate.read(home, run)
    suites = [load_suite(path) for path in sorted((EXPECTATIONS / "marts").glob("*.yml"))]
    batches = [Batch(suite.name, suite, suite.table) for suite in suites]
    docs = home.reports / "data-docs" / "marts"
    docs.parent.mkdir(parents=True, exist_ok=True)
    checks = [
        *run_suites(candidate.public_file(home), batches, (), docs),
        *(_from_test(test) for test in planned.tests),
    ]
    broken = [check for check in checks if not check.passed and check.severity == "critical"]
    if broken:
        critical = [check.message for check in broken]
        decide(
            home,
            "candidate_refused",
            run.run_at,
            {
                "night": planned.night,
                "run_id": run.run_id,
                "loads": fingerprint(planned.loads),
                "why": critical,
                "reasons": [check.reason for check in broken],
                "reasons_zh": [check.reason_zh for check in broken],
            },
        )
        candidate.drop(home)
        raise GateRefused(
            f"night {planned.night} is not published: {'; '.join(critical)}",
            "readers keep the version they have; mend the cause and run the night again",
        )
    candidate.save(home, replace(planned, checks=tuple(asdict(check) for check in checks)))
    return checks


def _from_test(test: Mapping[str, Any]) -> Check:
    return Check(
        batch=test["model"],
        suite="dbt",
        expectation=test["name"],
        column=None,
        severity=test["severity"],
        passed=test["passed"],
        waivable=False,
        reason=test["name"],
        observed=test["observed"],
        reason_zh=f"表内检验 {test['name']} 未通过。",
    )
