"""The right answers: everything that can be concluded at a night from what was delivered by then."""
