"""From rows of text to typed rows, quarantine and a receipt."""
