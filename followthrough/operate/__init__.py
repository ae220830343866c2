"""Commands for the people who run the home, apart from the night itself."""
