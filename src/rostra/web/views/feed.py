"""A profile as RSS."""

from collections.abc import Sequence

import msgspec

from rostra.web.views.parts import PostView, ProfileView


class FeedView(msgspec.Struct, frozen=True, kw_only=True):
    """The public posts of one account; post and picture addresses must be absolute."""

    profile: ProfileView
    posts: Sequence[PostView]
