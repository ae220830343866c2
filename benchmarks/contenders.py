"""Each way of loading an order export into Parquet, run in a process of its own: `contenders NAME FOLDER`.

Prints the number of rows written and the seconds of work, without the start of Python and its imports.
"""

import csv
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.orders import NAME
from followthrough.platforms import export

EXPORT = export("youzan__orders")
COLUMNS = [f"c{n}" for n in range(len(EXPORT.header))]
_BATCH = 20_000
Work = Callable[[], int]


def followthrough(folder: Path) -> Work:
    """Our whole load of a landed file: decode, recognise, type, validate, hash, count and store."""
    import duckdb  # noqa: F401

    from followthrough.ingest.landing import Sighting, land
    from followthrough.load.load import load_platform
    from followthrough.paths import Home
    from followthrough.settings import from_environment

    settings = from_environment({"FOLLOWTHROUGH_HOME": str(folder / "home")})
    Home(folder / "home").create()
    with (folder / NAME.format(encoding="gb18030")).open("rb") as content:
        land(settings.home, "youzan_moss", content, Sighting("orders.csv", datetime(2026, 9, 2, 9)))
    return lambda: load_platform(settings, "youzan").accepted


def duckdb(folder: Path) -> Work:
    """`read_csv` to Parquet from UTF-8, every column as text."""
    return _bare(folder, "*")


def duckdb_our_columns(folder: Path) -> Work:
    """The same with only the columns our contract keeps."""
    places = {EXPORT.header.index(column.source[0]) for column in EXPORT.columns}
    return _bare(folder, ", ".join(COLUMNS[place] for place in sorted(places)))


def _bare(folder: Path, columns: str) -> Work:
    import duckdb

    source, names = folder / NAME.format(encoding="utf-8"), dict.fromkeys(COLUMNS, "VARCHAR")

    def work() -> int:
        with duckdb.connect() as connection:
            done = connection.execute(
                f"COPY (SELECT {columns} FROM read_csv('{source}', header = true, columns = {names})) "
                f"TO '{folder / 'out.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
            )
            return int(done.fetchall()[0][0])

    return work


def pandas(folder: Path) -> Work:
    """`read_csv` to Parquet, every column as text."""
    import pandas

    def work() -> int:
        source = folder / NAME.format(encoding="gb18030")
        frame = pandas.read_csv(source, encoding="gb18030", dtype=str, names=COLUMNS, header=0)
        frame.to_parquet(folder / "out.parquet", compression="zstd")
        return len(frame)

    return work


def dlt_rows(folder: Path) -> Work:
    """dlt from dictionaries to Parquet files."""

    def rows() -> Iterator[list[dict[str, str]]]:
        source = folder / NAME.format(encoding="gb18030")
        with source.open(encoding="gb18030", newline="") as text:
            reader = csv.DictReader(text, COLUMNS)
            next(reader)
            batch: list[dict[str, str]] = []
            for row in reader:
                batch.append(row)
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
            yield batch

    return _dlt(folder, rows)


def dlt_arrow(folder: Path) -> Work:
    """dlt from Arrow tables to Parquet files."""
    import pyarrow
    from pyarrow import csv as arrow_csv

    def tables() -> Iterator[Any]:
        source = folder / NAME.format(encoding="gb18030")
        options = arrow_csv.ReadOptions(encoding="gb18030", column_names=COLUMNS, skip_rows=1)
        types = arrow_csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pyarrow.string()))
        for batch in arrow_csv.open_csv(source, read_options=options, convert_options=types):
            yield pyarrow.Table.from_batches([batch])

    return _dlt(folder, tables)


def _dlt(folder: Path, data: Callable[[], Iterator[Any]]) -> Work:
    os.environ |= {"DLT_DATA_DIR": str(folder / "dlt"), "RUNTIME__DLTHUB_TELEMETRY": "false"}
    import dlt

    pipeline = dlt.pipeline(
        "orders",
        pipelines_dir=str(folder / "pipelines"),
        destination=dlt.destinations.filesystem((folder / "lake").as_uri()),
        dataset_name="bench",
    )

    def work() -> int:
        pipeline.run(data(), table_name="orders", loader_file_format="parquet")
        return int(pipeline.last_trace.last_normalize_info.row_counts["orders"])

    return work


CONTENDERS = (followthrough, duckdb, duckdb_our_columns, pandas, dlt_arrow, dlt_rows)


def main(name: str, folder: str) -> None:
    """Prepare one contender, then time its work."""
    work = {each.__name__: each for each in CONTENDERS}[name](Path(folder))
    started = time.perf_counter()
    rows = work()
    print(json.dumps({"rows": rows, "seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main(*sys.argv[1:])
