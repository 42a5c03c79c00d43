"""Limits that a child process sets for itself before it touches what a stranger sent."""

import resource


def lower(what: int, value: int) -> None:
    """Set a limit of this process (`resource.RLIMIT_…`), never above the one that holds."""
    hard = resource.getrlimit(what)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))
