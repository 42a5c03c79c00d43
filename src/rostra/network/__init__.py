"""Members talk: the service itself, a folder for each slice; docs/ARCHITECTURE.md lists them."""
