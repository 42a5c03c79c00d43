"""The SQL of what is a member's own, private to this slice."""
