"""Declares operator sheets: tables that people fill in, with all rows in each file."""

from collections.abc import Mapping

from followthrough.contracts.export import (
    Column,
    ColumnType,
    Date,
    Export,
    Ordinal,
    Table,
    Timestamp,
    Vocabulary,
)

DAY = Date(("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"))
MONTH = Date(("%Y-%m", "%Y/%m", "%Y年%m月"))
MOMENT = Timestamp(("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M"))


def words(chinese: Mapping[str, str]) -> Vocabulary:
    """A vocabulary that accepts the listed Chinese words and the project's own words for them."""
    return Vocabulary({**chinese, **{word: word for word in chinese.values()}})


YES_NO = words({"是": "yes", "否": "no"})


def column(
    name: str,
    header: str,
    kind: ColumnType,
    meaning: str,
    meaning_zh: str,
    required: bool = False,
    label: str = "",
) -> Column:
    """A column with ``header`` in the sheet; its label in the data is ``label``, or else ``header``."""
    return Column(name, (header,), kind, label or header, meaning, required, meaning_zh=meaning_zh)


def sheet(
    name: str,
    label: str,
    grain: str,
    columns: tuple[Column, ...],
    key: tuple[str, ...],
    examples: tuple[tuple[str, ...], ...],
    signals: str,
    cannot_tell: str,
    event_at: str = "",
    ordinal: Ordinal | None = None,
    also: tuple[str, ...] = (),
) -> Export:
    """One sheet, recognised by its required columns and those in ``also``.

    ``examples`` are whole rows of cells.
    """
    return Export(
        platform="sheets",
        name=name,
        version=1,
        label=label,
        grain=grain,
        format=Table(),
        recognise=(*(c.source[0] for c in columns if c.required), *also),
        columns=columns,
        key=key,
        event_at=event_at,
        feeds={name: f"stg_sheets__{name}_versions"},
        signals=signals,
        cannot_tell=cannot_tell,
        source="our own template, see `followthrough sheets`",
        is_snapshot=True,
        optional_when_empty=True,
        ordinal=ordinal,
        header=tuple(c.source[0] for c in columns),
        examples=examples,
    )
