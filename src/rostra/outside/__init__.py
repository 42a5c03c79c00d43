"""What talks to the outside: the guarded HTTP client, mail, media and pages in child processes."""
