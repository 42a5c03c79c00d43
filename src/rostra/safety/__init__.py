"""Moderation keeps pace (not here yet)."""
