"""followthrough: from a platform's export to potential, paying and loyal customers, every night."""

__version__ = "0.1.0"
