"""Previews of links: fetched behind posts, shared by address, forgotten with the last post."""
