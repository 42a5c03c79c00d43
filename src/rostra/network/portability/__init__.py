"""What is a member's own: taken along, brought in, and cleared away when it is old."""
