"""Polls: what a post asks, who votes, and what comes of it."""
