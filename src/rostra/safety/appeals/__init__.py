"""What is said against decisions, by those they are about and by those who reported."""
