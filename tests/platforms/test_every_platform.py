"""What every declared export must answer, without a line of test code of its own."""

import csv
import io
import json
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from followthrough import platforms
from followthrough.checks import suites
from followthrough.checks.run_suites import Batch, run_suites
from followthrough.checks.suites import Suite
from followthrough.contracts.export import Date, Table, Timestamp, UnixSeconds
from followthrough.database import quoted
from followthrough.load.column_sql import SQL_TYPES
from followthrough.parse.archives import is_archive, unpack
from followthrough.parse.decode import decode
from followthrough.parse.detect import choose
from followthrough.parse.header import spelled
from followthrough.paths import PROJECT
from followthrough.publish import trust
from followthrough.sample import Sample
from followthrough.settings import SampleSettings, Settings, Source, from_environment
from followthrough.warehouse.codegen import column_types
from tests.builders.platform_fixtures import EXPORTS, FIXTURES, fixture

TABLE_SLUGS = [slug for slug, export in EXPORTS.items() if isinstance(export.format, Table)]
DECLARING_SLUGS = [slug for slug, export in EXPORTS.items() if export.totals]
JSON_SLUGS = [slug for slug in EXPORTS if slug not in TABLE_SLUGS]
MODULES = sorted(Path(platforms.__file__).parent.rglob("*.py"))


@pytest.fixture(params=EXPORTS)
def export(request):
    return EXPORTS[request.param]


@pytest.fixture
def settings(home, export):
    """One source of the export's platform, whatever that platform needs to be told."""
    platform, told = platforms.platforms()[export.platform], FIXTURES / export.platform / "source.toml"
    form = tomllib.loads(told.read_text("utf-8"))["form"] if platform.forms else {}
    issuers = {name: name for name in platform.settings}
    source = Source("source", platform.name, platform.label, issuers=issuers, form=form)
    return Settings(home, (source,), {}, {}, SampleSettings(), settle_seconds=0)


@pytest.fixture
def load_one(load_bytes):
    return lambda content: load_bytes(content, "source")


@pytest.fixture
def bronze(settings):
    """The accepted rows of a receipt, in order and without the name of their load."""

    def bronze(receipt):
        path = settings.home.bronze(receipt.slug, receipt.load_id)
        return duckdb.sql(f"SELECT * EXCLUDE (load_id) FROM read_parquet('{path}')").fetchall()

    return bronze


def texts_of(content, folder):
    """The texts of a file, be it plain, in a workbook or in an archive."""
    (folder / "file").write_bytes(content)
    files = [folder / "file"]
    if is_archive(folder / "file"):
        files = [member.path for member in unpack(folder / "file", "file", folder)]
    return [decode(file, folder / f"text_of_{file.name}") for file in files]


def suite_of(export):
    return suites.load_suite(PROJECT / "expectations" / "raw" / f"{export.slug}.yml")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(MODULES[0].parent)))
def test_a_declaration_fits_on_a_page_or_two(module):
    assert len(module.read_text("utf-8").splitlines()) <= 120


def test_key_and_times_are_declared_columns(export):
    assert {*export.key} <= {*column_types(export)}
    assert len(export.by_name) == len(export.columns)
    for name in filter(None, (export.event_at, export.modified)):
        assert isinstance(export.by_name[name].type, Date | Timestamp | UnixSeconds), name
    assert not export.event_at or export.by_name[export.event_at].required
    if export.ordinal:
        assert export.ordinal.name not in export.by_name
        assert export.ordinal.within in export.by_name


def test_some_column_of_the_key_always_has_a_value(export):
    assert any(export.by_name[name].required for name in export.key if name in export.by_name)


def test_people_are_told_what_everything_is(export):
    described = [*export.columns, *([export.ordinal] if export.ordinal else [])]
    labels = [column.label for column in described]
    assert export.grain.startswith("one row per ")
    assert all(0 < len(label) <= 20 for label in labels)
    assert len({*labels}) == len(labels)
    assert [c.name for c in described if not (c.meaning[:1].isalnum() and c.meaning.endswith("."))] == []
    assert all((export.label, export.signals, export.cannot_tell, export.source))


@pytest.mark.parametrize("export", TABLE_SLUGS, indirect=True)
def test_a_csv_export_is_recognised_and_filled_by_names_of_its_header(export):
    assert {*export.recognise} <= {*export.header}
    for column in export.columns:
        counts = [export.header.count(source) >= column.nth for source in column.source]
        assert any(counts) or column.sql, column.name


def test_no_other_export_is_recognised_by_the_same_names(export):
    others = [other for other in EXPORTS.values() if other is not export]
    assert not [other.slug for other in others if {*other.recognise} == {*export.recognise}]


def test_personal_columns_say_that_they_are_hashed(export):
    assert [c.name for c in export.columns if c.personal != c.name.endswith("_hmac")] == []


def test_its_feeds_are_models_of_the_dbt_project(export):
    models = {path.stem for path in (PROJECT / "dbt_project" / "models").rglob("*.sql")}
    assert {*export.feeds.values()} <= models
    assert {model.split("__")[0] for model in export.feeds.values()} <= {f"stg_{export.platform}"}


def test_it_has_a_suite_on_its_own_columns(export):
    columns = {e.kwargs["column"] for e in suite_of(export).expectations if "column" in e.kwargs}
    assert columns <= {*column_types(export)}


def test_good_rows_are_all_accepted(export, load_one, bronze):
    receipt = load_one(fixture(export, "good"))
    assert (receipt.slug, receipt.refused, receipt.reasons) == (export.slug, {}, {})
    assert 3 <= receipt.accepted == len(bronze(receipt))
    assert receipt.declared == receipt.measured
    assert {*receipt.declared} == {total.name for total in export.totals}


def test_every_optional_column_is_filled_in_some_good_row(export, load_one, settings):
    receipt = load_one(fixture(export, "good"))
    path = settings.home.bronze(receipt.slug, receipt.load_id)
    counts = duckdb.sql(f"SELECT count(COLUMNS(*)) FROM read_parquet('{path}')")
    empty = [name for name, count in zip(counts.columns, counts.fetchone(), strict=True) if not count]
    assert empty == []


def test_bad_rows_are_all_refused_for_the_reason_named(export, load_one, settings):
    receipt = load_one(fixture(export, "bad"))
    reasons = tomllib.loads((FIXTURES / export.platform / f"{export.name}.bad.toml").read_text("utf-8"))
    path = settings.home.quarantine(receipt.slug, receipt.load_id)
    found = duckdb.sql(f"SELECT line, reason FROM read_parquet('{path}') ORDER BY line").fetchall()
    assert found == [(int(line), reason) for line, reason in reasons.items()]
    assert (receipt.accepted, receipt.quarantined) == (0, len(reasons))


def short_of_something(export, content):
    """The file again and again, each time without another of its rows."""
    if isinstance(export.format, Table):
        lines = content.splitlines(keepends=True)
        return [b"".join(lines[:n] + lines[n + 1 :]) for n in range(len(lines))]
    found = documents(content)
    longest = max(len(each) for document in found for each in lists_in(document))
    drop = [lambda each, n=n: each[:n] + each[n + 1 :] for n in range(longest)]
    return [as_lines(each_list(document, change) for document in found) for change in drop]


@pytest.mark.parametrize("export", DECLARING_SLUGS, indirect=True)
def test_a_total_that_does_not_match_is_noticed(export, load_one, settings):
    receipts = [load_one(content) for content in short_of_something(export, fixture(export, "good"))]
    causes = {row[0] for row in trust.declared_differences(settings, receipts)}
    assert causes == {f"declared_{total.name}_differs" for total in export.totals}


def taken_apart(export, content):
    """Header and rows of a table without what stands above them, and the lines after its rows."""
    if content.startswith((b"PK", b"\xd0\xcf", b"<")):
        with tempfile.TemporaryDirectory() as folder:
            ((text,),) = texts_of(content, Path(folder))
            content = text.path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    if not export.format.cell_prefix:
        lines = text.splitlines(keepends=True)
        footer, names = export.format.footer, {*map(spelled, export.recognise)}
        ends = [n for n, line in enumerate(lines) if footer and line.startswith(footer)]
        end = ends[-1] if ends else len(lines)
        cells = csv.reader(io.StringIO("".join(lines[:end]), newline=""))
        rows = [[cell.strip(" ") for cell in row] for row in cells]
        header = next(n for n, row in enumerate(rows) if names <= {*map(spelled, row)})
        return rows[header:], "".join(lines[end:])
    body, footer = text.split(f"\r\n{export.format.footer}")
    header, *rows = body.split("\r\n")
    cells = [row[1:].split("," + export.format.cell_prefix) for row in rows]
    return [header.split(","), *cells], export.format.footer + footer


def put_together(export, rows, footer):
    out = io.StringIO()
    if export.format.cell_prefix:
        ticked = [",".join(export.format.cell_prefix + cell for cell in row) for row in rows[1:]]
        out.write("\n".join([",".join(rows[0]), *ticked, footer]))
    else:
        csv.writer(out, lineterminator="\n").writerows(rows)
        out.write(footer)
    return out.getvalue().encode()


def shuffled(names):
    """Places in reverse order, except that equal names keep theirs: those are told apart by it."""
    places = {name: [i for i, other in enumerate(names) if other == name] for name in names}
    return [places[name].pop(0) for name in reversed(names)]


@pytest.mark.parametrize("export", TABLE_SLUGS, indirect=True)
def test_the_order_of_columns_means_nothing(export, load_one, bronze):
    rows, footer = taken_apart(export, fixture(export, "good"))
    order = shuffled(rows[0])
    turned = put_together(export, [[row[i] for i in order] for row in rows], footer)
    assert bronze(load_one(turned)) == bronze(load_one(fixture(export, "good")))


@pytest.mark.parametrize("export", TABLE_SLUGS, indirect=True)
def test_a_column_nobody_declared_changes_nothing(export, load_one, bronze):
    rows, footer = taken_apart(export, fixture(export, "good"))
    wider = put_together(export, [["新列", *rows[0]], *(["新值", *row] for row in rows[1:])], footer)
    assert bronze(load_one(wider)) == bronze(load_one(fixture(export, "good")))


ALIASED_SLUGS = [slug for slug in TABLE_SLUGS if any(len(c.source) > 1 for c in EXPORTS[slug].columns)]


@pytest.mark.parametrize("export", ALIASED_SLUGS, indirect=True)
def test_a_column_renamed_as_we_know_it_gives_the_same_rows(export, load_one, bronze):
    rows, footer = taken_apart(export, fixture(export, "good"))
    for known in (c.source for c in export.columns if len(c.source) > 1):
        (place,) = [place for place, name in enumerate(rows[0]) if name in known]
        for alias in known:
            header = [alias if place == here else name for here, name in enumerate(rows[0])]
            receipt = load_one(put_together(export, [header, *rows[1:]], footer))
            assert (receipt.refused, receipt.added) == ({}, ())
            assert bronze(receipt) == bronze(load_one(fixture(export, "good")))


@pytest.mark.parametrize("export", TABLE_SLUGS, indirect=True)
def test_a_file_without_a_required_column_is_refused_by_its_name(export, load_one):
    rows, footer = taken_apart(export, fixture(export, "good"))
    for column in (c for c in export.columns if c.required):
        sources = {spelled(source) for source in column.source}
        kept = [i for i, name in enumerate(rows[0]) if spelled(name) not in sources]
        receipt = load_one(put_together(export, [[row[i] for i in kept] for row in rows], footer))
        assert receipt.refused["code"] in {"missing_column", "unknown_layout"}
        assert any(source in receipt.refused["message"] for source in column.source)
        assert receipt.accepted == 0


def documents(content):
    return [json.loads(line) for line in content.splitlines()]


def as_lines(found):
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in found).encode()


def each_object(value, change):
    """The value with every object in it changed, innermost first."""
    if isinstance(value, dict):
        return change({key: each_object(inner, change) for key, inner in value.items()})
    return [each_object(inner, change) for inner in value] if isinstance(value, list) else value


def lists_in(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [
        *([value] if isinstance(value, list) else []),
        *(found for each in inner for found in lists_in(each)),
    ]


def each_list(value, change):
    """The value with every list in it changed, innermost first."""
    if isinstance(value, dict):
        return {key: each_list(inner, change) for key, inner in value.items()}
    return change([each_list(inner, change) for inner in value]) if isinstance(value, list) else value


@pytest.mark.parametrize(
    "change",
    [lambda found: dict(reversed(found.items())), lambda found: {"new_key": [{"a": 1}], **found}],
    ids=["order", "new key"],
)
@pytest.mark.parametrize("export", JSON_SLUGS, indirect=True)
def test_order_of_keys_and_unknown_keys_mean_nothing(export, load_one, bronze, change):
    good = fixture(export, "good")
    changed = as_lines(each_object(document, change) for document in documents(good))
    assert bronze(load_one(changed)) == bronze(load_one(good))


@pytest.mark.parametrize("export", JSON_SLUGS, indirect=True)
def test_the_shape_of_the_json_file_means_nothing(export, load_one, bronze):
    good = fixture(export, "good")
    assert bronze(load_one(json.dumps(documents(good), indent=1).encode())) == bronze(load_one(good))


@pytest.mark.parametrize("export", JSON_SLUGS, indirect=True)
def test_no_row_without_a_required_key_is_accepted(export, load_one):
    for column in (c for c in export.columns if c.required and c.source):
        gone = {source.rsplit(".", 1)[-1] for source in column.source}
        kept = (
            each_object(d, lambda o: {k: v for k, v in o.items() if k not in gone})  # noqa: B023 (used at once)
            for d in documents(fixture(export, "good"))
        )
        receipt = load_one(as_lines(kept))
        assert receipt.accepted == 0
        assert receipt.refused.get("code") in ("unknown_file", "unknown_layout") or {*receipt.reasons} == {
            "missing"
        }


@pytest.fixture(scope="module")
def sample_files(tmp_path_factory):
    """How many files of a small sample are recognised as what, by source and export."""
    folder, sample, found = tmp_path_factory.mktemp("sample"), Sample(people=60, nights=6), Counter()
    for delivery in (d for n in range(1, 7) for d in sample.deliveries(sample.night(n))):
        for texts in texts_of(delivery.body, folder):
            _, recognised = choose(texts, EXPORTS.values())
            found[delivery.source, recognised.export.slug] += 1
    return found


def test_the_samples_own_files_are_recognised_as_it(export, sample_files):
    sampled = {s.id for s in from_environment({}).sources_of(export.platform) if s.is_sample}
    if not sampled or not export.feeds:
        pytest.skip("the sample delivers what figures are made of, and not from every platform")
    found = {source for source, slug in sample_files if slug == export.slug}
    assert found
    assert found <= sampled
    assert {slug for source, slug in sample_files if source in sampled} <= {
        e.slug for e in platforms.platforms()[export.platform].exports
    }


NUMBER, TIME = ("{} * 1000000 + 1", "-1"), ("{} + INTERVAL 10 YEAR", "{} - INTERVAL 10 YEAR")
CHANGES = {"VARCHAR": ("'another'",), "BIGINT": NUMBER, "TIMESTAMP": TIME, "DATE": TIME}


def mutations(export, suite):
    """Ways to spoil a table that need no knowledge of it: queries over ``good``, by what they do."""
    yield "nothing at all", "SELECT * FROM good LIMIT 0"
    types = {c.name: SQL_TYPES[type(c.type)] for c in export.columns}
    for name in (n for n in types if n in str(suite)):
        column = quoted(name)
        yield f"no {name}", f"SELECT * REPLACE (NULL::{types[name]} AS {column}) FROM good"
        for change in CHANGES.get(types[name], NUMBER):
            value = f"{change.format(column)} AS {column}"
            yield f"{name}: {change}", f"SELECT * REPLACE ({value}) FROM good"
            twice = f"SELECT * FROM good UNION ALL SELECT * REPLACE ({value}) FROM good"
            yield f"twice, {name}: {change}", twice


def test_its_suite_passes_good_rows_and_every_promise_can_be_broken(export, load_one, settings, tmp_path):
    receipt = load_one(fixture(export, "good"))
    suite: Suite = suite_of(export)
    database, batches = tmp_path / "rows.duckdb", [Batch("good", suite, "good")]
    with duckdb.connect(str(database)) as connection:
        path = settings.home.bronze(receipt.slug, receipt.load_id)
        connection.execute(f"CREATE TABLE good AS FROM read_parquet('{path}')")
        for number, (what, query) in enumerate(mutations(export, suite)):
            connection.execute(f"CREATE VIEW bad_{number} AS {query}")
            batches.append(Batch(what, suite, f"bad_{number}"))
    checks = run_suites(database, batches)
    assert [(c.batch, c.observed) for c in checks if c.observed.startswith("raised")] == []
    assert [c.reason for c in checks if c.batch == "good" and not c.passed] == []
    broken = {check.reason for check in checks if not check.passed}
    assert [e.reason for e in suite.expectations if e.reason not in broken] == []
