"""Files in the platforms' formats: one module per export, and helpers several of them share."""
