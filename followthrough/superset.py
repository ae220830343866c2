"""What a Superset imports to show the published tables: datasets of all of them and three dashboards.

Everything is made from the tables' own descriptions, from ``marts.metrics`` and from
``templates/superset.yml``. Names are stable: importing a newer bundle replaces what the older one made.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import yaml

from followthrough import bi, catalogue
from followthrough.errors import FollowthroughError
from followthrough.generate import DBT_PROJECT

_DECLARED = Path(__file__).with_name("templates") / "superset.yml"
_METRICS = DBT_PROJECT / "seeds" / "metric_names.csv"
_VERSION = "1.0.0"
_MADE_AT = (2026, 1, 1, 0, 0, 0)
_GRID_WIDTH = 12
_HEIGHTS = {"number": 22, "table": 34, "list": 34}
_HEIGHT = 50
_FORMATS = {"fen": ",.2f", "ratio": ".1%", "count": ",d"}
_DATES = {"date": "DATE", "timestamp": "TIMESTAMP"}
_VISUALS = {
    "number": "big_number", "line": "echarts_timeseries_line", "bar": "echarts_timeseries_bar",
    "table": "table", "list": "table",
}  # fmt: skip


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
        return _uuid("dataset", self.schema, self.name)

    @property
    def sql(self) -> str | None:
        """The query of a table of which only the newest day counts."""
        if not self.latest:
            return None
        of = f"{self.schema}.{self.table}"
        return f"SELECT * FROM {of} WHERE {self.latest} = (SELECT max({self.latest}) FROM {of})"


def bundle(uri: str) -> bytes:
    """A zip for Superset's import, of the published file as Superset finds it (an SQLAlchemy URL).

    Raises FollowthroughError where a chart names a table, column or metric that is not published.
    """
    declared = yaml.safe_load(_DECLARED.read_text("utf-8"))
    known = {dataset.name: dataset for dataset in datasets(declared)}
    files = {
        "metadata.yaml": {"version": _VERSION, "type": "assets"},
        "databases/followthrough.yaml": _database(uri),
    }
    for dataset in known.values():
        files[f"datasets/followthrough/{dataset.name}.yaml"] = _dataset(dataset)
    for dashboard in declared["dashboards"]:
        charts = [[_Chart(dashboard["slug"], c, _of(known, c)) for c in row] for row in dashboard["rows"]]
        for chart in (chart for row in charts for chart in row):
            files[f"charts/{chart.uuid}.yaml"] = chart.content()
        files[f"dashboards/{dashboard['slug']}.yaml"] = _dashboard(dashboard, charts)
    return _zipped(files)


def datasets(declared: Mapping[str, Any]) -> Iterator[Dataset]:
    """Every view of ``bi``, and those of which only the newest day counts."""
    found = {bi.shown_table(table): _of_table(table, declared) for table in catalogue.published().values()}
    yield from found.values()
    for name, entry in declared["latest"].items():
        whole = found[entry["table"]]
        yield Dataset(name, "bi", whole.table, whole.description, whole.columns, whole.metrics, entry["date"])


def _of_table(table: catalogue.PublishedTable, declared: Mapping[str, Any]) -> Dataset:
    columns = [_column(bi.shown_name(c), bi.label(c), c.type, c.description_zh) for c in table.columns]
    metrics = {**_rows_metric(), **_metrics_of(table)}
    for code, entry in declared["metrics"].items():
        if entry["column"] in {column.name for column in table.columns}:
            metrics[code] = _metric(code, entry["label"], f"sum({entry['column']})", "", "count")
    shown = bi.shown_table(table)
    return Dataset(shown, "bi", shown, bi.comment(table), columns, metrics)


def _metrics_of(table: catalogue.PublishedTable) -> dict[str, Mapping[str, Any]]:
    """Those of ``marts.metrics`` whose formula asks this table alone, in the table's own units of ``bi``."""
    shown = {column.name: bi.shown_name(column) for column in table.columns}
    found = {}
    with _METRICS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            asked = set(re.findall(r"(\w+)\.\w+", row["formula"]))
            if asked == {table.name}:
                formula = re.sub(rf"{table.name}\.(\w+)", lambda m: shown[str(m[1])], row["formula"])
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


def _database(uri: str) -> dict[str, Any]:
    return {
        "database_name": "followthrough", "sqlalchemy_uri": uri, "uuid": str(_uuid("database")),
        "expose_in_sqllab": True, "allow_run_async": False, "allow_ctas": False, "allow_cvas": False,
        "allow_dml": False, "version": _VERSION,
        "extra": {"engine_params": {"connect_args": {"read_only": True}}},
    }  # fmt: skip


def _dataset(dataset: Dataset) -> dict[str, Any]:
    dates = [column["column_name"] for column in dataset.columns if column["is_dttm"]]
    return {
        "table_name": dataset.name if dataset.latest else dataset.table, "schema": dataset.schema,
        "sql": dataset.sql, "main_dttm_col": dates[0] if dates else None,
        "description": dataset.description, "columns": list(dataset.columns),
        "metrics": list(dataset.metrics.values()), "filter_select_enabled": True, "offset": 0,
        "uuid": str(dataset.uuid), "database_uuid": str(_uuid("database")), "version": _VERSION,
    }  # fmt: skip


def _of(known: Mapping[str, Dataset], chart: Mapping[str, Any]) -> Dataset:
    """The chart's dataset, which has all the chart asks for."""
    dataset = known.get(chart["table"])
    if dataset is None:
        raise _wrong(chart, f"there is no table {chart['table']}")
    columns = {column["column_name"] for column in dataset.columns}
    asked = [*chart.get("by", ()), *chart.get("columns", ()), *([chart["date"]] if "date" in chart else ())]
    missing = sorted({*asked} - columns) + sorted({*chart.get("metrics", ())} - set(dataset.metrics))
    if missing:
        raise _wrong(chart, f"{chart['table']} has no {', '.join(missing)}")
    return dataset


def _wrong(chart: Mapping[str, Any], what: str) -> FollowthroughError:
    return FollowthroughError(f"chart {chart['title']}: {what}", f"mend {_DECLARED.name}")


class _Chart:
    """One chart of a dashboard."""

    def __init__(self, dashboard: str, entry: Mapping[str, Any], dataset: Dataset) -> None:
        self.entry, self.dataset = entry, dataset
        self.title, self.kind = entry["title"], entry["kind"]
        self.uuid = _uuid("chart", dashboard, self.title)

    def content(self) -> dict[str, Any]:
        """The chart as Superset imports it, with the query its data are asked with."""
        return {
            "slice_name": self.title, "viz_type": _VISUALS[self.kind], "params": self._parameters(),
            "query_context": json.dumps(self._query_context(), ensure_ascii=False),
            "uuid": str(self.uuid), "dataset_uuid": str(self.dataset.uuid), "version": _VERSION,
        }  # fmt: skip

    def _parameters(self) -> dict[str, Any]:
        entry, metrics = self.entry, list(self.entry.get("metrics", ()))
        common = {"viz_type": _VISUALS[self.kind], "adhoc_filters": list(self._filters())}
        over_time = {
            "x_axis": entry.get("date"),
            "time_grain_sqla": "P1D",
            "granularity_sqla": entry.get("date"),
        }
        if self.kind == "number":
            shown = {"metric": metrics[0], "show_trend_line": True, "start_y_axis_at_zero": True}
            return common | over_time | shown | {"y_axis_format": self._format(metrics[0])}
        if self.kind in ("line", "bar"):
            stacked = {"stack": "Stack"} if self.kind == "bar" else {}
            shown = {"metrics": metrics, "groupby": list(entry.get("by", ())), "row_limit": 10_000}
            return common | over_time | shown | stacked | {"y_axis_format": self._format(metrics[0])}
        if self.kind == "table":
            shown = {"query_mode": "aggregate", "groupby": list(entry["by"]), "metrics": metrics}
            return common | shown | {"row_limit": 1_000, "order_desc": True}
        newest = [json.dumps([entry["date"], False])]
        return common | {
            "query_mode": "raw", "all_columns": list(entry["columns"]), "order_by_cols": newest,
            "row_limit": 1_000,
        }  # fmt: skip

    def _filters(self) -> Iterator[dict[str, Any]]:
        if "where" in self.entry:
            yield {"expressionType": "SQL", "clause": "WHERE", "sqlExpression": self.entry["where"]}
        if self.kind not in ("table", "list"):
            yield {
                "expressionType": "SIMPLE", "clause": "WHERE", "subject": self.entry["date"],
                "operator": "TEMPORAL_RANGE", "comparator": "No filter",
            }  # fmt: skip

    def _grain(self) -> str:
        return str(self.entry.get("grain", "P1D"))

    def _format(self, metric: str) -> str:
        return str(self.dataset.metrics[metric]["d3format"])

    def _query_context(self) -> dict[str, Any]:
        entry = self.entry
        query: dict[str, Any] = {
            "metrics": list(entry.get("metrics", ())), "columns": list(entry.get("by", ())),
            "filters": [], "row_limit": 10_000, "extras": {"where": entry.get("where", "")},
            "orderby": [], "is_timeseries": False,
        }  # fmt: skip
        if self.kind == "list":
            query |= {"metrics": None, "columns": list(entry["columns"]), "orderby": [[entry["date"], False]]}
        elif self.kind != "table":
            axis = {
                "columnType": "BASE_AXIS", "sqlExpression": entry["date"], "label": entry["date"],
                "expressionType": "SQL", "timeGrain": self._grain(),
            }  # fmt: skip
            query |= {"columns": [axis, *entry.get("by", ())], "granularity": entry["date"]}
        return {
            "datasource": {"id": 0, "type": "table"}, "force": False, "queries": [query],
            "result_format": "json", "result_type": "full",
        }  # fmt: skip


def _dashboard(entry: Mapping[str, Any], rows: Sequence[Sequence[_Chart]]) -> dict[str, Any]:
    return {
        "dashboard_title": entry["title"], "slug": entry["slug"], "published": True,
        "uuid": str(_uuid("dashboard", entry["slug"])), "position": _layout(entry["title"], rows),
        "metadata": {"color_scheme": "supersetColors"}, "version": _VERSION,
    }  # fmt: skip


def _layout(title: str, rows: Sequence[Sequence[_Chart]]) -> dict[str, Any]:
    """Charts of a row share its width."""
    names = [f"ROW-{place}" for place in range(len(rows))]
    layout: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": title}},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": names, "parents": ["ROOT_ID"]},
    }
    above = ["ROOT_ID", "GRID_ID"]
    numbers = count(1)
    for name, row in zip(names, rows, strict=True):
        layout[name] = {
            "type": "ROW", "id": name, "children": [f"CHART-{c.uuid}" for c in row], "parents": above,
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }  # fmt: skip
        for chart in row:
            layout[f"CHART-{chart.uuid}"] = {
                "type": "CHART", "id": f"CHART-{chart.uuid}", "children": [], "parents": [*above, name],
                "meta": {
                    "uuid": str(chart.uuid), "chartId": next(numbers), "sliceName": chart.title,
                    "width": _GRID_WIDTH // len(row),
                    "height": _HEIGHTS.get(chart.kind, _HEIGHT),
                },
            }  # fmt: skip
    return layout


def _uuid(*names: str) -> UUID:
    return uuid5(NAMESPACE_URL, "/".join(("followthrough", *names)))


def _zipped(files: Mapping[str, Any]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
            archive.writestr(zipfile.ZipInfo(f"followthrough/{name}", _MADE_AT), text)
    return packed.getvalue()
