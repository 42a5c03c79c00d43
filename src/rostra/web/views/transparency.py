"""The page that tells the public of a half-year's decisions."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.shell import Head, Page, Site


class Link(msgspec.Struct, frozen=True):
    """A link and its words."""

    label: str
    url: str
    current: bool = False


class Figure(msgspec.Struct, frozen=True):
    """Something that was counted."""

    label: str
    value: str


class Group(msgspec.Struct, frozen=True):
    """Figures under a heading."""

    heading: str
    figures: Sequence[Figure]
    note: str = ""


class TransparencyPage(Page, frozen=True, kw_only=True):
    """The transparency report of a half-year."""

    template: ClassVar[str] = "about/transparency.html"
    section: ClassVar[str] = "about"
    public: ClassVar[bool] = True

    period: str
    name: str
    counted_at: int
    groups: Sequence[Group]
    periods: Sequence[Link]
    files: Sequence[Link]

    def head(self, site: Site) -> Head:
        """Name the half-year."""
        return Head(
            title=f"Transparency report {self.name}",
            canonical=f"{site.base_url}/about/transparency/{self.name}",
        )
