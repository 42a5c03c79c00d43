"""Pages that are read: the front, timelines, profiles, threads, tags, people, notifications."""

from collections.abc import Sequence
from typing import ClassVar
from urllib.parse import urlencode

import msgspec

from rostra.web.views.announcements import AnnouncementView
from rostra.web.views.parts import (
    AuthorView,
    CardView,
    NotificationView,
    Pager,
    PersonView,
    PostView,
    ProfileView,
    RuleView,
    Tab,
    TagView,
)
from rostra.web.views.shell import Head, Layout, Page, Site

EXCERPT = 200
"""Characters of a post or profile shown in a link's preview."""


def excerpt(text: str, limit: int = EXCERPT) -> str:
    """Put a text on one line and cut it at a word."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    cut = flat[: limit - 1]
    head = cut.rsplit(" ", 1)[0]
    return (head if len(head) > limit // 2 else cut) + "…"


class FrontPage(Page, frozen=True, kw_only=True):
    """What this place is, for somebody who is not signed in."""

    template: ClassVar[str] = "front.html"
    layout: ClassVar[Layout] = "front"
    public: ClassVar[bool] = True

    posts: Sequence[PostView]
    pager: Pager
    rules: Sequence[RuleView] = ()
    tags: Sequence[TagView] = ()
    people: Sequence[AuthorView] = ()
    contact: AuthorView | None = None

    def head(self, site: Site) -> Head:
        """Describe the place itself."""
        return Head(
            title="",
            description=site.description,
            canonical=f"{site.base_url}/",
            image=site.image_url,
        )


class TimelinePage(Page, frozen=True, kw_only=True):
    """Home or public posts."""

    template: ClassVar[str] = "timeline.html"

    kind: str
    """`home` or `public`."""
    posts: Sequence[PostView]
    pager: Pager
    tabs: Sequence[Tab] = ()
    tags: Sequence[TagView] = ()
    announcements: Sequence[AnnouncementView] = ()
    """What is told on top of home."""

    def here(self) -> str:
        """Name the navigation item that is current."""
        return self.kind

    def heading(self) -> str:
        """Name the timeline."""
        return "Home" if self.kind == "home" else "Explore"

    def head(self, site: Site) -> Head:
        """Describe the timeline; only the public one is indexed."""
        if self.kind == "home":
            return Head(title="Home", index=False)
        return Head(
            title="Explore",
            description=site.description,
            canonical=f"{site.base_url}/public",
            image=site.image_url,
        )


def explore_tabs(current: str) -> tuple[Tab, ...]:
    """The ways to look at what is public: everything (empty), `pictures` or `trends`."""
    return (
        Tab(label="Everything", url="/public", current=not current),
        Tab(label="Pictures", url="/public?only=pictures", current=current == "pictures"),
        Tab(label="Trends", url="/trends", current=current == "trends"),
    )


class TrendsPage(Page, frozen=True, kw_only=True):
    """What people talk about."""

    template: ClassVar[str] = "trends.html"
    public: ClassVar[bool] = True
    section: ClassVar[str] = "public"

    tags: Sequence[TagView]
    posts: Sequence[PostView]
    links: Sequence[CardView] = ()
    tabs: Sequence[Tab] = ()

    def head(self, site: Site) -> Head:
        """Name the page."""
        return Head(
            title="Trends",
            description=f"What people talk about on {site.title}.",
            canonical=f"{site.base_url}/trends",
            image=site.image_url,
        )


class ProfilePage(Page, frozen=True, kw_only=True):
    """An account with its posts."""

    template: ClassVar[str] = "profile.html"
    public: ClassVar[bool] = True

    profile: ProfileView
    tabs: Sequence[Tab]
    posts: Sequence[PostView]
    pager: Pager
    tags: Sequence[TagView] = ()
    """Hashtags that the account shows."""
    pinned: Sequence[PostView] = ()
    """Shown first. Give each a `key` (`pinned-<id>`), since it stands in `posts` as well."""

    def head(self, site: Site) -> Head:
        """Describe the person, with their feed."""
        author = self.profile.author
        handle = author.acct if "@" in author.acct else f"{author.acct}@{site.domain}"
        return Head(
            title=f"{author.display_name} (@{handle})",
            description=excerpt(self.profile.plain_note),
            canonical=f"{site.base_url}/@{author.acct}",
            image=author.avatar_url,
            kind="profile",
            feed_url=f"{site.base_url}/@{author.acct}.rss",
            feed_title=f"{author.display_name}: public posts",
            index=self.profile.indexable,
            username=handle,
        )


class PeoplePage(Page, frozen=True, kw_only=True):
    """The followers of an account, or whom it follows."""

    template: ClassVar[str] = "people.html"

    profile: ProfileView
    heading: str
    tabs: Sequence[Tab]
    people: Sequence[PersonView]
    pager: Pager
    hidden: bool = False
    """The account keeps its lists to itself."""

    def called(self) -> str:
        """Name the list; lists of people are not indexed."""
        return f"{self.heading} of {self.profile.author.display_name}"


class ThreadReply(msgspec.Struct, frozen=True, kw_only=True):
    """A reply, with how far down it stands."""

    post: PostView
    depth: int = 0


class ThreadPage(Page, frozen=True, kw_only=True):
    """A post with what it answers and what answers it."""

    template: ClassVar[str] = "thread.html"
    public: ClassVar[bool] = True

    post: PostView
    ancestors: Sequence[PostView] = ()
    replies: Sequence[ThreadReply] = ()
    more_replies: int = 0
    """Replies left out because the thread is too large for one page."""
    more_url: str = ""
    total: int = 0
    """All that was answered, on every level; 0: as many as the post itself has replies."""
    indexable: bool = True

    def head(self, site: Site) -> Head:
        """Describe the post by its words, or by its warning."""
        post = self.post
        words = excerpt(post.spoiler or post.plain)
        picture = post.first_shown() if not post.sensitive else None
        name = str(post.author.display_name)
        address = whole(site, post.url)
        seen_by_all = post.visibility in {"public", "unlisted"}
        return Head(
            title=f"{name}: “{excerpt(words, 60)}”" if words else f"Post by {name}",
            description=words,
            canonical=address,
            oembed_url=(
                f"{site.base_url}/api/oembed?{urlencode({'url': address})}" if seen_by_all else ""
            ),
            image=picture.preview_url if picture else post.author.avatar_url,
            image_alt=picture.alt if picture else "",
            large_image=picture is not None,
            kind="article",
            index=self.indexable and post.visibility == "public",
            username=f"{post.author.acct}@{site.domain}",
        )


class EmbedPage(Page, frozen=True, kw_only=True):
    """A post alone, in a frame of another page."""

    template: ClassVar[str] = "embed.html"

    post: PostView | None
    """None: there is none that everybody may see."""

    def head(self, site: Site) -> Head:
        """Name the author."""
        if self.post is None:
            return Head(title="Not here", index=False)
        name = str(self.post.author.display_name)
        return Head(title=f"Post by {name}", canonical=whole(site, self.post.url), index=False)


def whole(site: Site, url: str) -> str:
    """An address with scheme and host."""
    return url if "://" in url else f"{site.base_url}{url}"


class TagPage(Page, frozen=True, kw_only=True):
    """The public posts under a hashtag."""

    template: ClassVar[str] = "tag.html"
    public: ClassVar[bool] = True
    section: ClassVar[str] = "public"

    tag: TagView
    posts: Sequence[PostView]
    pager: Pager
    followed: bool | None = None
    """None where hashtags can't be followed."""

    def head(self, site: Site) -> Head:
        """Name the hashtag."""
        return Head(
            title=f"#{self.tag.name}",
            description=f"Public posts about #{self.tag.name} on {site.title}.",
            canonical=f"{site.base_url}/tags/{self.tag.name}",
            image=site.image_url,
        )


class NotificationsPage(Page, frozen=True, kw_only=True):
    """What happened to the member."""

    template: ClassVar[str] = "notifications.html"
    title: ClassVar[str] = "Notifications"
    section: ClassVar[str] = "notifications"

    notifications: Sequence[NotificationView]
    pager: Pager
    requests: int = 0
    """How many people are set aside."""
    approvals: int = 0
    """How much waits for the member's approval."""
    tabs: Sequence[Tab] = ()


class SearchPage(Page, frozen=True, kw_only=True):
    """What was searched for and what was found."""

    template: ClassVar[str] = "search.html"
    title: ClassVar[str] = "Search"
    section: ClassVar[str] = "search"

    query: str = ""
    tabs: Sequence[Tab] = ()
    people: Sequence[PersonView] = ()
    tags: Sequence[TagView] = ()
    posts: Sequence[PostView] = ()
    pager: Pager = Pager()
    problems: Sequence[str] = ()
    """What of the query looks like an operator and is none."""
    operators: Sequence[tuple[str, str]] = ()
    """What members may write to find posts: an example, and what it finds."""

    def nothing_found(self) -> bool:
        """Tell whether something was searched for in vain."""
        return bool(self.query) and not (self.people or self.tags or self.posts)


class SavedPage(Page, frozen=True, kw_only=True):
    """The member's favourites or bookmarks."""

    template: ClassVar[str] = "saved.html"

    kind: str
    """`favourites` or `bookmarks`."""
    posts: Sequence[PostView]
    pager: Pager

    def here(self) -> str:
        """Name the navigation item that is current."""
        return self.kind

    def heading(self) -> str:
        """Name the list."""
        return "Favourites" if self.kind == "favourites" else "Bookmarks"

    def called(self) -> str:
        """Name the list."""
        return self.heading()


class FollowRequestsPage(Page, frozen=True, kw_only=True):
    """People who ask to follow a locked account."""

    template: ClassVar[str] = "follow_requests.html"
    title: ClassVar[str] = "Follow requests"
    section: ClassVar[str] = "follow-requests"

    people: Sequence[PersonView]
    pager: Pager
