"""Filters: what a member does not want to come upon."""
