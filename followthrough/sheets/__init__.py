"""Operator sheets: templates people fill in."""
