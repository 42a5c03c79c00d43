"""Blind second looks, as their page in the console shows them."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from markupsafe import Markup

from rostra.web.views.console import ConsolePage
from rostra.web.views.forms import Form, Option


class BlindView(msgspec.Struct, frozen=True, kw_only=True):
    """A post as it is looked at: nothing else of it is known."""

    url: str
    text: str
    language: str = ""


class OutcomeView(msgspec.Struct, frozen=True, kw_only=True):
    """A second look that is over, with what was done about the post before.

    Attributes:
        agrees: None: nothing was said.
        score: the highest of screening, in words; empty: it was not judged.
        decision_url: of the record; empty: nothing was decided.
    """

    said: str
    done: str
    agrees: bool | None
    score: str = ""
    post_url: str = ""
    decision_url: str = ""


class ReviewWeek(msgspec.Struct, frozen=True, kw_only=True):
    """One sort in a week that begins then (UTC ms); the share in words, `-`: none yet."""

    at: int
    sort: str
    sampled: int
    viewed: int
    agreed: int
    unsure: int
    agreement: str


class ReviewsPage(ConsolePage, frozen=True, kw_only=True):
    """What is next to be looked at, and how often second looks agree.

    Attributes:
        may: they may look.
        waiting: how many wait for them.
    """

    template: ClassVar[str] = "console/reviews.html"
    title: ClassVar[str] = "Second looks"

    may: bool = False
    waiting: int = 0
    blind: BlindView | None = None
    outcome: OutcomeView | None = None
    form: Form = Form()
    views: Sequence[Option] = ()
    categories: Sequence[Option] = ()
    weeks: Sequence[ReviewWeek] = ()
    drawings: Sequence[Markup] = ()
