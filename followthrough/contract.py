"""The vocabulary in which a platform's exports are declared.

A declaration says what a file looks like and what its cells mean; it holds no behaviour.
``recognise``, ``read``, ``cast``, ``load``, ``generate`` and the sample all work from it alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from followthrough.interface import Interface, Pull

NULLS = ("", "-", "--", "——", "/")
"""Spellings of "no value" met in real exports; a lone space is one because cells are trimmed first."""


@dataclass(frozen=True)
class Text:
    """Free or enumerated text, trimmed."""


@dataclass(frozen=True)
class Id:
    """An identifier of a thing (order, payment): text without its spreadsheet wrapping.

    A value a spreadsheet has turned into a float (``4.2E+27``) is refused: its digits are lost.
    """


@dataclass(frozen=True)
class Integer:
    """A whole number."""


@dataclass(frozen=True)
class Decimal:
    """An exact number, DECIMAL(18,6)."""


@dataclass(frozen=True)
class Money:
    """An amount, stored as BIGINT fen; ``unit`` is what the file writes.

    ``note`` is a regular expression for words the platform adds behind the number that change nothing.
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
    """One of a known set of spellings, stored as our own word for it.

    ``otherwise`` is the word for every other spelling; without one an unknown spelling refuses its row.
    """

    words: Mapping[str, str]
    otherwise: str = ""


@dataclass(frozen=True)
class Identifier:
    """A value that tells who somebody is; only its keyed HMAC passes the load.

    ``issuer`` is the name of a source setting, or of another column of the row after ``column:``;
    empty where the value means the same everywhere (a phone). A masked phone identifies nobody and is null.
    """

    namespace: Literal["phone", "unionid", "openid", "external_userid", "buyer"]
    issuer: str = ""


ColumnType = (
    Text | Id | Integer | Decimal | Rate | Money | Date | Timestamp | UnixSeconds | Vocabulary | Identifier
)


@dataclass(frozen=True)
class Column:
    """One canonical column.

    ``source`` lists the header names (or JSON paths from the record) it is known under, newest first;
    ``form:<question>`` is the field a source says it asks the question in. ``nth`` picks among equal headers,
    from 1. ``sql`` computes the text from the record instead (``{row}`` is the JSON record). ``minimum``
    refuses smaller numbers, ``maximum`` larger ones. ``meaning_zh`` says in Chinese what to write, for the
    people who fill in a sheet.
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
        """Whether the cell may not be shown anywhere past the landing."""
        return isinstance(self.type, Identifier)


@dataclass(frozen=True)
class Ordinal:
    """A column numbering equal keys of a file in file order, from 1, where the export has no line id."""

    name: str
    within: str
    label: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """Rows of cells under a header: delimited text, or the same kept in a workbook or an HTML table.

    ``cell_prefix`` starts every data cell but not the header (WeChat Pay's back-tick). ``cell_suffix`` may
    follow a cell, its closing quote as well (a TAB, in bills).

    ``footer`` names the first cell of the line where the summary block at the end of the file starts.
    """

    cell_prefix: str = ""
    cell_suffix: str = ""
    footer: str = ""


@dataclass(frozen=True)
class Json:
    """One or several JSON documents (array, lines or single).

    ``records`` is the path of a document's rows. ``each`` names a list within a record whose every element
    makes a row: the record with the element in the list's place; one whose list is empty stays as it is.
    ``failed`` is SQL over ``{doc}``, true for an answer that is an error and not data.
    """

    records: str
    failed: str = "false"
    each: str = ""


@dataclass(frozen=True)
class Exclusion:
    """Rows that are no facts, named.

    ``where`` is SQL over the trimmed cells ``{header name}``, in JSON over the record ``{row}``.
    """

    rule: str
    where: str


@dataclass(frozen=True)
class Total:
    """A control total the file declares about itself.

    ``path`` is the footer's column (CSV) or JSON path. Where the total stands in a sentence, ``pattern`` is
    given instead: a regular expression whose first group is the number, looked for in each line above and
    below the table. ``measure`` is SQL over the accepted rows, or over every row where the file counts those
    we leave out as well (``whole``).
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

    ``grain`` says what a row is; ``key`` names it across exports. ``recognise`` lists the names only this
    export has together. ``modified`` is the column of the row's own change time, ``happened`` the one
    whose dates say which days the file covers, empty where its rows belong to no day. ``complete`` marks a
    snapshot whose absences mean something, ``quiet`` an export without a file on a day without rows.
    ``feeds`` maps an entity to the staging model that provides it. ``signals`` and ``silent`` say which
    lifecycle signals it carries and which it cannot. ``header`` is the header row as seen, in order;
    ``examples`` are rows under it. ``pull`` says how the platform's interface is asked for it, if it can be.
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
    happened: str
    feeds: Mapping[str, str]
    signals: str
    silent: str
    source: str
    modified: str = ""
    complete: bool = False
    quiet: bool = False
    ordinal: Ordinal | None = None
    exclude: tuple[Exclusion, ...] = ()
    totals: tuple[Total, ...] = ()
    header: tuple[str, ...] = ()
    examples: tuple[tuple[str, ...], ...] = ()
    nulls: tuple[str, ...] = NULLS
    pull: Pull | None = field(default=None, repr=False)

    @property
    def slug(self) -> str:
        """``<platform>__<export>``, the one name used in suites, sources, fixtures and folders."""
        return f"{self.platform}__{self.name}"

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by canonical name."""
        return {column.name: column for column in self.columns}


@dataclass(frozen=True)
class Entry:
    """A way people come through a platform: the ``channel`` it is, and the ``words`` exports have for it.

    Without words it is called in exports as the channel is.
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
    """A kind of form people design: the questions it ``always`` asks, and those it asks ``some`` of."""

    always: tuple[str, ...]
    some: tuple[str, ...] = ()


@dataclass(frozen=True)
class Platform:
    """A vendor and everything we know how to read from it."""

    name: str
    label: str
    exports: tuple[Export, ...]
    settings: tuple[str, ...] = field(default=())
    """Names a source of this platform must set (who issued its identifiers)."""
    forms: Mapping[str, Form] = field(default_factory=dict)
    """Kinds of forms its sources may hold; a source must say which, and the field of each question."""
    entries: tuple[Entry, ...] = ()
    """The ways people come through it, as its exports tell them apart."""
    interface: Interface | None = field(default=None, repr=False)
    """How its official interface is spoken to; no part of the ``repr``, as it changes no table."""
