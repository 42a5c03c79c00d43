"""Decisions over whole clusters, and those that stand for what joins a cluster later."""
