"""Publishing a new version, and the tables and files readers find in it."""
