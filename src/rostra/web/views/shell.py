"""What stands around every page: the place, the reader, the flashes, the document's head."""

from collections.abc import Sequence
from typing import ClassVar, Literal

import msgspec

Registrations = Literal["open", "approval", "invite", "closed"]
Theme = Literal["", "light", "dark"]
Tone = Literal["info", "good", "warn", "bad"]
Layout = Literal["feed", "desk", "narrow", "front"]


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The place itself, as every page shows it."""

    title: str
    domain: str
    base_url: str
    """Scheme and host without a trailing slash."""
    description: str
    """One or two plain sentences by the operator; may be empty."""
    registrations: Registrations
    members: int
    posts: int
    active_month: int
    max_characters: int
    max_pictures: int = 4
    contact_email: str = ""
    version: str = ""
    source_url: str = ""
    image_url: str = ""
    """Absolute address of the picture shown where a page has none of its own."""
    surge: Sequence[tuple[str, int, int]] = ()
    """What is done against a flood: in words, since when and until when (UTC ms)."""


class ViewerView(msgspec.Struct, frozen=True, kw_only=True):
    """The signed-in member, as the navigation shows them."""

    id: str
    username: str
    display_name: str
    url: str
    avatar_url: str
    locked: bool = False
    unread: int = 0
    """Unread notifications."""
    follow_requests: int = 0
    can_invite: bool = False
    is_staff: bool = False
    moderates: bool = False
    """Of the team: the console is theirs."""


class Flash(msgspec.Struct, frozen=True):
    """One message carried over a redirect."""

    text: str
    tone: Tone = "info"


class Shell(msgspec.Struct, frozen=True, kw_only=True):
    """Everything around a page that does not depend on which page it is."""

    site: Site
    viewer: ViewerView | None
    csrf_token: str
    path: str
    """Path and query of this request: where a form's `next` field leads back to."""
    now: int
    """UTC milliseconds, for short times."""
    request_id: str = ""
    theme: Theme = ""
    language: str = "en"
    flashes: Sequence[Flash] = ()


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The document's head: title, description, Open Graph, feed, robots."""

    title: str
    description: str = ""
    canonical: str = ""
    image: str = ""
    image_alt: str = ""
    kind: str = "website"
    large_image: bool = False
    feed_url: str = ""
    feed_title: str = ""
    oembed_url: str = ""
    """Where pages elsewhere learn how to show this one."""
    index: bool = True
    username: str = ""
    """The `fediverse:creator` of the page, as `name@domain`."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page. A subclass names its template and its place in the navigation."""

    template: ClassVar[str]
    title: ClassVar[str] = ""
    section: ClassVar[str] = ""
    """The navigation item that is current."""
    layout: ClassVar[Layout] = "feed"
    public: ClassVar[bool] = False
    """Whether search engines may index the page."""

    def here(self) -> str:
        """Name the navigation item that is current."""
        return self.section

    def called(self) -> str:
        """Name the page in the document head, where it is not called the same for everything."""
        return self.title

    def head(self, site: Site) -> Head:
        """Describe the page for the document head.

        Args:
            site: The place, for its title, description and picture.
        """
        return Head(
            title=self.called(),
            description=site.description if self.public else "",
            image=site.image_url if self.public else "",
            index=self.public,
        )
