"""Locks dbt's own DuckDB connection like every other; the profile names this module as a plugin.

Import it inside functions: it imports dbt.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbt.adapters.duckdb.plugins import BasePlugin

from followthrough.database import lock
from followthrough.versions import candidate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Plugin(BasePlugin):
    """Lets models reach only files in the profile's ``folders``, the first of them the candidate's.

    dbt-duckdb applies settings to each of its cursors, which a locked database refuses; so the profile has no
    settings, and they are made here once.
    """

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Make the folders absolute, as dbt may run from any working directory."""
        self._folders = [Path(folder).resolve() for folder in plugin_config["folders"]]

    def configure_connection(self, conn: "DuckDBPyConnection") -> None:
        """Attach the parent and lock the database; dbt-duckdb attaches the public file afterwards."""
        candidate.attach_parent(conn.execute, self._folders[0])
        lock(conn.execute, self._folders)
