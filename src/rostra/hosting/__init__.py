"""Leaving a host: places elsewhere, and the fence that says which installation may write."""
