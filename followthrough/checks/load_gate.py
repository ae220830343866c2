"""Gate 1: decides whether each load is used. A refused load blocks no other."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from followthrough.checks.load_batches import check_each_load
from followthrough.checks.run_suites import Check
from followthrough.load.receipts import Receipt
from followthrough.runs.journal import Run
from followthrough.settings import Settings
from followthrough.versions.effective_loads import admitted, bytes_in_use, current_receipts
from followthrough.versions.history import decide, head, verdicts

_NOT_YET: Mapping[str, Any] = {"again": True, "verdict": None}


@dataclass(frozen=True)
class LoadGateResult:
    """Numbers of loads this run admitted, without and with warnings, and a message per refusal."""

    admitted: int
    warned: int
    refused: tuple[str, ...]


def check_loads(settings: Settings, run: Run) -> LoadGateResult:
    """Decide on every load without a verdict: admitted, warned or refused; the verdicts go into history.

    A verdict is final, with one exception: a load refused because another source already uses the same
    file is checked again in each run.
    """
    given, current = verdicts(settings.home), head(settings.home)
    night = max(run.night.isoformat(), current.night if current else "")
    pending = [r for r in current_receipts(settings) if given.get(r.load_id, _NOT_YET).get("again", False)]
    taken = bytes_in_use(admitted(settings))
    checked = [r for r in pending if not r.refused and not _owner_of(r, taken)]
    by_load = check_each_load(settings, checked) if checked else {}
    outcome: dict[str, list[str]] = {"admitted": [], "warned": [], "refused": []}
    new = []
    for receipt in sorted(pending, key=lambda r: (r.source_id, r.load_id)):
        checks = by_load.get(receipt.load_id, [])
        found = _verdict(receipt, checks, taken)
        outcome[found.verdict].append(f"{receipt.source_id}: {receipt.name}: {'; '.join(found.why)}")
        if given.get(receipt.load_id, _NOT_YET)["verdict"] != found.verdict:
            new.append(
                {
                    "load_id": receipt.load_id,
                    "source_id": receipt.source_id,
                    "file": receipt.name,
                    "night": night,
                    **found._asdict(),
                    "checks": [asdict(check) for check in checks],
                }
            )
    decide(settings.home, "verdict", run.run_at, *new)
    return LoadGateResult(len(outcome["admitted"]), len(outcome["warned"]), tuple(outcome["refused"]))


def _owner_of(receipt: Receipt, taken: Mapping[str, str]) -> str:
    """The other source that already uses the same file, or empty; files without rows may be shared."""
    owner = taken.get(receipt.sha256, receipt.source_id)
    has_rows = receipt.accepted + receipt.quarantined > 0
    return owner if has_rows and owner != receipt.source_id else ""


class _Verdict(NamedTuple):
    """A verdict with its reasons in two languages; ``again`` if the next run has to decide it again."""

    verdict: str
    why: list[str]
    why_zh: list[str]
    again: bool = False


def _verdict(receipt: Receipt, checks: list[Check], taken: dict[str, str]) -> _Verdict:
    if receipt.refused:
        why, why_zh = (
            f"{receipt.refused[f'message{x}']} -> {receipt.refused[f'remedy{x}']}" for x in ("", "_zh")
        )
        return _Verdict("refused", [why], [why_zh])
    owner = _owner_of(receipt, taken)
    if owner:
        why = f"the same file already counts for {owner} -> withdraw it there if it belongs here"
        why_zh = f"同一份文件已经算在 {owner} 名下 -> 如果应属于这里，请先在那边撤回"
        return _Verdict("refused", [why], [why_zh], again=True)
    failed = [check for check in checks if not check.passed and check.severity != "info"]
    critical = [check for check in failed if check.severity == "critical"]
    if critical:
        return _verdict_of("refused", critical)
    taken.setdefault(receipt.sha256, receipt.source_id)
    return _verdict_of("warned" if failed else "admitted", failed)


def _verdict_of(verdict: str, failed: list[Check]) -> _Verdict:
    return _Verdict(verdict, [check.message for check in failed], [check.message_zh for check in failed])
