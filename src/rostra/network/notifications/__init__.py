"""Notifications: what others did that a member wants to hear of."""
