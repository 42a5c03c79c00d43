"""What somebody said about a post or an account."""
