"""What the API answers, as msgspec structs named and shaped as Mastodon's entities.

They describe the answers in the OpenAPI document and build the lasting parts of posts and accounts;
lists of posts are joined from encoded bytes (see ``render``).
Source: docs.joinmastodon.org/entities.
"""
