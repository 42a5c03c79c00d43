"""ActivityPub (not here yet)."""
