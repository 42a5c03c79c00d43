"""Hashtags that members follow, and those that they show on their profiles."""
