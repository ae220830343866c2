"""Checks of ``make lint`` on the SQL that its linters do not have."""
