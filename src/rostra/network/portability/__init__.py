"""What is a member's own: to take along as an archive."""
