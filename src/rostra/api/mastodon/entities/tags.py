"""FeaturedTag."""

import msgspec


class FeaturedTag(msgspec.Struct, frozen=True):
    """A hashtag on a profile; numbers as text, as Mastodon writes them."""

    id: str
    name: str
    url: str
    statuses_count: str
    last_status_at: str | None
