"""Mastodon's API for the team. Source: docs.joinmastodon.org/methods/admin."""
