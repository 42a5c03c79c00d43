"""No host can take it away (later issues build it)."""
