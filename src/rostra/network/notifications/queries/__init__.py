"""The SQL of notifications, private to this slice."""
