"""A run of the night: its journal, lock, summary and the disk it needs."""
