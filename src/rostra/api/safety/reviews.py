"""Blind second looks: what is next, what somebody thinks of it, how often that agrees."""

from typing import Any, Final, Literal

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso
from rostra.api.safety.common import BASE, READ, WRITE, actor_of, category_named, id_or_none
from rostra.http.params import Id
from rostra.safety.categories.facts import facts_of
from rostra.safety.reviews import access, answer
from rostra.safety.reviews.model import Review, Sort, View, Week
from rostra.safety.team.model import Permission

_HERE: Final = f"{BASE}/reviews"
_THOUSAND: Final = 1000


class WeekEntity(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one sort in a week."""

    at: str
    sort: str  # decided, passed
    sampled: int
    viewed: int
    agreed: int
    unsure: int
    agreement: float | None  # of those that could be told


class ReviewsEntity(msgspec.Struct, frozen=True, kw_only=True):
    """How often second looks agree with what was done, and how many wait for the asker."""

    waiting: int
    weeks: tuple[WeekEntity, ...]


class BlindEntity(msgspec.Struct, frozen=True, kw_only=True):
    """A post as it is looked at: its words, and nothing else that is known of it."""

    id: str
    text: str
    language: str


class NextEntity(msgspec.Struct, frozen=True, kw_only=True):
    """What is next; null: nothing waits."""

    review: BlindEntity | None


class ReviewEntity(msgspec.Struct, frozen=True, kw_only=True):
    """A second look that is over, with what was done about the post before."""

    id: str
    view: str
    category: str | None
    sort: str
    status_id: str
    decision_id: str | None
    decided_as: str | None
    score: float | None  # the highest of screening
    agrees: bool | None


class AnswerParams(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody thinks; the category where it is against something."""

    id: Id
    view: Literal["fine", "against", "unsure"] = "unsure"
    category: str = ""


async def index(call: Call[Any]) -> ReviewsEntity:
    """How often second looks agree with what was done."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.RECORD)
        found = await access.weeks(call.services, reader)
        waiting = await access.waiting(reader, actor)
    return ReviewsEntity(waiting=waiting, weeks=tuple(map(_week, found)))


async def upcoming(call: Call[Any]) -> NextEntity:
    """What is next to be looked at."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.DECIDE)
        found = await access.next_one(reader, actor)
    if found is None:
        return NextEntity(review=None)
    shown = BlindEntity(id=str(found.id), text=found.text, language=found.language)
    return NextEntity(review=shown)


async def say(call: Call[AnswerParams]) -> ReviewEntity:
    """Say what one thinks; what was done about it is told then."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.DECIDE)
        category = category_named(params.category) if params.view == "against" else None
        view = View[params.view.upper()]
        found = await answer.answer(call.services, tx, actor, params.id, view, category=category)
    return _review(found)


def _week(week: Week) -> WeekEntity:
    share = week.agreement
    return WeekEntity(
        at=iso(week.at),
        sort=Sort(week.sort).wire,
        sampled=week.sampled,
        viewed=week.viewed,
        agreed=week.agreed,
        unsure=week.unsure,
        agreement=None if share is None else round(share, 3),
    )


def _review(found: Review) -> ReviewEntity:
    return ReviewEntity(
        id=str(found.id),
        view=View(found.view).wire,
        category=facts_of(found.viewed_as).slug if found.viewed_as else None,
        sort=Sort(found.sort).wire,
        status_id=str(found.post_id),
        decision_id=id_or_none(found.decision_id),
        decided_as=facts_of(found.category).slug if found.decision_id else None,
        score=None if found.score < 0 else found.score / _THOUSAND,
        agrees=found.agrees,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        _HERE,
        index,
        auth=Auth.USER,
        scopes=READ,
        answer=ReviewsEntity,
        summary="How often blind second looks agree",
    ),
    Endpoint(
        GET,
        f"{_HERE}/next",
        upcoming,
        auth=Auth.USER,
        scopes=READ,
        answer=NextEntity,
        summary="What to look at blindly next",
    ),
    Endpoint(
        POST,
        f"{_HERE}/{{id}}",
        say,
        auth=Auth.USER,
        scopes=WRITE,
        params=AnswerParams,
        answer=ReviewEntity,
        summary="Say what one thinks of it",
        errors=(409, 422),
    ),
)
