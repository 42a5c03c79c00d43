"""The SQL of posts, private to this slice."""
