"""The runner: every declared expectation is answered, nothing it says quotes a row."""

import logging

import duckdb
import pytest
from sqlalchemy.exc import SQLAlchemyError

from followthrough.checks.run_suites import Batch, run_suites
from followthrough.checks.suites import Expectation, Suite

PHONE = "13912345678"


@pytest.fixture
def database(tmp_path):
    """A file with a table, a table in a schema, and a view over Parquet, of four orders each."""
    path = tmp_path / "raw.duckdb"
    parquet = tmp_path / "orders.parquet"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table rows as select * from (values"
            f" ('A1', 1, '{PHONE}', {PHONE}, 10.5::decimal(18,2)), ('A1', 2, '{PHONE}', 0, 20),"
            " ('A2', 1, 'none', 0, 30), (null, 1, 'none', 0, 40)) t(order_id, line, phone, mobile, amount)"
        )
        connection.execute("create schema marts; create table marts.customers as from rows limit 3")
        connection.execute(f"copy rows to '{parquet}' (format parquet)")
        connection.execute(f"create view landed as select * from read_parquet(['{parquet}'])")
    return path


def expect(kind, severity="critical", waivable=False, **kwargs):
    return Expectation(kind, kwargs, severity, "a real event", "真发生过的事。", waivable)


def run(database, *expectations, table="rows", name="night", **options):
    batches = [Batch(name, Suite("youzan__orders", table, expectations), table)]
    return run_suites(database, batches, **{"folders": (database.parent,), **options})


def rows_where(condition):
    query = f"select * from {{batch}} where {condition}"
    return expect("unexpected_rows_expectation", unexpected_rows_query=query)


NOT_NULL = expect("expect_column_values_to_not_be_null", column="order_id")
FOUR_ROWS = expect("expect_table_row_count_to_be_between", min_value=4, max_value=4)


@pytest.mark.parametrize("severity", ["critical", "warning", "info"])
def test_a_failure_keeps_the_severity_of_its_suite(database, severity):
    failing = expect("expect_column_values_to_not_be_null", severity, waivable=True, column="order_id")
    (check,) = run(database, failing)
    assert (check.passed, check.severity, check.waivable) == (False, severity, True)
    assert (check.batch, check.suite, check.column) == ("night", "youzan__orders", "order_id")
    assert (check.expectation, check.reason) == ("expect_column_values_to_not_be_null", "a real event")
    assert check.observed == "unexpected 1 of 4"


@pytest.mark.parametrize(("table", "rows"), [("rows", 4), ("landed", 4), ("marts.customers", 3)])
def test_tables_views_over_parquet_and_schemas_can_be_read(database, table, rows):
    checks = run(
        database,
        expect("expect_table_row_count_to_be_between", min_value=rows, max_value=rows),
        expect("expect_column_values_to_be_between", column="amount", min_value=1, max_value=40),
        expect("expect_column_values_to_be_of_type", column="phone", type_="VARCHAR"),
        rows_where("line > 1"),
        table=table,
    )
    assert [c.passed for c in checks] == [True, True, True, False]
    assert [checks[0].observed, checks[3].observed] == [f"observed {rows}", "observed 1"]


def test_compound_keys_ignore_single_repeats(database):
    unique = "expect_compound_columns_to_be_unique"
    checks = run(
        database,
        expect("expect_column_values_to_be_unique", column="order_id"),
        expect(unique, column_list=["order_id", "line"]),
        expect(unique, column_list=["phone", "line"]),
    )
    assert [c.passed for c in checks] == [False, True, False]
    assert checks[2].observed == "unexpected 2 of 4"


def test_batches_are_answered_in_order(database):
    suite = Suite("s", "rows", (FOUR_ROWS, NOT_NULL))
    batches = [Batch("a", suite, "rows"), Batch("b", suite, "marts.customers")]
    checks = run_suites(database, batches)
    assert [(c.batch, c.passed) for c in checks] == [("a", True), ("a", False), ("b", False), ("b", True)]


@pytest.mark.parametrize(
    ("broken", "observed"),
    [
        (
            expect("expect_column_values_to_not_be_nul", "info", True, column="order_id"),
            "raised: Expectation",
        ),
        (
            expect("expect_column_values_to_not_be_null", "info", True, colum="order_id"),
            "raised: ValidationErr",
        ),
        (
            expect("expect_column_values_to_not_be_null", "info", True, column="gone"),
            'raised: column "gone" in',
        ),
        (
            expect("expect_column_values_to_match_regex", "info", True, column="phone", regex="1"),
            "raised: Metric",
        ),
        (rows_where("cast(phone as date) is null"), "raised: ConversionException"),
        (rows_where("nonsense("), "raised: ParserException"),
    ],
)
def test_what_cannot_be_evaluated_is_critical_and_spares_the_others(database, broken, observed):
    checks = run(database, FOUR_ROWS, broken, NOT_NULL)
    assert [c.passed for c in checks] == [True, False, False]
    assert (checks[1].severity, checks[1].waivable) == ("critical", False)
    assert checks[1].observed.startswith(observed)
    assert checks[2].observed == "unexpected 1 of 4"


def test_a_missing_table_fails_its_batch_only(database):
    suite = Suite("s", "rows", (FOUR_ROWS, expect("expect_column_values_to_not_be_null", "info", column="x")))
    checks = run_suites(database, [Batch("gone", suite, "gone"), Batch("night", suite, "rows")])
    assert [(c.passed, c.severity) for c in checks[:2]] == [(False, "critical")] * 2
    assert {c.observed for c in checks[:2]} == {"raised: CatalogException"}
    assert checks[2].passed


@pytest.fixture
def graph_validate(monkeypatch):
    """Replace what Great Expectations does with one batch; given its real answer."""

    def replace(answer):
        from great_expectations.validator.validator import Validator

        real = Validator.graph_validate
        monkeypatch.setattr(Validator, "graph_validate", lambda self, **given: answer(real(self, **given)))

    return replace


def test_a_lost_expectation_is_a_critical_failure(database, graph_validate):
    graph_validate(lambda results: results[1:])
    checks = run(database, expect(FOUR_ROWS.type, "info", True, min_value=4), NOT_NULL)
    lost = [c for c in checks if c.observed == "lost expectation"]
    assert len(checks) == 2
    assert [(c.passed, c.severity, c.waivable) for c in lost] == [(False, "critical", False)]


def test_an_exception_of_the_validator_is_a_critical_failure(database, graph_validate):
    def explode(_results):
        raise RuntimeError(PHONE)

    graph_validate(explode)
    checks = run(database, FOUR_ROWS, NOT_NULL)
    assert [(c.passed, c.observed) for c in checks] == [(False, "raised: RuntimeError")] * 2


LEAKY = (
    expect("expect_column_values_to_be_in_set", column="phone", value_set=["none"]),
    expect("expect_column_values_to_be_unique", column="phone"),
    expect("expect_column_max_to_be_between", column="mobile", max_value=0),
    expect("expect_column_distinct_values_to_be_in_set", column="phone", value_set=["none"]),
    expect("expect_column_most_common_value_to_be_in_set", column="phone", value_set=["none"]),
    expect("expect_column_pair_values_to_be_equal", column_A="phone", column_B="order_id"),
    expect("expect_compound_columns_to_be_unique", column_list=["phone", "mobile"]),
    rows_where("phone <> 'none'"),
    rows_where("cast(phone as date) is null"),
)


@pytest.mark.parametrize("personal", [(), ("phone", "mobile")])
def test_no_value_leaves_the_runner(database, tmp_path, caplog, capfd, personal):
    docs = tmp_path / "docs"
    with caplog.at_level(logging.INFO):
        checks = run(database, *LEAKY, personal=personal, docs=docs)
    pages = b"".join(p.read_bytes() for p in docs.rglob("*") if p.is_file())
    assert not any(c.passed for c in checks)
    assert b"youzan__orders" in pages
    assert PHONE.encode() not in pages
    assert PHONE not in repr(checks) + caplog.text + "".join(capfd.readouterr())


def test_personal_columns_are_not_even_counted(database):
    checks = run(database, *LEAKY, NOT_NULL, personal={"phone", "mobile"})
    assert [c.observed for c in checks[:7]] == [""] * 7
    assert checks[-1].observed == "unexpected 1 of 4"


def test_docs_replace_what_was_there(database, tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "stale.html").touch()
    broken = expect("expect_column_values_to_not_be_null", colum="order_id")
    run(database, NOT_NULL, expect(NOT_NULL.type, column="gone"), broken, docs=docs)
    (page,) = (docs / "validations").rglob("*.html")
    text = page.read_text(encoding="utf-8")
    assert "raised: column" in text
    assert "raised: ValidationError" in text
    assert str(tmp_path) not in text
    assert (docs / "index.html").is_file()
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_dir()) == ["docs"]
    assert not (docs / "stale.html").exists()


def test_docs_have_a_page_per_batch(database, tmp_path):
    suite = Suite("s", "rows", (FOUR_ROWS,))
    names = ["2026-11-21/导出 订单.csv", "2026-11-22/导出 订单.csv"]
    run_suites(database, [Batch(name, suite, "rows") for name in names], docs=tmp_path / "docs")
    assert len(list((tmp_path / "docs" / "validations").rglob("*.html"))) == 2


def test_the_file_is_opened_read_only_and_released(database):
    database.chmod(0o444)
    before = database.read_bytes()
    assert run(database, FOUR_ROWS)[0].passed
    assert database.read_bytes() == before
    database.chmod(0o644)
    with duckdb.connect(str(database)) as writer:
        writer.execute("insert into rows values ('A9', 1, 'none', 0, 1)")


def test_a_missing_file_is_an_error_and_is_not_created(tmp_path):
    with pytest.raises(SQLAlchemyError):
        run(tmp_path / "absent.duckdb", FOUR_ROWS)
    assert not list(tmp_path.iterdir())


def test_nothing_is_printed(database, tmp_path, capfd):
    run(database, FOUR_ROWS, NOT_NULL, rows_where("line > 1"), docs=tmp_path / "docs")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("elsewhere", ["read_text('/etc/hostname')", "read_blob('/etc/*')", "glob('/etc/*')"])
def test_no_suite_reads_what_is_none_of_its_business(database, elsewhere):
    (check,) = run(database, rows_where(f"exists (select 1 from {elsewhere})"))
    assert (check.passed, check.observed) == (False, "raised: PermissionException")


def test_a_view_is_read_from_the_folders_given_only(database, tmp_path):
    (check,) = run(database, FOUR_ROWS, table="landed", folders=(tmp_path / "elsewhere",))
    assert not check.passed
    assert check.observed.startswith("raised: ")
