"""What a cell says, and why it is refused: one table per type."""

import hashlib
import hmac
from datetime import date, datetime
from decimal import Decimal as Exact

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followthrough.contracts.export import (
    Column,
    Date,
    Decimal,
    Export,
    Id,
    Identifier,
    Integer,
    Json,
    Money,
    Rate,
    Table,
    Text,
    Timestamp,
    UnixSeconds,
    Vocabulary,
)
from followthrough.database import connect, literal
from followthrough.load.column_sql import SQL_TYPES, casts, typed
from followthrough.load.hmac_key import hmac_blocks
from followthrough.parse.file_errors import FileRefused

KEY = bytes(range(32))
ISSUERS = {"app_id": "wx1", "open_platform": "open"}


def declare(*columns, layout=Table(), **more):  # noqa: B008 (frozen)
    return Export(
        platform="p",
        name="rows",
        version=1,
        label="",
        grain="one row per thing",
        format=layout,
        recognise=("a",),
        columns=columns,
        key=("a",),
        event_at="a",
        feeds={},
        signals="",
        cannot_tell="",
        source="",
        **more,
    )


def column(kind, name="a", source=(), **more):
    return Column(name, source or (name,), kind, name, "Meaning.", **more)


@pytest.fixture(scope="module")
def connection():
    with connect() as connection:
        for name, block in zip(("inner_block", "outer_block"), hmac_blocks(KEY), strict=True):
            connection.execute(f"SET VARIABLE {name} = unhex('{block.hex()}')")
        yield connection


@pytest.fixture(scope="module")
def validated(connection):
    """Cast one row of cells; gives [(value, reason), …] by declared column."""

    def validated(export, names, cells, issuers=ISSUERS):
        found = casts(export, names, issuers)
        rows = ", ".join(
            f"{'NULL::VARCHAR' if c is None else literal(c)} AS c{i}" for i, c in enumerate(cells)
        )
        raw, texts = (", ".join(layer) for layer in zip(*((c.cell, c.text) for c in found), strict=True))
        values = ", ".join(
            f"CAST({c.value} AS {SQL_TYPES[type(export.by_name[c.name].type)]}) AS {c.name}" for c in found
        )
        wanted = ", ".join(f"{c.name}, {c.reason}" for c in found)
        row = connection.execute(
            f"""WITH cells AS (SELECT {rows}), texts AS (SELECT {texts} FROM (SELECT {raw} FROM cells)),
            typed AS (SELECT *, {values} FROM texts) SELECT {wanted} FROM typed"""
        ).fetchone()
        return [tuple(row[i : i + 2]) for i in range(0, len(row), 2)]

    return validated


@pytest.fixture(scope="module")
def cast(validated):
    """Value and reason of one cell of a type."""
    return lambda kind, text, **more: validated(declare(column(kind, **more)), ("a",), (text,))[0]


@pytest.mark.parametrize(
    "text",
    [
        "330011223344556677", '="330011223344556677"', "\t330011223344556677", "330011223344556677\t",
        "'330011223344556677", "`330011223344556677", '"330011223344556677"',
        "\u00a0330011223344556677\u00a0", "\u3000330011223344556677 ", "\ufeff330011223344556677",
        '"\t330011223344556677"', "'330011223344556677\n",
    ],
)  # fmt: skip
def test_an_id_loses_every_wrapping_a_spreadsheet_gave_it(cast, text):
    assert cast(Id(), text) == ("330011223344556677", None)


@pytest.mark.parametrize(
    ("text", "value"),
    [("E2026", "E2026"), ("A 1'b", "A 1'b"), ("0", "0"), ("00012", "00012"), ("6.5E", "6.5E"), ("a=b", "a=b"),
     ("260517-607123", "260517-607123"), ("T200P330", "T200P330")],
)  # fmt: skip
def test_what_belongs_to_an_id_stays(cast, text, value):
    assert cast(Id(), text) == (value, None)


@pytest.mark.parametrize("text", ["4.2E+27", "4.20000E+27", '="6.91793e18"', "-4.2E+27", "3E+18", "\t1.5E18"])
def test_an_id_that_became_a_float_is_refused(cast, text):
    assert cast(Id(), text) == (None, "damaged_id")


@pytest.mark.parametrize(
    ("text", "value"),
    [(" 备注 ", "备注"), ("\u3000苔\u00a0", "苔"), ("'引'", "'引'"), ("= x", "= x"), ("a\nb", "a\nb"),
     ("`code`", "`code`"), ('"x"', '"x"'), ("- 1", "- 1")],
)  # fmt: skip
def test_text_is_trimmed_and_otherwise_left_alone(cast, text, value):
    assert cast(Text(), text) == (value, None)


@pytest.mark.parametrize(
    "kind", [Text(), Id(), Money(), Timestamp(), Vocabulary({"a": "b"}), Identifier("phone")]
)
@pytest.mark.parametrize("text", [None, "", " ", "\u3000", "-", "--", "——", "/", " - "])
def test_every_spelling_of_nothing_is_null_and_only_refused_where_required(cast, kind, text):
    assert cast(kind, text) == (None, None)
    assert cast(kind, text, required=True) == (None, "missing")


def test_an_export_may_spell_nothing_in_its_own_way(validated):
    export = declare(column(Money()), nulls=("(跳过)",))
    assert validated(export, ("a",), ("(跳过)",))[0][:2] == (None, None)
    assert validated(export, ("a",), ("--",))[0][:2] == (None, "not_a_money")


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("4.41%", "0.044100"),
        ("0.0441", "0.044100"),
        ("100%", "1.000000"),
        ("-3%", "-0.030000"),
        ("1", "1.000000"),
    ],
)
def test_a_rate_is_a_share_of_one(cast, text, share):
    value, problem = cast(Rate(), text)
    assert (str(value), problem) == (share, None)


@pytest.mark.parametrize("text", ["<0.1%", "4,41%", "%", "a"])
def test_what_is_no_rate_is_refused(cast, text):
    assert cast(Rate(), text) == (None, "not_a_rate")


@pytest.mark.parametrize(
    ("formats", "text", "value"),
    [
        (("%Y-%m-%d",), "2026-11-11", date(2026, 11, 11)),
        (("%Y-%m-%d", "%Y%m%d"), "20261111", date(2026, 11, 11)),
        (("%Y/%m/%d",), "2026/5/9", date(2026, 5, 9)),
    ],
)
def test_a_date_is_read_in_the_formats_its_column_has(cast, formats, text, value):
    assert cast(Date(formats), text) == (value, None)
    assert cast(Date(formats), "2026-13-01") == (None, "not_a_date")


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1317.01", 131701), ("1,317.01", 131701), ("12,345,678.90", 1234567890), ("¥12", 1200),
        ("￥12.5", 1250), ("¥ 12", 1200), ("-12.30", -1230), ("+3", 300), ("-¥5", -500), ("¥-5", -500),
        ("0", 0), ("0.00", 0), ("-0.00", 0), ("0.01", 1), ("0.29", 29), ("1.10", 110), ("5.000", 500),
        ("19.9900", 1999), ('="8.80"', 880), ("\t8.80", 880), ("`8.80", 880), ("8.80\u00a0", 880),
        ("9999999999999.99", 999999999999999), ("007", 700),
    ],
)  # fmt: skip
def test_money_in_yuan_becomes_exact_fen(cast, text, fen):
    assert cast(Money(), text) == (fen, None)


@pytest.mark.parametrize(
    "text",
    ["12,34", "1,3170", ",5", "5,", "1e3", "1E+3", "１２３", "131.77(已退款89.84)", "0.001", "12.345",
     ".5", "5.", "12x.00", "499.00（系统计算中，该值仅供参考）", "1 317.01", "--5", "-¥-5", "¥", "1.2.3",
     "<0.1", "NaN", "inf", "10000000000000", "999999999999999", "9999999999999999", "99999999999999999",
     "9" * 40, "12元", "0x10", "1_000", "٣"],
)  # fmt: skip
def test_money_that_would_be_a_guess_is_refused(cast, text):
    assert cast(Money(), text) == (None, "not_a_money")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("131701", (131701, None)), ("-5", (-5, None)), ("5.0", (5, None)), ("5.5", (None, "not_a_money")),
     ("1,000", (1000, None)), ("9999999999999", (9999999999999, None))],
)  # fmt: skip
def test_money_in_fen_is_whole(cast, text, expected):
    assert cast(Money("fen"), text) == expected


@given(fen=st.integers(-(10**15) + 1, 10**15 - 1), grouped=st.booleans())
@settings(max_examples=100, deadline=None)
def test_any_amount_survives_the_way_into_a_file_and_back(connection, fen, grouped):
    yuan, rest = divmod(abs(fen), 100)
    text = f"{'-' * (fen < 0)}{yuan:{',' if grouped else ''}}.{rest:02}"
    assert connection.execute(f"SELECT {typed(Money(), literal(text))}").fetchone() == (fen,)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Integer(), "12", (12, None)), (Integer(), "-0", (0, None)), (Integer(), "+7", (7, None)),
        (Integer(), "1.0", (None, "not_a_integer")), (Integer(), "1e3", (None, "not_a_integer")),
        (Integer(), "9" * 19, (None, "not_a_integer")), (Integer(), "１", (None, "not_a_integer")),
        (Decimal(), "0.60", (Exact("0.600000"), None)), (Decimal(), "-1", (Exact(-1), None)),
        (Decimal(), "0.60%", (None, "not_a_decimal")), (Decimal(), "1e3", (None, "not_a_decimal")),
        (Decimal(), "9" * 13, (None, "not_a_decimal")),
    ],
)  # fmt: skip
def test_numbers_are_read_exactly_or_refused(cast, kind, text, expected):
    assert cast(kind, text) == expected


UTC = Timestamp(("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ"), zone="UTC")
SLASHED = Timestamp(("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M"))


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Timestamp(), "2026-09-01 23:59:59", (datetime(2026, 9, 1, 23, 59, 59), None)),
        (Timestamp(), "\t2026-09-01 00:00:00", (datetime(2026, 9, 1), None)),
        (SLASHED, "2026/9/1 8:05", (datetime(2026, 9, 1, 8, 5), None)),
        (SLASHED, "2026-09-01 08:05:00", (datetime(2026, 9, 1, 8, 5), None)),
        (Timestamp(), "2024-02-29 12:00:00", (datetime(2024, 2, 29, 12), None)),
        (Timestamp(), "2026-02-29 12:00:00", (None, "not_a_timestamp")),
        (Timestamp(), "2026-09-01 24:00:00", (None, "not_a_timestamp")),
        (Timestamp(), "2026-09-01", (None, "not_a_timestamp")),
        (Timestamp(), "2026-09-01 08:05:00 extra", (None, "not_a_timestamp")),
        (Timestamp(), "2026-09-01 11:00:00 - 2026-09-01 12:00:00", (None, "not_a_timestamp")),
        (Timestamp(), "46266.5", (None, "not_a_timestamp")),
        (UTC, "2026-08-31T16:30:00Z", (datetime(2026, 9, 1, 0, 30), None)),
        (UTC, "2026-08-31T16:30:00.250Z", (datetime(2026, 9, 1, 0, 30, 0, 250_000), None)),
        (UTC, "2026-08-31T16:30:00+08:00", (None, "not_a_timestamp")),
        (UnixSeconds(), "1788191999", (datetime(2026, 8, 31, 23, 59, 59), None)),
        (UnixSeconds(), "1788192000", (datetime(2026, 9, 1), None)),
        (UnixSeconds(), "0", (datetime(1970, 1, 1, 8), None)),
        (UnixSeconds(), "1788192000000", (None, "not_a_unixseconds")),
        (UnixSeconds(), "1788192000.5", (None, "not_a_unixseconds")),
        (UnixSeconds(), "-1", (None, "not_a_unixseconds")),
        (UnixSeconds(), "soon", (None, "not_a_unixseconds")),
    ],
)
def test_times_are_shanghai_wall_times_or_refused(cast, kind, text, expected):
    assert cast(kind, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("已发货", ("shipped", None)), ("\u3000已发货 ", ("shipped", None)), ("发货中", (None, "unknown_word")),
     ("shipped", (None, "unknown_word")), ("已 发货", (None, "unknown_word"))],
)  # fmt: skip
def test_words_are_ours_and_unknown_ones_are_refused(cast, text, expected):
    assert cast(Vocabulary({"已发货": "shipped"}), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("质量问题", ("quality", None)), ("新原因", ("unknown", None)), ("-", (None, None))],
)
def test_a_vocabulary_may_have_a_word_for_all_others(cast, text, expected):
    assert cast(Vocabulary({"质量问题": "quality"}, otherwise="unknown"), text) == expected


@pytest.mark.parametrize(
    ("text", "minimum", "expected"),
    [("-0.01", 0, (-1, "below_minimum")), ("0", 0, (0, None)), ("", 0, (None, None)),
     ("0.09", 10, (9, "below_minimum"))],
)  # fmt: skip
def test_numbers_below_the_declared_minimum_are_refused(cast, text, minimum, expected):
    assert cast(Money(), text, minimum=minimum) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("10", (10, None)), ("11", (11, "above_maximum")), ("", (None, None))]
)
def test_numbers_above_the_declared_maximum_are_refused(cast, text, expected):
    assert cast(Integer(), text, maximum=10) == expected


def digest(message):
    return hmac.new(KEY, message.encode(), hashlib.sha256).hexdigest()[:32]


@pytest.mark.parametrize("text", ["t**", "1******8", "##aGVsbG8=##1##", "$$MTIz$$1$$", "~AES~x"])
def test_what_is_masked_or_enciphered_is_nobody(cast, text):
    assert cast(Identifier("buyer"), text) == (None, None)


@pytest.mark.parametrize(
    "text",
    ["13800138000", "+8613800138000", "8613800138000", "86-138-0013-8000", "138 0013 8000", "\t13800138000",
     "'13800138000", '="13800138000"', "+86 13800138000\u3000"],
)  # fmt: skip
def test_a_phone_is_the_same_person_however_it_is_written(cast, text):
    assert cast(Identifier("phone"), text, required=True) == (digest("phone||13800138000"), None)


@pytest.mark.parametrize(
    "text",
    ["138****8000", "1******6198", "021-62886288", "12800138000", "1380013800", "138001380001", "没有",
     "##a==##", "１３８００１３８０００", "13800138000/13900139000", "0013800138000"],
)  # fmt: skip
def test_what_is_no_full_mobile_number_identifies_nobody(cast, text):
    assert cast(Identifier("phone"), text) == (None, None)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (Identifier("openid", "app_id"), "openid|wx1|oAbC-1_x"),
        (Identifier("unionid", "open_platform"), "unionid|open|oAbC-1_x"),
        (Identifier("buyer"), "buyer||oAbC-1_x"),
    ],
)
def test_an_identifier_is_the_hmac_of_namespace_issuer_and_value(cast, kind, message):
    assert cast(kind, " oAbC-1_x\t") == (digest(message), None)


@given(value=st.text(st.characters(codec="utf-8", exclude_characters="\0*"), min_size=1, max_size=30))
@settings(max_examples=30, deadline=None)
def test_the_hash_of_any_value_that_is_not_masked_is_that_of_the_standard_library(validated, value):
    value = f"x{value}x"
    assert validated(declare(column(Identifier("buyer"))), ("a",), (value,))[0][0] == digest(
        f"buyer||{value}"
    )


def test_the_same_value_of_two_issuers_is_two_people(validated):
    export = declare(column(Identifier("openid", "column:app"), "a"), column(Id(), "app"))
    one, two, nobody = (validated(export, ("a", "app"), ("o1", app))[0][0] for app in ('="wx1"', "wx2", "-"))
    assert one == digest("openid|wx1|o1")
    assert two == digest("openid|wx2|o1")
    assert nobody is None


def test_the_newest_name_a_column_is_known_under_wins(validated):
    export = declare(column(Text(), "a", ("新名", "旧名")))
    assert validated(export, ("旧名",), ("old",))[0][0] == "old"
    assert validated(export, ("旧名", "新名"), ("old", "new"))[0][0] == "new"
    assert validated(export, ("旧名", "新名"), ("old", None))[0][0] == "old"


def test_equal_names_are_told_apart_by_their_place(validated):
    export = declare(*(Column(f"n{n}", ("分销员",), Text(), "", "", nth=n) for n in (1, 2, 3)))
    found = validated(export, ("x", "分销员", "y", "分销员"), ("0", "first", "1", "second"))
    assert [value for value, *_ in found] == ["first", "second", None]


def test_a_required_column_the_file_lacks_is_named_as_the_file_would_name_it():
    number, other = column(Text(), "a", ("订单号", "单号"), required=True), column(Text(), "b", required=True)
    export = declare(number, other, column(Text(), "c"))
    with pytest.raises(
        FileRefused, match="the file lacks: 订单号、b -> export it with these columns"
    ) as refused:
        casts(export, ("x",), {})
    assert refused.value.code == "missing_column"
    assert [c.name for c in casts(export, ("单号", "b"), {})] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("record", "path", "value"),
    [
        ('{"a": {"b": "x"}}', "$.a.b", "x"), ('{"a": 12345678901234567890}', "$.a", "12345678901234567890"),
        ('{"a": 1788192000}', "$.a", "1788192000"), ('{"a": ["x", "y"]}', "$.a[0]", "x"),
        ('{"a": []}', "$.a[0]", None),
        ('{"a": null}', "$.a", None), ('{"b": 1}', "$.a", None), ('{"a": true}', "$.a", "true"),
        ('{"a": "苔\\u539f"}', "$.a", "苔原"),
    ],
)  # fmt: skip
def test_json_values_are_found_by_their_path(connection, record, path, value):
    (found,) = casts(declare(column(Text(), "a", (path,)), layout=Json("$")), (), {})
    query = f"SELECT {found.text} FROM (SELECT {found.cell} FROM (SELECT {literal(record)}::JSON AS row))"
    assert connection.execute(query).fetchone() == (value,)


def test_a_column_may_be_computed_from_the_whole_record(connection):
    computed = column(Integer(), sql="json_array_length({row}, '$.lines')::VARCHAR")
    (found,) = casts(declare(computed, layout=Json("$")), (), {})
    query = f"""SELECT {found.cell} FROM (SELECT '{{"lines": [1, 2]}}'::JSON AS row)"""
    assert connection.execute(query).fetchone() == ("2",)


KINDS = [
    Text(),
    Id(),
    Integer(),
    Decimal(),
    Rate(),
    Money(),
    Money("fen"),
    Date(),
    Timestamp(),
    UnixSeconds(),
    Vocabulary({"交易完成": "finished", "A": "a"}),
    Identifier("phone"),
    Identifier("buyer"),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@pytest.mark.parametrize(
    "cell",
    ["0", "12", "12.5", "12.50", "1,234.50", "¥3", "-7", "1e5", "8%", "交易完成", "A", "-", "——", "1.2.3",
     "2026-09-01", "2026-09-01 10:00:00", "1788192000", "13800138000", "138****8000", "oAbC-1_x", "a b",
     "9" * 15, "1e+27", "数据"],
)  # fmt: skip
def test_a_cell_says_the_same_with_something_around_it(cast, kind, cell):
    """Cells that look plain are not looked at more closely: it must make no difference."""
    assert cast(kind, cell) == cast(kind, f" {cell}\t")


def test_a_spelling_of_no_value_that_looks_plain_is_none(validated):
    export = declare(column(Integer()), column(Text(), "b"), nulls=("0", "无"))
    assert [value for value, *_ in validated(export, ("a", "b"), ("0", "无"))] == [None, None]
    assert [value for value, *_ in validated(export, ("a", "b"), ("10", "无色"))] == [10, "无色"]
