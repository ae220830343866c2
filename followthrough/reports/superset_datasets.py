"""The published tables as Superset datasets: columns with labels, words for codes, and metrics."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from followthrough.database import literal
from followthrough.paths import DBT_PROJECT
from followthrough.publish import bi_views, catalogue
from followthrough.reports.words import texts, zh

_METRICS = DBT_PROJECT / "seeds" / "metric_names.csv"
_STAGES = DBT_PROJECT / "seeds" / "stage_names.csv"
_STATES = {
    "fresh": "fresh",
    "not_due": "not_due",
    "late": "late",
    "refused": "refused_state",
    "on_demand": "on_demand",
}
"""The key of the pages' word for each state of a source."""
_SAME_GRAIN = {"daily_summary": "shop_daily"}
"""Tables that can compute another table's metrics, having its columns and grain."""
_FORMATS = {"fen": ",.2f", "ratio": ".1%", "count": ",d"}
_DATES = {"date": "DATE", "timestamp": "TIMESTAMP"}


@dataclass(frozen=True)
class Dataset:
    """One table as a dataset, with metrics by code; ``latest`` restricts it to its newest day."""

    name: str
    schema: str
    table: str
    description: str
    columns: Sequence[Mapping[str, Any]]
    metrics: Mapping[str, Mapping[str, Any]]
    latest: str = ""

    @cached_property
    def uuid(self) -> UUID:
        """The dataset's UUID, the same for the same table at all times."""
        return stable_uuid("dataset", self.schema, self.name)

    @property
    def sql(self) -> str | None:
        """The query of a dataset restricted to the newest day, else None."""
        if not self.latest:
            return None
        of = f"{self.schema}.{self.table}"
        return f"SELECT * FROM {of} WHERE {self.latest} = (SELECT max({self.latest}) FROM {of})"


def datasets(declared: Mapping[str, Any]) -> Iterator[Dataset]:
    """Every view of ``bi``, and the datasets restricted to the newest day."""
    found = {
        bi_views.shown_table(table): _of_table(table, declared) for table in catalogue.published().values()
    }
    yield from found.values()
    for name, entry in declared["latest"].items():
        whole = found[entry["table"]]
        yield Dataset(name, "bi", whole.table, whole.description, whole.columns, whole.metrics, entry["date"])


def _of_table(table: catalogue.PublishedTable, declared: Mapping[str, Any]) -> Dataset:
    columns = [
        _column(bi_views.shown_name(c), bi_views.label(c), c.type, c.description_zh) for c in table.columns
    ]
    shown = {column.name: bi_views.shown_name(column) for column in table.columns}
    metrics = {**_rows_metric(), **_metrics_of(table, shown)}
    for code, entry in declared["metrics"].items():
        if entry["column"] in shown:
            expression = f"sum({shown[entry['column']]})"
            metrics[code] = _metric(code, entry["label"], expression, "", entry["unit"])
    name = bi_views.shown_table(table)
    return Dataset(name, "bi", name, bi_views.comment(table), [*columns, *_worded(table)], metrics)


def _worded(table: catalogue.PublishedTable) -> Iterator[Mapping[str, Any]]:
    """Computed columns that give the words for each column of codes."""
    present, words = {column.name for column in table.columns}, _words()
    for column in table.columns:
        if column.name in words and f"{column.name}_zh" not in present:
            cases = " ".join(
                f"WHEN {literal(code)} THEN {literal(word)}" for code, word in words[column.name].items()
            )
            made = _column(
                f"{column.name}_zh", f"{bi_views.label(column)}(中文)", "string", column.description_zh
            )
            yield {**made, "expression": f"CASE {column.name} {cases} ELSE {column.name} END"}


def _words() -> dict[str, dict[str, str]]:
    """The words of codes, by column."""
    stages, substages = {"__new__": "新来"}, {"__new__": "新来"}
    with _STAGES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            stages[row["stage"]], substages[row["substage"]] = row["stage_label_zh"], row["label_zh"]
    causes, reasons = (
        {code: words[0] for code, words in texts()[table].items()} for table in ("causes", "reasons")
    )
    states = {code: zh(word) for code, word in _STATES.items()}
    return {
        "stage": stages,
        "from_stage": stages,
        "to_stage": stages,
        "substage": substages,
        "cause": causes,
        "reason": reasons,
        "state": states,
    }


def _metrics_of(table: catalogue.PublishedTable, shown: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """The metrics of ``marts.metrics`` whose formula uses only this table, in the units of ``bi``."""
    found = {}
    with _METRICS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            tables = set(re.findall(r"(\w+)\.\w+", row["formula"]))
            if tables in ({table.name}, {_SAME_GRAIN.get(table.name)}):
                formula = re.sub(r"\w+\.(\w+)", lambda m: shown[str(m[1])], row["formula"])
                found[row["code"]] = _metric(
                    row["code"], row["label_zh"], formula, row["definition_zh"], row["unit"]
                )
    return found


def _rows_metric() -> dict[str, Mapping[str, Any]]:
    return {"rows": _metric("rows", "行数", "count(*)", "", "count")}


def _metric(code: str, label: str, formula: str, definition: str, unit: str) -> Mapping[str, Any]:
    return {
        "metric_name": code,
        "verbose_name": label,
        "expression": formula,
        "description": definition,
        "d3format": _FORMATS.get(unit, ""),
    }


def _column(name: str, label: str, kind: str, description: str) -> Mapping[str, Any]:
    return {
        "column_name": name,
        "verbose_name": label,
        "description": description,
        "is_dttm": kind in _DATES,
        "type": _DATES.get(kind, kind.upper()),
        "filterable": True,
        "groupby": True,
        "is_active": True,
    }


def stable_uuid(*names: str) -> UUID:
    """A UUID that is the same for the same names at all times."""
    return uuid5(NAMESPACE_URL, "/".join(("followthrough", *names)))
