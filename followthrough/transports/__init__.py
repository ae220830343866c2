"""How files come to us, one module per way; ``pull`` asks each source's own way, and its inbox always."""
