"""Members talk: accounts, relations, media, posts, timelines, notifications, search."""
