"""Speed of the load beside other tools; run by `make bench-load`, explained in docs/performance.md."""
