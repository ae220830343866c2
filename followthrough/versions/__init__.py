"""The parts of a version: history, effective loads, coverage, the candidate."""
