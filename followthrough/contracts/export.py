"""Types that declare a platform's exports: the layout of a file and the meaning of its cells.

A declaration has no behaviour. Detection, parsing, loading, code generation and the sample all use it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from followthrough.contracts.api import Interface, Pull

NULLS = ("", "-", "--", "——", "/")
"""Spellings of "no value" found in real exports; cells are trimmed before the comparison."""


@dataclass(frozen=True)
class Text:
    """Free or enumerated text, trimmed."""


@dataclass(frozen=True)
class Id:
    """An identifier of a thing (order, payment): text without the wrapping spreadsheets need (``="…"``).

    A value that a spreadsheet has turned into a float (``4.2E+27``) is refused, as its digits are lost.
    """


@dataclass(frozen=True)
class Integer:
    """A whole number."""


@dataclass(frozen=True)
class Decimal:
    """An exact number, DECIMAL(18,6)."""


@dataclass(frozen=True)
class Money:
    """An amount, stored as BIGINT fen; ``unit`` is the unit in the file.

    ``note`` is a regular expression for text after the number that is ignored.
    """

    unit: Literal["yuan", "fen"] = "yuan"
    note: str = ""


@dataclass(frozen=True)
class Timestamp:
    """A wall time of ``zone`` written as text in one of ``formats`` (strptime), or as a workbook's date cell.

    Stored as Shanghai wall time.
    """

    formats: tuple[str, ...] = ("%Y-%m-%d %H:%M:%S",)
    zone: Literal["Asia/Shanghai", "UTC"] = "Asia/Shanghai"


@dataclass(frozen=True)
class Date:
    """A business date in Shanghai, as text in one of ``formats`` (strptime) or a workbook's date cell."""

    formats: tuple[str, ...] = ("%Y-%m-%d",)


@dataclass(frozen=True)
class Rate:
    """A share of one, DECIMAL(9,6): ``0.0441`` or ``4.41%``."""


@dataclass(frozen=True)
class UnixSeconds:
    """Seconds since 1970-01-01 UTC, stored as Shanghai wall time."""


@dataclass(frozen=True)
class Vocabulary:
    """One of a known set of spellings, stored as the project's own word for it.

    ``otherwise`` is the word for every other spelling; without it, a row with another spelling is refused.
    """

    words: Mapping[str, str]
    otherwise: str = ""


@dataclass(frozen=True)
class Identifier:
    """A value that identifies a person; only its keyed HMAC is stored.

    ``issuer`` is the name of a source setting, or ``column:`` and the name of another column of the row;
    empty if the value is globally unique (a phone number). A masked phone number is null.
    """

    namespace: Literal["phone", "unionid", "openid", "external_userid", "buyer"]
    issuer: str = ""


ColumnType = (
    Text | Id | Integer | Decimal | Rate | Money | Date | Timestamp | UnixSeconds | Vocabulary | Identifier
)


@dataclass(frozen=True)
class Column:
    """One canonical column.

    ``source`` lists its header names (or JSON paths from the record), newest first; ``form:<question>`` is
    the field a source has configured for the question. ``nth`` selects among equal headers, from 1. ``sql``
    computes the text from the record instead (``{row}`` is the JSON record). Numbers below ``minimum`` or
    above ``maximum`` are refused. ``meaning_zh`` explains in Chinese what to enter in a sheet.
    """

    name: str
    source: tuple[str, ...]
    type: ColumnType
    label: str
    meaning: str
    required: bool = False
    nth: int = 1
    sql: str = ""
    minimum: int | None = None
    maximum: int | None = None
    meaning_zh: str = ""

    @property
    def personal(self) -> bool:
        """Whether the original value may not be shown anywhere outside the landing zone."""
        return isinstance(self.type, Identifier)


@dataclass(frozen=True)
class Ordinal:
    """A column that numbers rows of equal ``within`` in file order, from 1; for exports without line ids."""

    name: str
    within: str
    label: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """Rows of cells under a header: delimited text, a workbook or an HTML table.

    ``cell_prefix`` precedes every data cell but no header cell (WeChat Pay's back-tick). ``cell_suffix`` may
    follow a cell or its closing quote (a TAB, in bills). ``footer`` is the text with which the summary block
    at the end of the file starts.
    """

    cell_prefix: str = ""
    cell_suffix: str = ""
    footer: str = ""


@dataclass(frozen=True)
class Json:
    """One or several JSON documents (array, lines or single).

    ``records`` is the path of a document's rows. ``each`` names a list within a record that is unnested: each
    element gives a row, the record with the element in place of the list; with an empty list the record is
    one row. ``failed`` is SQL over ``{doc}``, true for a response that is an error.
    """

    records: str
    failed: str = "false"
    each: str = ""


@dataclass(frozen=True)
class Exclusion:
    """A named rule for rows that are not loaded.

    ``where`` is SQL over the trimmed cells ``{header name}``, in JSON over the record ``{row}``.
    """

    rule: str
    where: str


@dataclass(frozen=True)
class Total:
    """A control total that the file contains.

    ``path`` is the footer's column (CSV) or JSON path. If the total is part of a sentence, ``pattern`` is a
    regular expression whose first group is the number, searched in each line above and below the table.
    ``measure`` is the SQL that computes the total from the accepted rows, or with ``whole`` from all rows,
    if the file's total includes rows that are not loaded.
    """

    name: str
    path: str
    type: Integer | Money
    measure: str
    whole: bool = False
    pattern: str = ""


@dataclass(frozen=True)
class Export:
    """One kind of file of a platform.

    ``grain`` describes a row; ``key`` identifies it across files. ``recognise`` lists names that only this
    export has in combination. ``modified`` is the column with the time of the row's last change, ``event_at``
    the one whose dates determine the days the file covers, empty if its rows have no day. ``is_snapshot``
    marks a complete list, where a missing row was removed; ``optional_when_empty`` an export that has no file
    on a day without rows.
    ``feeds`` maps an entity to the staging model that provides it. ``signals`` and ``cannot_tell`` describe
    the lifecycle signals it has and lacks. ``header`` is the header row of a real file, in order;
    ``examples`` are rows under it. ``pull`` declares how to fetch it from the platform's API, if possible.
    """

    platform: str
    name: str
    version: int
    label: str
    grain: str
    format: Table | Json
    recognise: tuple[str, ...]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    event_at: str
    feeds: Mapping[str, str]
    signals: str
    cannot_tell: str
    source: str
    modified: str = ""
    is_snapshot: bool = False
    optional_when_empty: bool = False
    ordinal: Ordinal | None = None
    exclude: tuple[Exclusion, ...] = ()
    totals: tuple[Total, ...] = ()
    header: tuple[str, ...] = ()
    examples: tuple[tuple[str, ...], ...] = ()
    nulls: tuple[str, ...] = NULLS
    pull: Pull | None = field(default=None, repr=False)

    @property
    def slug(self) -> str:
        """``<platform>__<export>``, the name used in suites, sources, fixtures and folders."""
        return f"{self.platform}__{self.name}"

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by canonical name."""
        return {column.name: column for column in self.columns}


@dataclass(frozen=True)
class Entry:
    """A way people come through a platform: its ``channel``, and the ``words`` for it in exports.

    Without ``words``, exports use the name of the channel.
    """

    channel: str
    label_zh: str
    label_en: str
    words: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All words for it."""
        return self.words or (self.channel,)


@dataclass(frozen=True)
class Form:
    """A kind of custom form: questions it ``always`` asks, and questions of which it asks ``some``."""

    always: tuple[str, ...]
    some: tuple[str, ...] = ()


@dataclass(frozen=True)
class Platform:
    """A vendor and its declared exports."""

    name: str
    label: str
    exports: tuple[Export, ...]
    settings: tuple[str, ...] = field(default=())
    """Names of issuers of identifiers that a source of this platform must set."""
    forms: Mapping[str, Form] = field(default_factory=dict)
    """Kinds of forms of its sources; a source must set the kind and the field of each question."""
    entries: tuple[Entry, ...] = ()
    """The ways people come through it, as its exports distinguish them."""
    interface: Interface | None = field(default=None, repr=False)
    """Its official API; not part of the ``repr``, as it changes no table."""
