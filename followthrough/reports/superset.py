"""A Superset import bundle: datasets of all published tables and three dashboards.

Generated from the tables' descriptions, ``marts.metrics`` and ``templates/superset.yml``. UUIDs are stable,
so importing a newer bundle replaces the older one.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from followthrough.errors import FollowthroughError
from followthrough.reports.superset_datasets import Dataset, datasets, stable_uuid

_DECLARED = Path(__file__).with_name("templates") / "superset.yml"
_VERSION = "1.0.0"
_MADE_AT = (2026, 1, 1, 0, 0, 0)
_GRID_WIDTH = 12
_HEIGHTS = {"number": 22, "table": 34, "list": 34}
_HEIGHT = 50
_SHOWN_DATES = {"DATE": "%Y-%m-%d", "TIMESTAMP": "%Y-%m-%d %H:%M"}
_VISUALS = {
    "number": "big_number",
    "line": "echarts_timeseries_line",
    "bar": "echarts_timeseries_bar",
    "table": "table",
    "list": "table",
}


def bundle(uri: str) -> bytes:
    """A zip for Superset's import; ``uri`` is the published file as Superset finds it (an SQLAlchemy URL).

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


def _database(uri: str) -> dict[str, Any]:
    return {
        "database_name": "followthrough",
        "sqlalchemy_uri": uri,
        "uuid": str(stable_uuid("database")),
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "version": _VERSION,
        "extra": {"engine_params": {"connect_args": {"read_only": True}}},
    }


def _dataset(dataset: Dataset) -> dict[str, Any]:
    dates = [column["column_name"] for column in dataset.columns if column["is_dttm"]]
    return {
        "table_name": dataset.name if dataset.latest else dataset.table,
        "schema": dataset.schema,
        "sql": dataset.sql,
        "main_dttm_col": dates[0] if dates else None,
        "description": dataset.description,
        "columns": list(dataset.columns),
        "metrics": list(dataset.metrics.values()),
        "filter_select_enabled": True,
        "offset": 0,
        "uuid": str(dataset.uuid),
        "database_uuid": str(stable_uuid("database")),
        "version": _VERSION,
    }


def _of(known: Mapping[str, Dataset], chart: Mapping[str, Any]) -> Dataset:
    """The chart's dataset."""
    # Fails here rather than in Superset where the dataset lacks a column or metric of the chart.
    dataset = known.get(chart["table"])
    if dataset is None:
        raise _wrong(chart, f"there is no table {chart['table']}")
    columns = {column["column_name"] for column in dataset.columns}
    used = [*chart.get("by", ()), *chart.get("columns", ()), *([chart["date"]] if "date" in chart else ())]
    missing = sorted({*used} - columns) + sorted({*chart.get("metrics", ())} - set(dataset.metrics))
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
        self.uuid = stable_uuid("chart", dashboard, self.title)

    def content(self) -> dict[str, Any]:
        """The chart in Superset's import format, with its query."""
        return {
            "slice_name": self.title,
            "viz_type": _VISUALS[self.kind],
            "params": self._parameters(),
            "query_context": json.dumps(self._query_context(), ensure_ascii=False),
            "uuid": str(self.uuid),
            "dataset_uuid": str(self.dataset.uuid),
            "version": _VERSION,
        }

    def _parameters(self) -> dict[str, Any]:
        entry, metrics = self.entry, list(self.entry.get("metrics", ()))
        common: dict[str, Any] = {"viz_type": _VISUALS[self.kind], "adhoc_filters": list(self._filters())}
        over_time = {
            "x_axis": entry.get("date"),
            "time_grain_sqla": self._grain(),
            "granularity_sqla": entry.get("date"),
        }
        if self.kind == "number":
            shown = {"metric": metrics[0], "show_trend_line": True, "start_y_axis_at_zero": True}
            return common | over_time | shown | {"y_axis_format": self._format(metrics[0])}
        if self.kind in ("line", "bar"):
            stacked = {"stack": "Stack"} if self.kind == "bar" else {}
            shown = {"metrics": metrics, "groupby": list(entry.get("by", ())), "row_limit": 10_000}
            return common | over_time | shown | stacked | {"y_axis_format": self._format(metrics[0])}
        common["column_config"] = self._shown_dates()
        if self.kind == "table":
            shown = {"query_mode": "aggregate", "groupby": list(entry["by"]), "metrics": metrics}
            return common | shown | {"row_limit": 1_000, "order_desc": True}
        newest = [json.dumps([entry["date"], False])]
        return common | {
            "query_mode": "raw",
            "all_columns": list(entry["columns"]),
            "order_by_cols": newest,
            "row_limit": 1_000,
        }

    def _filters(self) -> Iterator[dict[str, Any]]:
        if "where" in self.entry:
            yield {"expressionType": "SQL", "clause": "WHERE", "sqlExpression": self.entry["where"]}
        if self.kind not in ("table", "list"):
            yield {
                "expressionType": "SIMPLE",
                "clause": "WHERE",
                "subject": self.entry["date"],
                "operator": "TEMPORAL_RANGE",
                "comparator": "No filter",
            }

    def _shown_dates(self) -> dict[str, dict[str, str]]:
        types = {column["column_name"]: column["type"] for column in self.dataset.columns}
        listed = (*self.entry.get("by", ()), *self.entry.get("columns", ()))
        return {c: {"d3TimeFormat": _SHOWN_DATES[types[c]]} for c in listed if types[c] in _SHOWN_DATES}

    def _grain(self) -> str:
        return str(self.entry.get("grain", "P1D"))

    def _format(self, metric: str) -> str:
        return str(self.dataset.metrics[metric]["d3format"])

    def _query_context(self) -> dict[str, Any]:
        entry = self.entry
        query: dict[str, Any] = {
            "metrics": list(entry.get("metrics", ())),
            "columns": list(entry.get("by", ())),
            "filters": [],
            "row_limit": 10_000,
            "extras": {"where": entry.get("where", "")},
            "orderby": [],
            "is_timeseries": False,
        }
        if self.kind == "list":
            query |= {"metrics": None, "columns": list(entry["columns"]), "orderby": [[entry["date"], False]]}
        elif self.kind != "table":
            axis = {
                "columnType": "BASE_AXIS",
                "sqlExpression": entry["date"],
                "label": entry["date"],
                "expressionType": "SQL",
                "timeGrain": self._grain(),
            }
            query |= {"columns": [axis, *entry.get("by", ())], "granularity": entry["date"]}
        return {
            "datasource": {"id": 0, "type": "table"},
            "force": False,
            "queries": [query],
            "result_format": "json",
            "result_type": "full",
        }


def _dashboard(entry: Mapping[str, Any], rows: Sequence[Sequence[_Chart]]) -> dict[str, Any]:
    return {
        "dashboard_title": entry["title"],
        "slug": entry["slug"],
        "published": True,
        "uuid": str(stable_uuid("dashboard", entry["slug"])),
        "position": _layout(entry["title"], rows),
        "metadata": {"color_scheme": "supersetColors"},
        "version": _VERSION,
    }


def _layout(title: str, rows: Sequence[Sequence[_Chart]]) -> dict[str, Any]:
    """The layout of a dashboard; charts of a row share its width and take the height of the highest."""
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
            "type": "ROW",
            "id": name,
            "children": [f"CHART-{c.uuid}" for c in row],
            "parents": above,
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for chart in row:
            layout[f"CHART-{chart.uuid}"] = {
                "type": "CHART",
                "id": f"CHART-{chart.uuid}",
                "children": [],
                "parents": [*above, name],
                "meta": {
                    "uuid": str(chart.uuid),
                    "chartId": next(numbers),
                    "sliceName": chart.title,
                    "width": _GRID_WIDTH // len(row),
                    "height": max(_HEIGHTS.get(c.kind, _HEIGHT) for c in row),
                },
            }
    return layout


def _zipped(files: Mapping[str, Any]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
            archive.writestr(zipfile.ZipInfo(f"followthrough/{name}", _MADE_AT), text)
    return packed.getvalue()
