"""Text: cleaned on the way in, counted, linked, rendered; names and languages."""
