"""The types in which platforms declare their exports and APIs."""
