"""Everything that talks to the outside: guarded HTTP client, mail, media tools in child processes."""
