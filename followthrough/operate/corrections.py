"""Manual decisions about versions and loads: roll back and resume, withdraw and restore, waive."""

import os
from dataclasses import dataclass

from followthrough.errors import FollowthroughError
from followthrough.load.receipts import receipts
from followthrough.paths import Home, sha256_of
from followthrough.publish.publish import switch
from followthrough.runs.journal import Run
from followthrough.runs.lock import held
from followthrough.settings import Settings
from followthrough.versions import recovery
from followthrough.versions.history import (
    AppliedLoad,
    Manifest,
    decide,
    head,
    hold,
    read_manifest,
    verdicts,
    whole_verdicts,
    withdrawn,
)


@dataclass(frozen=True)
class RolledBack:
    """The version a rollback returned to, and the loads readers no longer see because of it."""

    version: str
    left: str
    unapplied: tuple[AppliedLoad, ...]


def rollback(settings: Settings, run: Run, version: str | None, reason: str) -> RolledBack:
    """Point readers at an ancestor (the parent by default) and hold publishing until ``resume``.

    Loads applied only by the abandoned versions are applied again after the hold, unless withdrawn.
    """
    home = settings.home
    with held(settings, run.run_id):
        recovery.finish(home)
        current = head(home)
        if current is None:
            raise FollowthroughError("nothing is published yet", "there is nothing to roll back")
        target = _ancestor(home, current, version)
        if not (home.published / target.version / "followthrough.duckdb").exists():
            raise FollowthroughError(
                f"version {target.version} is no longer kept", "roll back to a newer one, or rebuild it"
            )
        _refuse_changed(home, target)
        decide(
            home,
            "rollback",
            run.run_at,
            {"version": target.version, "left": current.version, "reason": reason, "by": _who()},
        )
        switch(home, target.version)
    kept = {load.load_id for load in target.loads}
    unapplied = tuple(load for load in current.loads if load.load_id not in kept)
    return RolledBack(target.version, current.version, unapplied)


def resume(settings: Settings, run: Run) -> None:
    """End the hold of a rollback; FollowthroughError if there is no hold."""
    with held(settings, run.run_id):
        if hold(settings.home) is None:
            raise FollowthroughError("publishing is not on hold", "there is nothing to resume")
        decide(settings.home, "resume", run.run_at, {"by": _who()})


def withdraw(settings: Settings, run: Run, load_id: str, reason: str) -> None:
    """Exclude a load: from the next version on its rows are removed, as if it had never arrived."""
    with held(settings, run.run_id):
        if load_id not in {receipt.load_id for receipt in receipts(settings.home)}:
            raise FollowthroughError(f"there is no load {load_id}", "see trust.loads for their names")
        decide(settings.home, "withdraw", run.run_at, {"load_id": load_id, "reason": reason, "by": _who()})


def restore(settings: Settings, run: Run, load_id: str) -> None:
    """Undo ``withdraw``; FollowthroughError if the load was not withdrawn."""
    with held(settings, run.run_id):
        if load_id not in withdrawn(settings.home):
            raise FollowthroughError(f"load {load_id} is not withdrawn", "there is nothing to restore")
        decide(settings.home, "restore", run.run_at, {"load_id": load_id, "by": _who()})


def waive(settings: Settings, run: Run, load_id: str, reason: str, by: str = "") -> None:
    """Waive gate 1's refusal of a load, recording who and why.

    Only checks the suite marks as waivable can be waived, for this load only, and only those evaluated.
    """
    with held(settings, run.run_id):
        verdict = verdicts(settings.home).get(load_id)
        if verdict is None or verdict["verdict"] != "refused":
            raise FollowthroughError(f"load {load_id} is not refused", "see trust.loads for those that are")
        failed = [c for c in verdict["checks"] if not c["passed"] and c["severity"] == "critical"]
        fixed = [check["reason"] for check in failed if not check["waivable"]] if failed else verdict["why"]
        if fixed:
            raise FollowthroughError(
                f"load {load_id} cannot be waived: {'; '.join(fixed)}", "mend the file and deliver it again"
            )
        waiver = {
            "load_id": load_id,
            "reason": reason,
            "waived": [check["reason"] for check in failed],
            "waived_zh": [check.get("reason_zh", check["reason"]) for check in failed],
        }
        decide(settings.home, "waiver", run.run_at, waiver | {"by": by or _who()})
        *_, whole = whole_verdicts(settings.home, load_id=load_id)
        decide(
            settings.home,
            "verdict",
            run.run_at,
            whole
            | {
                "type": "verdict",
                "at": run.run_at.isoformat(),
                "verdict": "warned",
                "night": max(verdict["night"], run.night.isoformat()),
            },
        )


def _refuse_changed(home: Home, version: Manifest) -> None:
    """Raise FollowthroughError if a file of the version is not what was published."""
    folder = home.published / version.version
    for name, sha256 in version.files.items():
        if not (folder / name).exists() or sha256_of(folder / name) != sha256:
            raise FollowthroughError(
                f"{name} of version {version.version} is not what was published",
                "roll back to another version, or delete this one's folder, and check the disk",
            )


def _ancestor(home: Home, current: Manifest, version: str | None) -> Manifest:
    ancestor = current
    while ancestor.parent:
        ancestor = read_manifest(home, ancestor.parent)
        if version in (None, ancestor.version):
            return ancestor
    what = f"{version} is not a version before" if version else "there is no version before"
    raise FollowthroughError(f"{what} {current.version}", "see `followthrough status` for the versions kept")


def _who() -> str:
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or str(os.getuid())
