"""What others see of followed and featured hashtags."""

import msgspec


class FollowedTag(msgspec.Struct, frozen=True):
    """A line of a list of hashtags: its own id, over which pages run, and the hashtag."""

    id: int
    tag_id: int
    name: str


class FeaturedTag(msgspec.Struct, frozen=True):
    """A hashtag on a profile, with how much its owner has used it where anybody can read it."""

    id: int
    tag_id: int
    name: str
    posts: int
    last_post_id: int  # 0: none


class Mine(msgspec.Struct, frozen=True):
    """Which hashtags (folded names) somebody follows, and which stand on their profile."""

    following: frozenset[str] = frozenset()
    featuring: frozenset[str] = frozenset()


NOTHING = Mine()
