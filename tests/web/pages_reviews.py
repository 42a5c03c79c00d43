"""The page of blind second looks in the console, with sample data."""

from typing import Final

from msgspec.structs import replace
from tests.web import samples as s
from tests.web.pages_console import team_shell
from tests.web.samples import Sample

from rostra.safety.categories.model import Category
from rostra.safety.reviews.model import Blind, Review, Sort, View, Week
from rostra.web.console import signal_plots
from rostra.web.console.reviews import VIEWS, blind_view, categories, outcome_view, week_rows
from rostra.web.views.console_reviews import ReviewsPage
from rostra.web.views.forms import Form

_FIRST: Final = s.NOW // s.DAY * s.DAY - 11 * 7 * s.DAY
_OVER: Final = Review(
    id=7, post_id=8, account_id=9, sort=Sort.PASSED, decision_id=0, category=0, decided_by=0,
    score=512, sampled_at=s.NOW, view=View.AGAINST, viewed_as=Category.HARASSMENT, viewed_by=3,
    viewed_at=s.NOW,
)  # fmt: skip


def _weeks() -> list[Week]:
    return [
        Week(_FIRST + at * 7 * s.DAY, sort, 1_200 + at, 90 + at, 70 + 2 * at - 9 * sort, at % 3)
        for at in range(12)
        for sort in (Sort.PASSED, Sort.DECIDED)
    ]


def review_pages() -> list[Sample]:
    """With one to look at, after one, with a fault, with nothing."""
    weeks = _weeks()
    page = ReviewsPage(
        tabs=s.tabs("Queue", "Decisions", "Screening"), parts=s.tabs("Signals", "Second looks"),
        may=True, waiting=31, blind=blind_view(Blind(12, f"{s.HOSTILE}\n\n{s.LONG_WORD}", "en")),
        views=VIEWS, categories=categories(), weeks=week_rows(weeks),
        drawings=(signal_plots.second_looks(weeks),),
    )  # fmt: skip
    decided = replace(_OVER, sort=Sort.DECIDED, decision_id=99, category=Category.SPAM, score=-1)
    wrong = Form(
        values={"view": "against"},
        errors={"category": "This must be named.", "view": s.HOSTILE},
    )
    bare = ReviewsPage(tabs=page.tabs, parts=page.parts)
    return [
        Sample("console-reviews", team_shell(), page),
        Sample("console-reviews-missed", team_shell(), replace(page, outcome=outcome_view(_OVER))),
        Sample(
            "console-reviews-decided", team_shell(), replace(page, outcome=outcome_view(decided))
        ),
        Sample("console-reviews-wrong", team_shell(), replace(page, form=wrong)),
        Sample("console-reviews-over", team_shell(), replace(bare, may=True)),
        Sample("console-reviews-none", team_shell(), bare),
    ]
