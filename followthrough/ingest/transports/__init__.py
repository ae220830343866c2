"""Transports that files arrive by, one module each; every source has an inbox besides its own transport."""
