"""ActivityPub (later)."""
