"""Every file of a morning as records, late files and damaged rows included."""
