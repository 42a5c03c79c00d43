"""The Mastodon client API, OAuth, live streams and well-known documents."""
