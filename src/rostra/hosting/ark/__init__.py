"""The ark: sealed copies of all that is needed to be the same network elsewhere."""
