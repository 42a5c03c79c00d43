"""Names led to a host: records of a zone, changed by its provider, asked for at its servers."""
