"""The SQL of trends, private to this slice."""
