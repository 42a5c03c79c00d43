"""Blind second looks in the console: what is next, what one thinks of it, how often that agrees."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Invalid
from rostra.network.edge import Reader
from rostra.safety.categories.facts import all_facts, category_of, facts_of
from rostra.safety.categories.model import Category
from rostra.safety.reviews import access, answer
from rostra.safety.reviews.model import Blind, Review, Sort, View, Week
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console import signal_plots
from rostra.web.console.common import lead, look_of, tabs, who
from rostra.web.console.screening_menu import SCREENING, parts
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console_reviews import BlindView, OutcomeView, ReviewsPage, ReviewWeek
from rostra.web.views.forms import Form, Option

HERE: Final = f"{SCREENING}/reviews"
VIEWS: Final = (
    Option("fine", "Fine", "nothing is to be done about it"),
    Option("against", "Against the rules or the law", "something is"),
    Option("unsure", "I can't tell"),
)
_SAID: Final = {
    View.FINE: "It is fine",
    View.AGAINST: "It is against the rules",
    View.UNSURE: "I can't tell",
}
_SORTS: Final = {Sort.DECIDED: "decided", Sort.PASSED: "passed"}
_THOUSAND: Final = 1_000


class ReviewsParams(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has just looked at."""

    done: Id | None = None


class SayParams(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody thinks; the category where it is against something."""

    id: Id
    view: str = ""
    category: str = ""

    def values(self) -> dict[str, str]:
        """The same for the form."""
        return {"view": self.view, "category": self.category}


async def show(call: PageCall[ReviewsParams]) -> Response:
    """The page."""
    return await _show(call, done=call.params.done or 0)


async def _show(call: PageCall[Any], *, done: int = 0, form: Form | None = None) -> Response:
    async with call.read() as reader:
        actor = await _reads(call, reader)
        may = access.may_look(actor)
        blind = await access.next_one(reader, actor) if may else None
        over = await access.answered(reader, actor, done) if done else None
        waiting = await access.waiting(reader, actor) if may else 0
        weeks = await access.weeks(call.services, reader)
    page = ReviewsPage(
        tabs=tabs("screening", actor),
        parts=parts("reviews", actor),
        look=look_of(call.request),
        may=may,
        waiting=waiting,
        blind=blind_view(blind) if blind else None,
        outcome=outcome_view(over) if over else None,
        form=form or Form(),
        views=VIEWS,
        categories=categories(),
        weeks=week_rows(weeks),
        drawings=[each for each in (signal_plots.second_looks(weeks),) if each],
    )
    return await call.page(page, 422 if form else 200)


async def _reads(call: PageCall[Any], reader: Reader) -> Actor:
    actor = await who(call, reader)
    actor.require(Permission.RECORD)
    return actor


def categories() -> tuple[Option, ...]:
    """What a post may be against."""
    named = (Option(each.slug, each.name) for each in all_facts())
    return (Option("", "Nothing"), *named)


def blind_view(blind: Blind) -> BlindView:
    """A post as it is looked at."""
    return BlindView(url=f"{HERE}/{blind.id}", text=blind.text, language=blind.language)


def outcome_view(over: Review) -> OutcomeView:
    """What was said and what had been done."""
    view = View(over.view)
    against = f": {facts_of(over.viewed_as).name}" if over.viewed_as else ""
    decided = f"It was decided on as {facts_of(over.category).name}" if over.decision_id else ""
    return OutcomeView(
        said=f"{_SAID[view]}{against}",
        done=decided or "Nothing",
        agrees=over.agrees,
        score="" if over.score < 0 else f"{over.score / _THOUSAND:.2f}",
        post_url=f"/posts/{over.post_id}",
        decision_url=f"/console/decisions/{over.decision_id}" if over.decision_id else "",
    )


def week_rows(weeks: Sequence[Week]) -> list[ReviewWeek]:
    """Each sort in each week, the latest first."""
    return [
        ReviewWeek(
            at=each.at,
            sort=_SORTS[Sort(each.sort)],
            sampled=each.sampled,
            viewed=each.viewed,
            agreed=each.agreed,
            unsure=each.unsure,
            agreement="-" if each.agreement is None else f"{each.agreement:.0%}",
        )
        for each in reversed(weeks)
    ]


async def say(call: PageCall[SayParams]) -> Response:
    """Say what one thinks; what was done about it is shown then, and what is next."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            actor = await _reads(call, tx)
            view, category = _view(params)
            over = await answer.answer(call.services, tx, actor, params.id, view, category=category)
    except Invalid as error:
        return await _show(call, form=form_of(params.values(), error))
    return lead(call, f"{HERE}?done={over.id}")


def _view(params: SayParams) -> tuple[View, Category | None]:
    names = {view.wire: view for view in _SAID}
    if params.view not in names:
        raise Invalid("view", "must be chosen", "ERR_BLANK")
    view = names[params.view]
    if view is not View.AGAINST:
        return view, None
    category = category_of(params.category)
    if category is None:
        raise Invalid("category", "must be named where it is against something", "ERR_BLANK")
    return view, category


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, HERE, show, MEMBER, params=ReviewsParams),
    Route(POST, f"{HERE}/{{id}}", say, MEMBER, params=SayParams),
)
