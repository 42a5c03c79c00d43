"""Previews of links: fetched after a post, shared by address, forgotten with the last post."""
