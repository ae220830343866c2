"""dbt's own DuckDB connection, locked like every other: the profile names this module as a plugin.

Import it inside functions: it imports dbt.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbt.adapters.duckdb.plugins import BasePlugin

from followthrough.engine import lock

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Plugin(BasePlugin):
    """Lets models reach files in the profile's ``folders`` and nothing else, before any of them runs.

    dbt-duckdb gives settings to each of its cursors, which a locked database refuses; so the profile has
    none, and what it would set is set here once.
    """

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Keep the folders; dbt may have been called from anywhere."""
        self._folders = [Path(folder).resolve() for folder in plugin_config["folders"]]

    def configure_connection(self, conn: "DuckDBPyConnection") -> None:
        """Lock the database; dbt-duckdb attaches the second file afterwards, which stands in a folder."""
        lock(conn.execute, self._folders)
