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
from followthrough.versions.effective_loads import Change, EffectiveLoad, change, effective, every_export_time
from followthrough.versions.history import AppliedLoad, Manifest, head, hold
from followthrough.warehouse import dbt_runner, model_graph
from followthrough.warehouse.china_calendar import chinese_days
from followthrough.warehouse.codegen import column_types, write_outside
from followthrough.warehouse.identity import Identifier, Observation, resolve

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BEFORE_IDENTITY = "int_identifier_observations"


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
    base = None if run.full else _base(settings, parent, planned)
    if base is None:
        difference = Change(new=tuple(loads), gone=())
    refuse_full_disk(
        home,
        _files(home, base) if base else (),
        (home.bronze(load.receipt.slug, load.receipt.load_id) for load in difference.new),
    )
    candidate.start(home, base)
    _prepare(settings, planned, loads, difference)
    changed = {load.receipt.slug for load in difference.new} | {load.slug for load in difference.gone}
    tests = _run_dbt(settings, changed if base else None)
    built = replace(planned, tests=tuple(tests))
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


def _base(settings: Settings, parent: Manifest | None, planned: Candidate) -> Manifest | None:
    """The parent, if the build can start from its files."""
    if parent is None or parent.fingerprint != planned.fingerprint:
        return None
    return parent if all(file.exists() for file in _files(settings.home, parent)) else None


def _files(home: Home, version: Manifest) -> tuple[Path, Path]:
    return home.private(version.version), home.published / version.version / "followthrough.duckdb"


def fingerprint(settings: Settings) -> str:
    """16 hex digits that change with everything besides the loads that affects the tables."""
    import duckdb

    digest = hashlib.sha256()
    for root in (DBT_PROJECT, *settings.outside):
        for path in sorted(p for p in root.rglob("*") if p.suffix in (".sql", ".yml", ".csv")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    for step in ("identity.py", "china_calendar.py"):
        digest.update(Path(__file__).with_name(step).read_bytes())
    sources = [
        (s.id, s.platform, s.label, s.shop_id, s.brand_id, s.owner, s.issuers, s.form)
        for s in settings.sources
    ]
    what = (settings.platforms, sources, settings.shops, settings.brands, duckdb.__version__)
    digest.update(repr(what).encode())
    return digest.hexdigest()[:16]


def _prepare(settings: Settings, planned: Candidate, loads: list[EffectiveLoad], difference: Change) -> None:
    """Write the schema ``run`` and the bronze views into the candidate, before dbt opens it."""
    with dbt_runner.opened(settings.home) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS run; CREATE SCHEMA IF NOT EXISTS bronze")
        dbt_runner.replace_table(
            connection, "run.night", {"night": "DATE"}, [(date.fromisoformat(planned.night),)]
        )
        _write_days(connection, date.fromisoformat(planned.night))
        _write_loads(connection, planned, loads, difference)
        _write_sightings(connection, settings, loads)
        _write_coverage(connection, settings, loads, date.fromisoformat(planned.night))
        _write_configuration(connection, settings)
        dbt_runner.replace_table(connection, "run.marked_keys", {"slug": "VARCHAR", "row_key": "VARCHAR"}, [])
        dbt_runner.replace_table(
            connection,
            "run.customer_identifiers",
            {"namespace": "VARCHAR", "issuer": "VARCHAR", "identifier": "VARCHAR", "customer_id": "VARCHAR"},
            [],
        )
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


def _run_dbt(settings: Settings, changed: Collection[str] | None) -> list[dict[str, Any]]:
    """Run dbt up to the identifiers, resolve identities, run the rest; return all test results.

    Only models the ``changed`` exports feed are built; all of them without a list, and their documentation.
    """
    # The project can only have changed if the build is a full one.
    if settings.outside:
        write_outside(settings)
    dbt = dbt_runner.Dbt(settings)
    with dbt_runner.opened(settings.home) as connection:
        columns = {"table_name": "VARCHAR", "slug": "VARCHAR"}
        dbt_runner.replace_table(connection, "run.lineage", columns, model_graph.lineage(dbt.manifest))
    if changed is None:
        dbt.document()
    every_model = model_graph.all_names(dbt.manifest)
    wanted = every_model if changed is None else model_graph.fed_by(dbt.manifest, changed)
    before = wanted & model_graph.upstream_of(dbt.manifest, BEFORE_IDENTITY)
    tests = dbt.build(before)
    _resolve_identity(settings)
    return tests + dbt.build(wanted - before) + dbt.test()


def _resolve_identity(settings: Settings) -> None:
    import pyarrow as pa

    with dbt_runner.opened(settings.home) as connection:
        rows = connection.execute(
            "SELECT record_id, namespace, issuer, identifier, first_known_night "
            "FROM intermediate.int_identifier_observations"
        ).fetchall()
        people = resolve(
            Observation(record, Identifier(namespace, issuer or "", value), known)
            for record, namespace, issuer, value, known in rows
        )
        ordered = sorted(people.items())
        found = pa.table(
            {
                "namespace": pa.array([i.namespace for i, _ in ordered], pa.string()),
                "issuer": pa.array([i.issuer for i, _ in ordered], pa.string()),
                "identifier": pa.array([i.value for i, _ in ordered], pa.string()),
                "customer_id": pa.array([customer for _, customer in ordered], pa.string()),
            }
        )
        connection.register("found", found)
        connection.execute("CREATE OR REPLACE TABLE run.customer_identifiers AS SELECT * FROM found")
