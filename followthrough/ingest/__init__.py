"""From transports into the landing zone."""
