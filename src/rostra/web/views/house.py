"""Public pages about how the place is looked after: rules by version, moderation, contacts."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from markupsafe import Markup

from rostra.web.views.parts import RuleView
from rostra.web.views.shell import Head, Page, Site
from rostra.web.views.transparency import Figure, Link


class ChangeView(msgspec.Struct, frozen=True):
    """What a version of the rules brought."""

    what: str
    text: str = ""
    before: str = ""


class VersionView(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the rules."""

    number: int
    created_at: int
    changes: Sequence[ChangeView] = ()
    current: bool = False

    def url(self) -> str:
        """Its permanent address."""
        return f"/about/rules/{self.number}"


class RulesPage(Page, frozen=True, kw_only=True):
    """The rules as they are, or as a version had them."""

    template: ClassVar[str] = "about/rules.html"
    section: ClassVar[str] = "about"
    public: ClassVar[bool] = True

    rules: Sequence[RuleView]
    shown: VersionView | None = None
    """None: nothing was written down yet."""
    versions: Sequence[VersionView] = ()

    def head(self, site: Site) -> Head:
        """Name the version, where an older one is shown."""
        if self.shown is None or self.versions:
            return Head(title="Rules", canonical=f"{site.base_url}/about/rules")
        return Head(
            title=f"Rules, version {self.shown.number}",
            canonical=f"{site.base_url}{self.shown.url()}",
        )


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a paper, under its heading."""

    heading: str
    words: Sequence[str | Markup] = ()
    points: Sequence[str] = ()
    facts: Sequence[Figure] = ()
    email: str = ""
    links: Sequence[Link] = ()


class PaperPage(Page, frozen=True, kw_only=True):
    """What the place says of itself, made from its settings."""

    template: ClassVar[str] = "about/paper.html"
    section: ClassVar[str] = "about"
    public: ClassVar[bool] = True

    heading: str
    lede: str
    path: str
    parts: Sequence[Part]

    def head(self, site: Site) -> Head:
        """Name it."""
        return Head(title=self.heading, canonical=f"{site.base_url}{self.path}")
