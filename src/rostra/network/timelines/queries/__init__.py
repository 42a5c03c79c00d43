"""The SQL of timelines, private to this slice."""
