"""No host can take it away (not here yet)."""
