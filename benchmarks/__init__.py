"""What the load is measured against; run by `make bench-load`, explained in docs/performance.md."""
