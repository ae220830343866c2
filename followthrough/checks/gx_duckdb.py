"""Great Expectations on DuckDB, which it does not support by itself.

Import this module inside functions: it imports Great Expectations, which takes six seconds.
"""

# No data source is used: storing an asset and a batch definition for each of 200 tables takes a fifth of the
# time of validating them, and nothing would read them again.

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.core.batch import Batch, LegacyBatchDefinition
from great_expectations.core.id_dict import IDDict
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.execution_engine.sqlalchemy_batch_data import SqlAlchemyBatchData
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from great_expectations.validator.validator import Validator

from followthrough.database import OFFLINE, lock


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Computes metrics over one connection that lives as long as the engine.

    Great Expectations fetches a result after it has closed the connection, unless the dialect is
    on a private list of its own; keeping the connection needs no place on that list.
    """

    @contextmanager
    def get_connection(self) -> Generator[sa.Connection, None, None]:
        """Yield the engine's only connection."""
        if self._connection is None:
            self._connection = self.engine.connect()
        yield self._connection

    def get_inspector(self) -> Any:
        """Return the object that describes columns to Great Expectations."""
        return _Columns(self)

    def close(self) -> None:
        """Release the file, so that this process may open it for writing."""
        if self._connection is not None:
            self._connection.close()
        super().close()


class _Columns:
    """The part of an SQLAlchemy inspector that Great Expectations uses, with one DESCRIBE per table.

    The real inspector runs five queries, three over the catalog of the whole file: 9 of 45 ms per
    batch among 200 narrow tables, 24 of 77 ms among 200 tables of 66 columns.
    """

    def __init__(self, engine: DuckDBExecutionEngine) -> None:
        self._engine = engine
        self.dialect = engine.engine.dialect

    def get_columns(self, table_name: str, schema: str | None = None) -> list[dict[str, Any]]:
        table = self.dialect.identifier_preparer.format_table(sa.table(table_name, schema=schema))
        rows = self._engine.execute_query(sa.text(f"DESCRIBE {table}"))
        return [{"name": row[0], "type": self._type(row[1]), "nullable": True} for row in rows]

    def get_pk_constraint(self, **_table: str | None) -> dict[str, list[str]]:
        """Return no key: views have none, and no expectation needs one."""
        return {"constrained_columns": []}

    @staticmethod
    def _type(declared: str) -> Any:
        """Return the SQLAlchemy type DuckDB's name begins with, as in ``DECIMAL(18,2)``."""
        plain = re.fullmatch(r"(\w+)(\(.*\)| WITH TIME ZONE)?", declared)
        return getattr(sa.types, plain[1] if plain else "", sa.types.NullType)()


@contextmanager
def open_read_only(
    database: Path, folders: Sequence[Path] = ()
) -> Generator[DuckDBExecutionEngine, None, None]:
    """Yield an engine on an existing DuckDB file, whose views may read files in ``folders``.

    Raises SQLAlchemy's error when the file is absent, held by a writer, or open in this process
    (even read-only: the driver adds a setting of its own, and DuckDB wants equal settings).
    """
    url = sa.URL.create("duckdb", database=str(database))
    # Without AUTOCOMMIT one failing query would abort the transaction of every later one.
    options = {"read_only": True, "config": dict(OFFLINE)}
    connections = sa.create_engine(url, connect_args=options, isolation_level="AUTOCOMMIT")
    engine = DuckDBExecutionEngine(engine=connections)
    try:
        with engine.get_connection() as connection:
            # Some ten queries per batch would each read the footers of all Parquet files of a view.
            connection.exec_driver_sql("SET parquet_metadata_cache = true")
            lock(connection.exec_driver_sql, folders)
        yield engine
    finally:
        engine.close()


def context(site: Path | None = None) -> EphemeralDataContext:
    """Return a context that stores nothing on disk except, if built, Data Docs in ``site``."""
    docs = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site)},
    }
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        progress_bars=ProgressBarsConfig(globally=False),
        data_docs_sites={"docs": docs} if site else {},
        analytics_enabled=False,
    )
    return gx.get_context(project_config=config, mode="ephemeral")


def validator(
    context: EphemeralDataContext, engine: DuckDBExecutionEngine, name: str, table: str
) -> Validator:
    """Return a validator of one table or view, which may be written ``schema.table``."""
    schema, _, relation = table.rpartition(".")
    data: Any = SqlAlchemyBatchData(
        execution_engine=engine,
        schema_name=schema or None,
        table_name=relation,
        create_temp_table=False,
    )
    batch = Batch(data=data, batch_definition=LegacyBatchDefinition("duckdb", "table", name, IDDict()))
    return Validator(execution_engine=engine, data_context=context, batches=[batch])
