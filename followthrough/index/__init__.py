"""What small files hold, read once per process; indexes of them spare a process reading them one by one.

An index is derived: files are compared with it before it is believed, and deleting it loses nothing.
"""
