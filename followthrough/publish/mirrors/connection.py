"""The type of connection a mirror takes."""

from typing import Protocol


class Connection(Protocol):
    """The fields of an Airflow connection that locate a database."""

    conn_type: str
    host: str | None
    port: int | None
    login: str | None
    password: str | None
    schema: str | None
