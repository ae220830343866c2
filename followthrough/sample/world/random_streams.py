"""Seeded randomness: a separate stream for everything that is drawn."""

import random


def rng(*parts: object) -> random.Random:
    """The random stream named by the parts; the same parts always give the same stream."""
    return random.Random("/".join(map(str, parts)))
