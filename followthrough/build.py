"""Build the candidate: the parent version's tables plus the loads it has not applied."""

import hashlib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough import candidate, keys, recovery, warehouse
from followthrough.candidate import Candidate
from followthrough.chinese_days import chinese_days
from followthrough.coverage import coverage
from followthrough.effective import Change, EffectiveLoad, change, effective, every_export_time
from followthrough.engine import literal, quoted
from followthrough.errors import ConfigError, Held
from followthrough.generate import DBT_PROJECT, column_types, write_outside
from followthrough.history import AppliedLoad, Manifest, head, hold
from followthrough.identity import Identifier, Observation, resolve
from followthrough.journal import Run
from followthrough.paths import Home
from followthrough.settings import Settings
from followthrough.space import refuse_full_disk

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BEFORE_IDENTITY = "+int_identifier_observations"


def build(settings: Settings, run: Run) -> Candidate | None:
    """Make the candidate for the night, or nothing where the published version already says it all.

    A run for an earlier night than the published one adds its loads to the published night: what is
    known never goes back. Raises Held during a hold, ConfigError where the key is not the home's.
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
    tests = _run_dbt(settings, anew=base is None)
    built = replace(planned, tests=tuple(tests))
    candidate.save(home, built)
    return built


def _plan(settings: Settings, run: Run, parent: Manifest | None, loads: list[EffectiveLoad]) -> Candidate:
    night = max(run.night.isoformat(), parent.night if parent else "")
    known = {(load.source_id, load.sha256): load.known_night for load in parent.loads} if parent else {}
    _refuse_vanished_sources(settings, parent)
    key_fingerprint = keys.fingerprint(keys.read_key(settings.home))
    strangers = {load.receipt.key_fingerprint for load in loads} - {key_fingerprint}
    if strangers or (parent and parent.key_fingerprint != key_fingerprint):
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
    """Taking a source out of the configuration would silently rewrite everything it ever told."""
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
    """The parent, where its files can be built upon."""
    if parent is None or parent.fingerprint != planned.fingerprint:
        return None
    return parent if all(file.exists() for file in _files(settings.home, parent)) else None


def _files(home: Home, version: Manifest) -> tuple[Path, Path]:
    return home.private(version.version), home.published / version.version / "followthrough.duckdb"


def fingerprint(settings: Settings) -> str:
    """16 hex digits of everything besides the loads that decides what the tables say."""
    import duckdb

    digest = hashlib.sha256()
    for root in (DBT_PROJECT, *settings.outside):
        for path in sorted(p for p in root.rglob("*") if p.suffix in (".sql", ".yml", ".csv")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    for step in ("identity.py", "chinese_days.py"):
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
    with warehouse.opened(settings.home) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS run; CREATE SCHEMA IF NOT EXISTS bronze")
        warehouse.replace_table(
            connection, "run.night", {"night": "DATE"}, [(date.fromisoformat(planned.night),)]
        )
        _write_days(connection, date.fromisoformat(planned.night))
        _write_loads(connection, planned, loads, difference)
        _write_sightings(connection, settings, loads)
        _write_coverage(connection, settings, loads, date.fromisoformat(planned.night))
        _write_configuration(connection, settings)
        warehouse.replace_table(connection, "run.touched", {"slug": "VARCHAR", "row_key": "VARCHAR"}, [])
        warehouse.replace_table(
            connection,
            "run.customer_identifiers",
            {"namespace": "VARCHAR", "issuer": "VARCHAR", "identifier": "VARCHAR", "customer_id": "VARCHAR"},
            [],
        )
        for slug in settings.exports:
            connection.execute(_bronze_view(settings, slug, difference))


_LOAD_COLUMNS = {
    "load_id": "VARCHAR", "slug": "VARCHAR", "source_id": "VARCHAR", "exported_at": "TIMESTAMP",
    "known_night": "VARCHAR", "contract_version": "BIGINT",
}  # fmt: skip


def _write_days(connection: "DuckDBPyConnection", night: date) -> None:
    columns = {
        "day": "DATE", "is_workday": "BOOLEAN", "is_adjusted": "BOOLEAN", "holiday_zh": "VARCHAR",
        "lunar_date_zh": "VARCHAR", "festival_zh": "VARCHAR", "same_festival_last_year": "DATE",
    }  # fmt: skip
    rows = [tuple(vars(day)[name] for name in columns) for day in chinese_days(night)]
    warehouse.replace_table(connection, "run.chinese_days", columns, rows)


def _write_loads(
    connection: "DuckDBPyConnection", planned: Candidate, loads: list[EffectiveLoad], difference: Change
) -> None:
    known = {load.load_id: load.known_night for load in planned.loads}
    rows = {
        load.receipt.load_id: (
            load.receipt.load_id, load.receipt.slug, load.receipt.source_id, load.exported_at,
            known[load.receipt.load_id], load.receipt.contract_version,
        )
        for load in loads
    }  # fmt: skip
    warehouse.replace_table(connection, "run.loads", _LOAD_COLUMNS, list(rows.values()))
    new = [rows[load.receipt.load_id] for load in difference.new]
    warehouse.replace_table(connection, "run.new_loads", _LOAD_COLUMNS, new)
    gone = [(load.load_id,) for load in difference.gone]
    warehouse.replace_table(connection, "run.gone_loads", {"load_id": "VARCHAR"}, gone)


def _write_sightings(
    connection: "DuckDBPyConnection", settings: Settings, loads: list[EffectiveLoad]
) -> None:
    times = every_export_time(settings)
    receipts = [load.receipt for load in loads]
    made = [(r.load_id, moment) for r in receipts for moment in sorted(times[r.source_id, r.sha256])]
    columns = {"load_id": "VARCHAR", "exported_at": "TIMESTAMP"}
    warehouse.replace_table(connection, "run.sightings", columns, made)


def _write_coverage(
    connection: "DuckDBPyConnection", settings: Settings, loads: list[EffectiveLoad], night: date
) -> None:
    """Through which day each expected export has come; nothing here depends on when it is asked."""
    judged = coverage(settings, [load.receipt for load in loads], (), night, datetime.max)
    rows = [
        (one.source.id, one.source.label, one.source.shop_id, one.export.slug, entity, one.covered_through)
        for one in judged
        if one.plan.cadence != "on_demand"
        for entity in sorted(one.export.feeds)
    ]
    columns = {
        "source_id": "VARCHAR", "label": "VARCHAR", "shop_id": "VARCHAR", "slug": "VARCHAR",
        "entity": "VARCHAR", "covered_through": "DATE",
    }  # fmt: skip
    warehouse.replace_table(connection, "run.coverage", columns, rows)


def _write_configuration(connection: "DuckDBPyConnection", settings: Settings) -> None:
    issuers = sorted({name for platform in settings.platforms.values() for name in platform.settings})
    columns = ["source_id", "platform", "label", "shop_id", "brand_id", "owner", "form_kind", *issuers]
    rows: list[tuple[Any, ...]] = [
        (s.id, s.platform, s.label, s.shop_id, s.brand_id, s.owner, s.form.get("kind"),
         *(s.issuers.get(i) for i in issuers))
        for s in settings.sources
    ]  # fmt: skip
    warehouse.replace_table(connection, "run.sources", dict.fromkeys(columns, "VARCHAR"), rows)
    used = [settings.platforms[name] for name in settings.used_platforms]
    entries = [
        (platform.name, word, f"{platform.name}.{entry.channel}", entry.label_zh, entry.label_en)
        for platform in used
        for entry in platform.entries
        for word in entry.names
    ]
    columns = ["platform", "entry", "channel_id", "label_zh", "label_en"]
    warehouse.replace_table(connection, "run.entries", dict.fromkeys(columns, "VARCHAR"), entries)
    platforms = [(platform.name, platform.label) for platform in used]
    for table, key, name, values in (
        ("run.platforms", "platform", "label", platforms),
        ("run.shops", "shop_id", "shop_name", list(settings.shops.items())),
        ("run.brands", "brand_id", "brand_name", list(settings.brands.items())),
    ):
        warehouse.replace_table(connection, table, {key: "VARCHAR", name: "VARCHAR"}, values)


def _bronze_view(settings: Settings, slug: str, difference: Change) -> str:
    """The new files of an export with what is known of their loads; empty but typed without any."""
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


def _run_dbt(settings: Settings, anew: bool) -> list[dict[str, Any]]:
    """Build up to what identity needs, resolve it, build the rest; the data tests' results.

    The project can only have changed where all is built ``anew``: then it is documented again.
    """
    if settings.outside:
        write_outside(settings)
    dbt = warehouse.Dbt(settings)
    with warehouse.opened(settings.home) as connection:
        columns = {"table_name": "VARCHAR", "slug": "VARCHAR"}
        warehouse.replace_table(connection, "run.lineage", columns, dbt.lineage())
    if anew:
        dbt.document()
    tests = dbt.build("--select", BEFORE_IDENTITY)
    _resolve_identity(settings)
    return tests + dbt.build("--exclude", BEFORE_IDENTITY) + dbt.count_nulls()


def _resolve_identity(settings: Settings) -> None:
    import pyarrow as pa

    with warehouse.opened(settings.home) as connection:
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
