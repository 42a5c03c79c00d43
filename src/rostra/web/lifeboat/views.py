"""What the pages of the lifeboat are made of."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.parts import PostView, ProfileView
from rostra.web.views.reading import excerpt
from rostra.web.views.shell import Head, Layout, Page, Site, Tone


class FactView(msgspec.Struct, frozen=True):
    """A line of the status page; times are UTC ms, and none where there is none."""

    name: str
    words: str
    at: int = 0
    tone: Tone = "info"


class NoticeView(msgspec.Struct, frozen=True):
    """What the operator tells: lines as they were written."""

    at: int
    lines: Sequence[str]


class StatusPage(Page, frozen=True, kw_only=True):
    """How the network stands."""

    template: ClassVar[str] = "lifeboat/status.html"
    layout: ClassVar[Layout] = "narrow"

    heading: str
    words: str
    tone: Tone
    mark: str
    """The name of an icon."""
    facts: Sequence[FactView] = ()
    notices: Sequence[NoticeView] = ()
    readable: bool = False
    """Profiles and posts can be read here."""

    def called(self) -> str:
        """Name the page."""
        return self.heading


class CopyView(msgspec.Struct, frozen=True, kw_only=True):
    """A post as the lifeboat shows it: without counts, and nothing can be done with it."""

    post: PostView
    options: Sequence[str] = ()
    """What its poll lets choose."""
    poll_ends_at: int = 0
    quotes: str = ""
    """The address of what it quotes; empty where that is not for everybody, or nothing is."""
    quotes_whom: str = ""
    unseen: int = 0
    """Recordings and videos that are not kept here."""


class MemberPage(Page, frozen=True, kw_only=True):
    """A member and their newest posts."""

    template: ClassVar[str] = "lifeboat/member.html"
    layout: ClassVar[Layout] = "narrow"

    profile: ProfileView
    posts: Sequence[CopyView]
    older_url: str = ""
    newest_url: str = ""
    state: str = ""

    def head(self, site: Site) -> Head:
        """Describe the member, as the network's own page does."""
        author = self.profile.author
        return Head(
            title=f"{author.display_name} (@{author.acct}@{site.domain})",
            description=excerpt(self.profile.plain_note),
            canonical=f"{site.base_url}/@{author.acct}",
            kind="profile",
            index=self.profile.indexable and not self.newest_url,
        )


class PostPage(Page, frozen=True, kw_only=True):
    """One post."""

    template: ClassVar[str] = "lifeboat/post.html"
    layout: ClassVar[Layout] = "narrow"

    copy: CopyView
    indexable: bool
    state: str = ""

    def head(self, site: Site) -> Head:
        """Describe the post, as the network's own page does."""
        post = self.copy.post
        return Head(
            title=f"{post.author.display_name}: “{excerpt(post.plain, 60)}”"
            if post.plain
            else f"A post by {post.author.display_name}",
            description=excerpt(post.plain or post.spoiler),
            canonical=f"{site.base_url}{post.url}",
            kind="article",
            index=self.indexable and post.visibility == "public",
        )


class MissingPage(Page, frozen=True, kw_only=True):
    """What is not here."""

    template: ClassVar[str] = "lifeboat/missing.html"
    title: ClassVar[str] = "Not here"
    layout: ClassVar[Layout] = "narrow"

    state: str = ""
