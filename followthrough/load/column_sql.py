"""SQL for a declared column: the text of its cell, its typed value, and the reason to refuse the row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch

from followthrough.contracts.export import (
    NULLS,
    Column,
    ColumnType,
    Date,
    Decimal,
    Export,
    Id,
    Identifier,
    Integer,
    Money,
    Rate,
    Table,
    Text,
    Timestamp,
    UnixSeconds,
    Vocabulary,
)
from followthrough.database import literal, quoted
from followthrough.parse.file_errors import FileRefused
from followthrough.parse.header import added, guess

_SPACE = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288) || chr(65279)"
_WRAPPING = f"""'="`' || chr(39) || {_SPACE}"""
_DAMAGED_ID = r"'-?\d(\.\d+)?[eE]\+?\d+'"
_NUMBER = r"'[-+]?\d+(\.\d+)?'"
_RATE = r"'[-+]?\d+(\.\d+)?%?'"
_NOBODY = r"'[*]|^(##|[$][$]|~)'"
"""Masked values and ciphertext, which identify nobody: hashed, they could match different people."""
_MOBILE = r"'^(?:\+?86)?(1[3-9]\d{9})$'"
_PLAIN = r"'(?s)[0-9A-Za-z\p{Han}](?:.*[0-9A-Za-z\p{Han}])?'"
"""A cell with nothing to trim and no usual spelling of "no value": most cells, so it is tested first."""
_PLAIN_MOBILE = r"'1[3-9]\d{9}'"
_PLAIN_AMOUNT, _PLAIN_WHOLE = r"'\d{1,13}(\.\d{1,2})?'", r"'\d{1,13}'"

SQL_TYPES: Mapping[type, str] = {
    Text: "VARCHAR",
    Id: "VARCHAR",
    Vocabulary: "VARCHAR",
    Identifier: "VARCHAR",
    Integer: "BIGINT",
    Money: "BIGINT",
    Decimal: "DECIMAL(18,6)",
    Rate: "DECIMAL(9,6)",
    Date: "DATE",
    Timestamp: "TIMESTAMP",
    UnixSeconds: "TIMESTAMP",
}


@dataclass(frozen=True)
class Cast:
    """SQL for one column, in four layers, each of which refers to the ones before by name.

    ``cell`` is the raw cell; ``text`` is the cell without spaces and wrapping; ``value`` is typed or null, to
    be named after the column; ``reason`` is why the row is refused, or null.
    """

    name: str
    cell: str
    text: str
    value: str
    reason: str


def casts(export: Export, names: Sequence[str], issuers: Mapping[str, str]) -> list[Cast]:
    """A Cast per declared column, in order; FileRefused if a required column is not in the file."""
    missing = [c.source[0] for c in export.columns if c.required and not _known(export, c, names)]
    if missing:
        raise FileRefused(
            "missing_column", missing="、".join(missing), **guess(missing, added(export, names))
        )
    return [_cast(export, column, names, issuers) for column in export.columns]


def cell(export: Export, names: Sequence[str], source: str, nth: int = 1) -> str:
    """SQL for one cell as trimmed text; ``NULL`` if the file does not have the column."""
    raw = _raw(export, names, source, nth)
    return f"CASE WHEN regexp_full_match({raw}, {_PLAIN}) THEN {raw} ELSE trim({raw}, {_SPACE}) END"


def _raw(export: Export, names: Sequence[str], source: str, nth: int) -> str:
    if not isinstance(export.format, Table):
        return f"json_extract_string(row, {literal(source)})"
    places = [i for i, name in enumerate(names) if name == source]
    return f"c{places[nth - 1]}" if len(places) >= nth else "NULL::VARCHAR"


def _known(export: Export, column: Column, names: Sequence[str]) -> bool:
    return not isinstance(export.format, Table) or any(source in names for source in column.source)


def _cell_of(export: Export, column: Column, names: Sequence[str]) -> str:
    if column.sql:
        return column.sql.format(row="row")
    return f"coalesce({', '.join(_raw(export, names, source, column.nth) for source in column.source)})"


def _text(export: Export, column: Column, raw: str) -> str:
    """SQL for a cell's text, null for a spelling of no value."""
    # A regular expression, because DuckDB plans an IN list of five as a join for every column.
    bare = f"trim({raw}, {_SPACE if isinstance(column.type, Text) else _WRAPPING})"
    nulls = literal("|".join(map(re.escape, export.nulls)))
    plain = f"regexp_full_match({raw}, {_PLAIN})"
    if not set(export.nulls) <= set(NULLS):
        plain += f" AND NOT regexp_full_match({raw}, {nulls})"
    return f"CASE WHEN {plain} THEN {raw} WHEN NOT regexp_full_match({bare}, {nulls}) THEN {bare} END"


def _alias(name: str) -> str:
    return f'"text of {name}"'


def _cast(export: Export, column: Column, names: Sequence[str], issuers: Mapping[str, str]) -> Cast:
    cell, text, name = f'"cell of {column.name}"', _alias(column.name), quoted(column.name)
    bad: dict[str, str] = {}
    if isinstance(column.type, Identifier):
        value = _hmac(column.type, text, issuers)
    else:
        value = typed(column.type, text)
        bad = {f"{text} IS NOT NULL AND {name} IS NULL": _complaint(column.type)}
    if column.required:
        bad[f"{name} IS NULL"] = "missing"
    if column.minimum is not None:
        bad[f"{name} < {column.minimum}"] = "below_minimum"
    if column.maximum is not None:
        bad[f"{name} > {column.maximum}"] = "above_maximum"
    whens = " ".join(f"WHEN {condition} THEN {literal(reason)}" for condition, reason in bad.items())
    return Cast(
        name=column.name,
        cell=f"{_cell_of(export, column, names)} AS {cell}",
        text=f"{_text(export, column, cell)} AS {text}",
        value=value,
        reason=f"CASE {whens} END" if whens else "NULL",
    )


def _complaint(kind: ColumnType) -> str:
    return {Id: "damaged_id", Vocabulary: "unknown_word"}.get(
        type(kind), "not_a_" + type(kind).__name__.lower()
    )


@singledispatch
def typed(kind: ColumnType, text: str) -> str:
    """SQL that casts ``text`` (SQL) to the declared type, NULL if it does not fit."""
    raise NotImplementedError(kind)


@typed.register
def _(kind: Text, text: str) -> str:
    return text


@typed.register
def _(kind: Id, text: str) -> str:
    return f"CASE WHEN NOT regexp_full_match({text}, {_DAMAGED_ID}) THEN {text} END"


@typed.register
def _(kind: Integer, text: str) -> str:
    return f"CASE WHEN regexp_full_match({text}, '[-+]?\\d+') THEN try_cast({text} AS BIGINT) END"


@typed.register
def _(kind: Decimal, text: str) -> str:
    return f"CASE WHEN regexp_full_match({text}, {_NUMBER}) THEN try_cast({text} AS DECIMAL(18,6)) END"


@typed.register
def _(kind: Money, text: str) -> str:
    """SQL for an amount in fen; null for fractions of a fen and for wrongly grouped thousands."""
    if kind.note:
        text = f"regexp_replace({text}, {literal('(' + kind.note + ')$')}, '')"
    fraction, scale = (r"(\.\d{1,2}0*)?", "* 100") if kind.unit == "yuan" else (r"(\.0*)?", "")
    amount = literal(rf"[-+]?[¥￥]?\s*[-+]?(\d+|\d{{1,3}}(,\d{{3}})+){fraction}")
    number = f"translate({text}, ',¥￥ ', '')"
    fen = f"THEN try_cast(try_cast({{}} AS DECIMAL(15,2)) {scale} AS BIGINT)".format
    plain = _PLAIN_AMOUNT if kind.unit == "yuan" else _PLAIN_WHOLE
    return f"""CASE WHEN regexp_full_match({text}, {plain}) {fen(text)}
        WHEN regexp_full_match({text}, {amount}) {fen(number)} END"""


@typed.register
def _(kind: Rate, text: str) -> str:
    number = f"try_cast(rtrim({text}, '%') AS DECIMAL(18,6))"
    share = f"CASE WHEN {text} LIKE '%\\%' ESCAPE '\\' THEN {number} * 0.01 ELSE {number} END"
    return f"CASE WHEN regexp_full_match({text}, {_RATE}) THEN try_cast({share} AS DECIMAL(9,6)) END"


@typed.register
def _(kind: Date, text: str) -> str:
    formats = ", ".join(literal(f) for f in dict.fromkeys((*kind.formats, "%Y-%m-%d", "%Y-%m-%d 00:00:00")))
    return f"CAST(try_strptime({text}, [{formats}]) AS DATE)"


@typed.register
def _(kind: Timestamp, text: str) -> str:
    formats = ", ".join(literal(f) for f in dict.fromkeys((*kind.formats, "%Y-%m-%d %H:%M:%S")))
    moment = f"try_strptime({text}, [{formats}])"
    return moment if kind.zone == "Asia/Shanghai" else f"{moment} + INTERVAL 8 HOUR"


@typed.register
def _(kind: UnixSeconds, text: str) -> str:
    seconds = f"CASE WHEN regexp_full_match({text}, '\\d{{1,11}}') THEN CAST({text} AS BIGINT) END"
    return f"make_timestamp((({seconds}) + 8 * 3600) * 1000000)"


@typed.register
def _(kind: Vocabulary, text: str) -> str:
    whens = " ".join(f"WHEN {literal(k)} THEN {literal(v)}" for k, v in kind.words.items())
    other = f" ELSE {literal(kind.otherwise)}" if kind.otherwise else ""
    return f"CASE WHEN {text} IS NOT NULL THEN CASE {text} {whens}{other} END END"


def _hmac(kind: Identifier, text: str, issuers: Mapping[str, str]) -> str:
    """HMAC-SHA256 of ``namespace|issuer|value``, the first 32 hex digits; null if the value is masked."""
    value = f"CASE WHEN NOT regexp_matches({text}, {_NOBODY}) THEN {text} END"
    if kind.namespace == "phone":
        digits = f"replace(replace({text}, ' ', ''), '-', '')"
        value = f"""CASE WHEN regexp_full_match({text}, {_PLAIN_MOBILE}) THEN {text}
            WHEN NOT contains({text}, '*') THEN nullif(regexp_extract({digits}, {_MOBILE}, 1), '') END"""
    if kind.issuer.startswith("column:"):
        issuer = _alias(kind.issuer.removeprefix("column:"))
    else:
        issuer = literal(issuers[kind.issuer] if kind.issuer else "")
    message = f"encode({literal(kind.namespace + '|')} || {issuer} || '|' || {value})"
    inner = f"unhex(sha256(getvariable('inner_block') || {message}))"
    return f"left(sha256(getvariable('outer_block') || {inner}), 32)"
