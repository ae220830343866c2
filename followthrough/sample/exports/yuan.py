"""Fen as the yuan text of the platforms."""


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals: 12345 is `123.45`."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
