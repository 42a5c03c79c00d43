"""Search: accounts and hashtags by their beginnings, posts by their words."""
