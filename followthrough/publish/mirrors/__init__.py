"""Mirrors: copies of the published version in PostgreSQL, MySQL or MariaDB, for tools that cannot read
DuckDB.

A table ``[mirrors.<id>]`` of the sources file names an Airflow ``connection``, whose type selects the server,
and as ``reader`` the account that may read. A mirror holds the views of ``bi`` under their names, and
``publication``, one row with the version. Changed tables are loaded into new tables, then swapped in
together. A mirror that cannot be reached is reported and retried by the next run; nothing is unpublished.
"""
