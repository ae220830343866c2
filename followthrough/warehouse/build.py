"""Build the candidate: the parent version's tables plus the loads it has not applied."""

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough.database import literal, quoted
from followthrough.errors import ConfigError, Held
from followthrough.load import hmac_key
from followthrough.paths import DBT_PROJECT, Home
from followthrough.runs.disk_space import refuse_full_disk
from followthrough.runs.journal import Run
from followthrough.settings import Settings
from followthrough.versions import candidate, recovery
from followthrough.versions.candidate import Candidate
from followthrough.versions.coverage import coverage
from followthrough.versions.earlier_results import earlier_result
from followthrough.versions.effective_loads import Change, EffectiveLoad, change, effective, every_export_time
from followthrough.versions.history import AppliedLoad, Manifest, head, hold
from followthrough.warehouse import assign_customers, dbt_runner, followed, model_graph
from followthrough.warehouse.china_calendar import chinese_days
from followthrough.warehouse.codegen import column_types, write_outside

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BEFORE_IDENTITY = "int_identifier_observations"
_SUNDAY = 7


def build_candidate(settings: Settings, run: Run) -> Candidate | None:
    """Build the candidate for the night, or return None where the published version is up to date.

    A run for a night before the published one adds its loads to the published night, so the published night
    never goes back. Raises Held during a hold, ConfigError if the key is not the home's.
    """
    home = settings.home
    recovery.finish(home)
    held = hold(home)
    if held:
        raise Held(
            f"publishing is on hold since the rollback to {held['version']} ({held['reason']})",
            "run `followthrough resume` when the cause is gone",
        )
    parent = head(home)
    loads = effective(settings)
    difference = change(loads, parent)
    planned = _plan(settings, run, parent, loads)
    if not run.full and _is_published(home, parent, planned) and not difference:
        return None
    dbt = _project(settings)
    anew = _why_anew(settings, run, parent, planned, difference, dbt)
    base = None if anew else parent
    if base is None:
        difference = Change(new=tuple(loads), gone=())
    refuse_full_disk(
        home,
        _files(home, base) if base else (),
        (home.bronze(load.receipt.slug, load.receipt.load_id) for load in difference.new),
    )
    candidate.start(home, base)
    _prepare(settings, planned, loads, difference, base)
    tests = _run_dbt(settings, dbt, _changed_exports(difference) if base else None, _asks_all(planned))
    if base:
        tests += _not_asked(settings, base, tests)
    built = replace(planned, tests=tuple(tests), anew=anew)
    candidate.save(home, built)
    return built


def _plan(settings: Settings, run: Run, parent: Manifest | None, loads: list[EffectiveLoad]) -> Candidate:
    night = max(run.night.isoformat(), parent.night if parent else "")
    known = {(load.source_id, load.sha256): load.known_night for load in parent.loads} if parent else {}
    _refuse_vanished_sources(settings, parent)
    key_fingerprint = hmac_key.fingerprint(hmac_key.read_key(settings.home))
    other_keys = {load.receipt.key_fingerprint for load in loads} - {key_fingerprint}
    if other_keys or (parent and parent.key_fingerprint != key_fingerprint):
        raise ConfigError(
            "the HMAC key is not the one this home was made with", "restore the key; people cannot be matched"
        )
    return Candidate(
        run_id=run.run_id,
        night=night,
        parent=parent.version if parent else None,
        fingerprint=fingerprint(settings),
        key_fingerprint=key_fingerprint,
        loads=tuple(
            AppliedLoad(
                load_id=load.receipt.load_id,
                sha256=load.receipt.sha256,
                slug=load.receipt.slug,
                source_id=load.receipt.source_id,
                known_night=known.get((load.receipt.source_id, load.receipt.sha256), night),
                exported_at=load.exported_at.isoformat(),
            )
            for load in loads
        ),
    )


def _refuse_vanished_sources(settings: Settings, parent: Manifest | None) -> None:
    """Raise ConfigError if a source of the parent is no longer configured."""
    # Without it, everything the source ever delivered would vanish from the tables.
    configured = {source.id for source in settings.sources}
    vanished = {load.source_id for load in parent.loads} - configured if parent else set()
    if vanished:
        raise ConfigError(
            f"{', '.join(sorted(vanished))} has published loads but is not in the sources file",
            "put it back, withdraw its loads, or start a new home",
        )


def _is_published(home: Home, parent: Manifest | None, planned: Candidate) -> bool:
    return (
        parent is not None
        and parent.night == planned.night
        and parent.fingerprint == planned.fingerprint
        and (home.current / "followthrough.duckdb").exists()
    )


def _why_anew(
    settings: Settings,
    run: Run,
    parent: Manifest | None,
    planned: Candidate,
    difference: Change,
    dbt: dbt_runner.Dbt,
) -> str:
    """Why the build cannot start from the parent's files, for the operator; empty if it can."""
    if run.full:
        return "a full build was asked for"
    if parent is None:
        return "there is no version yet"
    if parent.fingerprint != planned.fingerprint:
        return "rules, declarations, settings or the program have changed"
    if not all(file.exists() for file in _files(settings.home, parent)):
        return f"files of {parent.version} are missing"
    changed = [settings.exports[slug] for slug in sorted(_changed_exports(difference))]
    decisive = followed.not_followed(dbt.manifest, changed)
    return f"{', '.join(export.label for export in decisive)} changed" if decisive else ""


def _changed_exports(difference: Change) -> set[str]:
    return {load.receipt.slug for load in difference.new} | {load.slug for load in difference.gone}


def _files(home: Home, version: Manifest) -> tuple[Path, Path]:
    return home.private(version.version), home.published / version.version / "followthrough.duckdb"


def fingerprint(settings: Settings) -> str:
    """16 hex digits that change with everything besides the loads that affects the tables."""
    import duckdb

    digest = hashlib.sha256()
    for root in (DBT_PROJECT, *settings.outside):
        for path in sorted(p for p in root.rglob("*") if p.suffix in (".sql", ".yml", ".csv")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    for step in ("identity.py", "assign_customers.py", "china_calendar.py"):
        digest.update(Path(__file__).with_name(step).read_bytes())
    sources = [
        (s.id, s.platform, s.label, s.shop_id, s.brand_id, s.owner, s.issuers, s.form)
        for s in settings.sources
    ]
    what = (settings.platforms, sources, settings.shops, settings.brands, duckdb.__version__)
    digest.update(repr(what).encode())
    return digest.hexdigest()[:16]


def _prepare(
    settings: Settings,
    planned: Candidate,
    loads: list[EffectiveLoad],
    difference: Change,
    base: Manifest | None,
) -> None:
    """Write the schema ``run`` and the bronze views into the candidate, before dbt opens it."""
    with dbt_runner.opened(settings.home) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS run; CREATE SCHEMA IF NOT EXISTS bronze")
        dbt_runner.replace_table(
            connection, "run.night", {"night": "DATE"}, [(date.fromisoformat(planned.night),)]
        )
        parent_night = date.fromisoformat(base.night) if base else None
        dbt_runner.replace_table(connection, "run.scope", {"parent_night": "DATE"}, [(parent_night,)])
        _write_days(connection, date.fromisoformat(planned.night))
        _write_loads(connection, planned, loads, difference)
        _write_sightings(connection, settings, loads)
        _write_coverage(connection, settings, loads, date.fromisoformat(planned.night))
        _write_configuration(connection, settings)
        dbt_runner.replace_table(connection, "run.marked_keys", {"slug": "VARCHAR", "row_key": "VARCHAR"}, [])
        assign_customers.prepare(connection)
        for slug in settings.exports:
            connection.execute(_bronze_view(settings, slug, difference))


_LOAD_COLUMNS = {
    "load_id": "VARCHAR",
    "slug": "VARCHAR",
    "source_id": "VARCHAR",
    "exported_at": "TIMESTAMP",
    "known_night": "VARCHAR",
    "contract_version": "BIGINT",
}


def _write_days(connection: "DuckDBPyConnection", night: date) -> None:
    columns = {
        "day": "DATE",
        "is_workday": "BOOLEAN",
        "is_adjusted": "BOOLEAN",
        "holiday_zh": "VARCHAR",
        "lunar_date_zh": "VARCHAR",
        "festival_zh": "VARCHAR",
        "same_festival_last_year": "DATE",
    }
    rows = [tuple(vars(day)[name] for name in columns) for day in chinese_days(night)]
    dbt_runner.replace_table(connection, "run.chinese_days", columns, rows)


def _write_loads(
    connection: "DuckDBPyConnection", planned: Candidate, loads: list[EffectiveLoad], difference: Change
) -> None:
    known = {load.load_id: load.known_night for load in planned.loads}
    rows = {
        load.receipt.load_id: (
            load.receipt.load_id,
            load.receipt.slug,
            load.receipt.source_id,
            load.exported_at,
            known[load.receipt.load_id],
            load.receipt.contract_version,
        )
        for load in loads
    }
    dbt_runner.replace_table(connection, "run.loads", _LOAD_COLUMNS, list(rows.values()))
    new = [rows[load.receipt.load_id] for load in difference.new]
    dbt_runner.replace_table(connection, "run.new_loads", _LOAD_COLUMNS, new)
    gone = [(load.load_id,) for load in difference.gone]
    dbt_runner.replace_table(connection, "run.gone_loads", {"load_id": "VARCHAR"}, gone)


def _write_sightings(
    connection: "DuckDBPyConnection", settings: Settings, loads: list[EffectiveLoad]
) -> None:
    times = every_export_time(settings)
    receipts = [load.receipt for load in loads]
    made = [(r.load_id, moment) for r in receipts for moment in sorted(times[r.source_id, r.sha256])]
    columns = {"load_id": "VARCHAR", "exported_at": "TIMESTAMP"}
    dbt_runner.replace_table(connection, "run.sightings", columns, made)


def _write_coverage(
    connection: "DuckDBPyConnection", settings: Settings, loads: list[EffectiveLoad], night: date
) -> None:
    """Write the last day received of each expected export; independent of the time of the build."""
    covered = coverage(settings, [load.receipt for load in loads], (), night, datetime.max)
    rows = [
        (one.source.id, one.source.label, one.source.shop_id, one.export.slug, entity, one.covered_through)
        for one in covered
        if one.plan.cadence != "on_demand"
        for entity in sorted(one.export.feeds)
    ]
    columns = {
        "source_id": "VARCHAR",
        "label": "VARCHAR",
        "shop_id": "VARCHAR",
        "slug": "VARCHAR",
        "entity": "VARCHAR",
        "covered_through": "DATE",
    }
    dbt_runner.replace_table(connection, "run.coverage", columns, rows)


def _write_configuration(connection: "DuckDBPyConnection", settings: Settings) -> None:
    issuers = sorted({name for platform in settings.platforms.values() for name in platform.settings})
    columns = ["source_id", "platform", "label", "shop_id", "brand_id", "owner", "form_kind", *issuers]
    rows: list[tuple[Any, ...]] = [
        (
            s.id,
            s.platform,
            s.label,
            s.shop_id,
            s.brand_id,
            s.owner,
            s.form.get("kind"),
            *(s.issuers.get(i) for i in issuers),
        )
        for s in settings.sources
    ]
    dbt_runner.replace_table(connection, "run.sources", dict.fromkeys(columns, "VARCHAR"), rows)
    used = [settings.platforms[name] for name in settings.used_platforms]
    entries = [
        (platform.name, word, f"{platform.name}.{entry.channel}", entry.label_zh, entry.label_en)
        for platform in used
        for entry in platform.entries
        for word in entry.names
    ]
    columns = ["platform", "entry", "channel_id", "label_zh", "label_en"]
    dbt_runner.replace_table(connection, "run.entries", dict.fromkeys(columns, "VARCHAR"), entries)
    platforms = [(platform.name, platform.label) for platform in used]
    for table, key, name, values in (
        ("run.platforms", "platform", "label", platforms),
        ("run.shops", "shop_id", "shop_name", list(settings.shops.items())),
        ("run.brands", "brand_id", "brand_name", list(settings.brands.items())),
    ):
        dbt_runner.replace_table(connection, table, {key: "VARCHAR", name: "VARCHAR"}, values)


def _bronze_view(settings: Settings, slug: str, difference: Change) -> str:
    """SQL of the view of an export's new files and their loads' metadata; typed and empty without files."""
    export = settings.exports[slug]
    columns = {"load_id": "VARCHAR", "row_number": "BIGINT", **column_types(export)}
    new = [load.receipt.load_id for load in difference.new if load.receipt.slug == slug]
    if new:
        files = ", ".join(literal(settings.home.bronze(slug, load_id)) for load_id in new)
        rows = f"read_parquet([{files}], union_by_name = true)"
    else:
        nulls = ", ".join(f"NULL::{kind} AS {quoted(name)}" for name, kind in columns.items())
        rows = f"(SELECT {nulls} WHERE false)"
    listed = ", ".join(f"bronze.{quoted(name)}" for name in columns)
    exported = "loads.exported_at"
    if export.modified:
        exported = f"coalesce(bronze.{quoted(export.modified)}, {exported})"
    return f"""
        CREATE OR REPLACE VIEW bronze.{quoted(slug)} AS
        SELECT {listed}, loads.source_id, {exported} AS exported_at, loads.contract_version
        FROM {rows} AS bronze JOIN run.new_loads AS loads USING (load_id)
    """


def _project(settings: Settings) -> dbt_runner.Dbt:
    if settings.outside:
        write_outside(settings)
    return dbt_runner.Dbt(settings)


def _run_dbt(
    settings: Settings, dbt: dbt_runner.Dbt, changed: Collection[str] | None, all_rows: bool
) -> list[dict[str, Any]]:
    """Run dbt up to the identifiers, assign customers, run the rest; return the test results.

    Only models the ``changed`` exports feed are built and tested; all of them without a list, and their
    documentation. Without ``all_rows`` tests of what was kept are about the rows made anew.
    """
    with dbt_runner.opened(settings.home) as connection:
        columns = {"table_name": "VARCHAR", "slug": "VARCHAR"}
        dbt_runner.replace_table(connection, "run.lineage", columns, model_graph.lineage(dbt.manifest))
    if changed is None:
        dbt.document()
    every_model = model_graph.all_names(dbt.manifest)
    wanted = every_model if changed is None else model_graph.fed_by(dbt.manifest, changed)
    before = wanted & model_graph.upstream_of(dbt.manifest, BEFORE_IDENTITY)
    tests = dbt.build(before)
    _assign_customers(settings, everybody=changed is None)
    return tests + dbt.build(wanted - before) + dbt.test(wanted, all_rows or changed is None)


def _asks_all(planned: Candidate) -> bool:
    """Whether tests are asked of all rows: once a week, as what is kept might be damaged unseen."""
    return date.fromisoformat(planned.night).isoweekday() == _SUNDAY


def _assign_customers(settings: Settings, everybody: bool) -> None:
    assign = assign_customers.assign_everybody if everybody else assign_customers.assign_touched
    with dbt_runner.opened(settings.home) as connection:
        assign(connection)


def _not_asked(settings: Settings, base: Manifest, tests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parent's results of the tests that were not asked tonight, naming the version asked."""
    asked = {test["name"] for test in tests}
    with dbt_runner.opened(settings.home) as connection:
        rows = connection.execute(
            "SELECT expectation, batch, severity, is_passed, observed FROM followthrough.trust.checks "
            "WHERE gate = 2 AND suite = 'dbt' ORDER BY ALL"
        ).fetchall()
    return [
        {
            "name": name,
            "model": model,
            "severity": severity,
            "passed": passed,
            "observed": earlier_result(passed, observed, base.version),
        }
        for name, model, severity, passed, observed in rows
        if name not in asked
    ]
