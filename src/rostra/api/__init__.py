"""The Mastodon client API, OAuth and well-known documents."""
