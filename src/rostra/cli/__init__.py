"""The rostra command."""
