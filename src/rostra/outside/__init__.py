"""What talks to the outside: the guarded HTTP client, mail, pictures in child processes."""
