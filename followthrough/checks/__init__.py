"""Great Expectations: gate 1 on loads, gate 2 on the candidate."""
