"""What is handed to Superset asks for nothing that is not published."""

import io
import json
import zipfile

import pytest
import yaml

from followthrough.database import connect
from followthrough.errors import FollowthroughError
from followthrough.publish import bi_views as bi
from followthrough.publish import catalogue
from followthrough.reports.superset import bundle

URI = "duckdb:////published/current/followthrough.duckdb"


@pytest.fixture(scope="module")
def files():
    """The bundle's documents by path."""
    with zipfile.ZipFile(io.BytesIO(bundle(URI))) as archive:
        return {name: yaml.safe_load(archive.read(name)) for name in archive.namelist()}


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The published tables, without rows."""
    types = {"string": "VARCHAR", "double": "DOUBLE"}
    file = tmp_path_factory.mktemp("published") / "followthrough.duckdb"
    with connect(file) as connection:
        connection.execute("CREATE SCHEMA marts; CREATE SCHEMA trust")
        for table in catalogue.published().values():
            columns = ", ".join(f'"{c.name}" {types.get(c.type, c.type)}' for c in table.columns)
            connection.execute(f"CREATE TABLE {table.full_name} ({columns})")
    bi.write(file, catalogue.published().values())
    return file


def of(files, folder):
    return [content for name, content in files.items() if f"/{folder}/" in name]


def from_clause(dataset):
    return f"({dataset['sql']})" if dataset["sql"] else f"{dataset['schema']}.{dataset['table_name']}"


def test_every_published_table_is_a_dataset_with_labels(files):
    found = {(d["schema"], d["table_name"]) for d in of(files, "datasets") if not d["sql"]}
    assert found == {("bi", bi.shown_table(table)) for table in catalogue.published().values()}
    for column in (column for d in of(files, "datasets") for column in d["columns"]):
        assert column["verbose_name"]
        assert column["description"]


def test_every_dataset_s_columns_and_metrics_are_there_to_be_asked(files, published):
    with connect(published, read_only=True) as connection:
        for dataset in of(files, "datasets"):
            columns = [c.get("expression", f'"{c["column_name"]}"') for c in dataset["columns"]]
            metrics = [metric["expression"] for metric in dataset["metrics"]]
            connection.execute(f"SELECT {', '.join(columns)} FROM {from_clause(dataset)} AS t")
            connection.execute(f"SELECT {', '.join(metrics)} FROM {from_clause(dataset)} AS t")


def test_every_chart_s_condition_can_be_asked_of_its_dataset(files, published):
    datasets = {dataset["uuid"]: dataset for dataset in of(files, "datasets")}
    with connect(published, read_only=True) as connection:
        for chart in of(files, "charts"):
            (query,) = json.loads(chart["query_context"])["queries"]
            where = query["extras"]["where"] or "true"
            connection.execute(
                f"SELECT 1 FROM {from_clause(datasets[chart['dataset_uuid']])} AS t WHERE {where}"
            )


def test_a_chart_is_drawn_as_its_query_asks(files):
    weekly = []
    for chart in of(files, "charts"):
        (query,) = json.loads(chart["query_context"])["queries"]
        axes = [column for column in query["columns"] if isinstance(column, dict)]
        assert [chart["params"]["time_grain_sqla"] for _ in axes] == [axis["timeGrain"] for axis in axes]
        weekly += [chart["slice_name"] for axis in axes if axis["timeGrain"] == "P1W"]
    assert sorted(weekly) == ["各店每周净支付额", "每周支付与退款", "每周新增"]


def test_codes_have_words_beside_them(files, published):
    (moves,) = [d for d in of(files, "datasets") if d["table_name"] == "stage_transitions_daily"]
    expressions = {column["column_name"]: column.get("expression") for column in moves["columns"]}
    with connect(published, read_only=True) as connection:
        codes = "(VALUES ('__new__'), ('loyal'), ('x')) AS t (from_stage)"
        asked = f"SELECT {expressions['from_stage_zh']} FROM {codes}"
        assert connection.execute(asked).fetchall() == [("新来",), ("忠诚客户",), ("x",)]


def test_three_dashboards_show_every_chart_once_and_rows_fill_the_width(files):
    dashboards = of(files, "dashboards")
    assert [board["dashboard_title"] for board in dashboards] == ["客户全景", "日报", "数据可信"]
    shown = [
        part["meta"]["uuid"]
        for board in dashboards
        for part in board["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    ]
    assert sorted(shown) == sorted(chart["uuid"] for chart in of(files, "charts"))
    for board in dashboards:
        parts = board["position"]
        rows = [part for part in parts.values() if isinstance(part, dict) and part["type"] == "ROW"]
        assert all(sum(parts[child]["meta"]["width"] for child in row["children"]) == 12 for row in rows)


def test_the_database_is_opened_read_only(files):
    database = files["followthrough/databases/followthrough.yaml"]
    assert database["sqlalchemy_uri"] == URI
    assert database["extra"] == {"engine_params": {"connect_args": {"read_only": True}}}


def test_the_same_tables_give_the_same_bytes():
    assert bundle(URI) == bundle(URI)


def test_a_chart_of_what_is_not_published_is_named(tmp_path, monkeypatch):
    wrong = tmp_path / "superset.yml"
    chart = {"title": "没有", "kind": "table", "table": "orders", "by": ["shop"], "metrics": ["rows"]}
    board = {"slug": "x", "title": "x", "rows": [[chart]]}
    wrong.write_text(yaml.safe_dump({"latest": {}, "metrics": {}, "dashboards": [board]}), "utf-8")
    monkeypatch.setattr("followthrough.reports.superset._DECLARED", wrong)
    with pytest.raises(FollowthroughError, match=r"chart 没有: orders has no shop -> mend superset\.yml"):
        bundle(URI)
