"""What all operator sheets have in common: a table somebody fills in, complete each time it is handed in."""

from collections.abc import Mapping

from followthrough.contract import Column, ColumnType, Date, Export, Ordinal, Table, Timestamp, Vocabulary

DAY = Date(("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"))
MONTH = Date(("%Y-%m", "%Y/%m", "%Y年%m月"))
MOMENT = Timestamp(("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M"))


def words(chinese: Mapping[str, str]) -> Vocabulary:
    """A vocabulary people may fill in in Chinese, as listed, or in our own words."""
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
    """A column called ``header`` in the sheet, and so in the data unless ``label`` says otherwise."""
    return Column(name, (header,), kind, label or header, meaning, required, meaning_zh=meaning_zh)


def sheet(
    name: str,
    label: str,
    grain: str,
    columns: tuple[Column, ...],
    key: tuple[str, ...],
    examples: tuple[tuple[str, ...], ...],
    signals: str,
    silent: str,
    happened: str = "",
    ordinal: Ordinal | None = None,
    also: tuple[str, ...] = (),
) -> Export:
    """One sheet, recognised by the columns that must be filled in and those in ``also``.

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
        happened=happened,
        feeds={name: f"stg_sheets__{name}_versions"},
        signals=signals,
        silent=silent,
        source="our own template, see `followthrough sheets`",
        complete=True,
        quiet=True,
        ordinal=ordinal,
        header=tuple(c.source[0] for c in columns),
        examples=examples,
    )
