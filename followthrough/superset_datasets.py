"""The published tables as Superset knows them: columns with labels, words for codes, and metrics."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from followthrough import bi, catalogue
from followthrough.engine import literal
from followthrough.generate import DBT_PROJECT
from followthrough.reports.words import texts, zh

_METRICS = DBT_PROJECT / "seeds" / "metric_names.csv"
_STAGES = DBT_PROJECT / "seeds" / "stage_names.csv"
_STATES = {
    "fresh": "fresh", "not_due": "not_due", "late": "late", "refused": "refused_state",
    "on_demand": "on_demand",
}  # fmt: skip
"""The pages' name of the word for each state of a source."""
_SAME_GRAIN = {"daily_summary": "shop_daily"}
"""Tables that answer the metrics of another, having its columns and its rows."""
_FORMATS = {"fen": ",.2f", "ratio": ".1%", "count": ",d"}
_DATES = {"date": "DATE", "timestamp": "TIMESTAMP"}


@dataclass(frozen=True)
class Dataset:
    """One table as Superset knows it, metrics by code; of ``latest`` only the newest day counts."""

    name: str
    schema: str
    table: str
    description: str
    columns: Sequence[Mapping[str, Any]]
    metrics: Mapping[str, Mapping[str, Any]]
    latest: str = ""

    @cached_property
    def uuid(self) -> UUID:
        """The same for the same table, for ever."""
        return stable_uuid("dataset", self.schema, self.name)

    @property
    def sql(self) -> str | None:
        """The query of a table of which only the newest day counts."""
        if not self.latest:
            return None
        of = f"{self.schema}.{self.table}"
        return f"SELECT * FROM {of} WHERE {self.latest} = (SELECT max({self.latest}) FROM {of})"


def datasets(declared: Mapping[str, Any]) -> Iterator[Dataset]:
    """Every view of ``bi``, and those of which only the newest day counts."""
    found = {bi.shown_table(table): _of_table(table, declared) for table in catalogue.published().values()}
    yield from found.values()
    for name, entry in declared["latest"].items():
        whole = found[entry["table"]]
        yield Dataset(name, "bi", whole.table, whole.description, whole.columns, whole.metrics, entry["date"])


def _of_table(table: catalogue.PublishedTable, declared: Mapping[str, Any]) -> Dataset:
    columns = [_column(bi.shown_name(c), bi.label(c), c.type, c.description_zh) for c in table.columns]
    shown = {column.name: bi.shown_name(column) for column in table.columns}
    metrics = {**_rows_metric(), **_metrics_of(table, shown)}
    for code, entry in declared["metrics"].items():
        if entry["column"] in shown:
            expression = f"sum({shown[entry['column']]})"
            metrics[code] = _metric(code, entry["label"], expression, "", entry["unit"])
    name = bi.shown_table(table)
    return Dataset(name, "bi", name, bi.comment(table), [*columns, *_worded(table)], metrics)


def _worded(table: catalogue.PublishedTable) -> Iterator[Mapping[str, Any]]:
    """Beside each column of codes one of the words people know them by, computed by Superset."""
    present, words = {column.name for column in table.columns}, _words()
    for column in table.columns:
        if column.name in words and f"{column.name}_zh" not in present:
            cases = " ".join(
                f"WHEN {literal(code)} THEN {literal(word)}" for code, word in words[column.name].items()
            )
            made = _column(f"{column.name}_zh", f"{bi.label(column)}(中文)", "string", column.description_zh)
            yield {**made, "expression": f"CASE {column.name} {cases} ELSE {column.name} END"}


def _words() -> dict[str, dict[str, str]]:
    """By column, the words of its codes."""
    stages, substages = {"__new__": "新来"}, {"__new__": "新来"}
    with _STAGES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            stages[row["stage"]], substages[row["substage"]] = row["stage_label_zh"], row["label_zh"]
    causes, reasons = (
        {code: words[0] for code, words in texts()[table].items()} for table in ("causes", "reasons")
    )
    states = {code: zh(word) for code, word in _STATES.items()}
    return {
        "stage": stages, "from_stage": stages, "to_stage": stages, "substage": substages,
        "cause": causes, "reason": reasons, "state": states,
    }  # fmt: skip


def _metrics_of(table: catalogue.PublishedTable, shown: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """Those of ``marts.metrics`` whose formula asks this table alone, in the table's own units of ``bi``."""
    found = {}
    with _METRICS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            asked = set(re.findall(r"(\w+)\.\w+", row["formula"]))
            if asked in ({table.name}, {_SAME_GRAIN.get(table.name)}):
                formula = re.sub(r"\w+\.(\w+)", lambda m: shown[str(m[1])], row["formula"])
                found[row["code"]] = _metric(
                    row["code"], row["label_zh"], formula, row["definition_zh"], row["unit"]
                )
    return found


def _rows_metric() -> dict[str, Mapping[str, Any]]:
    return {"rows": _metric("rows", "行数", "count(*)", "", "count")}


def _metric(code: str, label: str, formula: str, definition: str, unit: str) -> Mapping[str, Any]:
    return {
        "metric_name": code, "verbose_name": label, "expression": formula, "description": definition,
        "d3format": _FORMATS.get(unit, ""),
    }  # fmt: skip


def _column(name: str, label: str, kind: str, description: str) -> Mapping[str, Any]:
    return {
        "column_name": name, "verbose_name": label, "description": description,
        "is_dttm": kind in _DATES, "type": _DATES.get(kind, kind.upper()),
        "filterable": True, "groupby": True, "is_active": True,
    }  # fmt: skip


def stable_uuid(*names: str) -> UUID:
    """The same for the same names, for ever."""
    return uuid5(NAMESPACE_URL, "/".join(("followthrough", *names)))
