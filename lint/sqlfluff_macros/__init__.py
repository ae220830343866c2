"""Stand-ins for dbt's Jinja context, so that sqlfluff can render models without dbt and a database."""

from pathlib import Path
from typing import Any

import yaml

_PROJECT = Path(__file__).resolve().parents[2] / "dbt_project" / "dbt_project.yml"
_VARS: dict[str, Any] = yaml.safe_load(_PROJECT.read_text("utf-8"))["vars"]


def var(name: str) -> Any:
    """The value of a variable in dbt_project.yml."""
    return _VARS[name]


def whole_quotient(dividend: str, divisor: str) -> str:
    """The result of macros/database/whole_quotient.sql on DuckDB."""
    # Dispatching to it needs an adapter.
    return f"({dividend} // {divisor})"


class dbt:
    """dbt's own macros that the models call."""

    @staticmethod
    def type_string() -> str:
        """The type of text columns."""
        return "varchar"

    @staticmethod
    def hash(field: str) -> str:
        """The hash of a text, as hexadecimal."""
        return f"md5({field})"

    @staticmethod
    def datediff(first: str, second: str, part: str) -> str:
        """The number of boundaries of a date part between two times."""
        return f"date_diff('{part}', {first}, {second})"

    @staticmethod
    def dateadd(part: str, number: object, moment: str) -> str:
        """A time plus a number of date parts."""
        return f"date_add({moment}, interval ({number}) {part})"

    @staticmethod
    def date_trunc(part: str, moment: str) -> str:
        """A time truncated to a date part."""
        return f"date_trunc('{part}', {moment})"

    @staticmethod
    def last_day(day: str, part: str) -> str:
        """The last day of a day's month or year."""
        return f"last_day({day})"

    @staticmethod
    def listagg(column: str, delimiter: str, order: str) -> str:
        """The texts of a group joined."""
        return f"listagg({column}, {delimiter} {order})"
