"""Moderation keeps pace (later issues build it)."""
