"""What is written between two copies: the log of the database, sent on every second or so."""
