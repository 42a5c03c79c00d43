"""What is done with a case before it is decided, by plain forms."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.network.edge import Transaction
from rostra.safety.cases import work
from rostra.safety.cases.model import Case
from rostra.safety.categories.facts import category_of
from rostra.safety.team import access as team_access
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console.case import shown
from rostra.web.console.common import HERE, OneParams, case_for, lead, who
from rostra.web.console.queue import next_page
from rostra.web.faults import form_of
from rostra.web.route import MEMBER, POST, Route

GONE_ON = "It is not yours to see any more."


class WordsParams(OneParams, frozen=True, kw_only=True):
    """Which case, and what is said to it."""

    words: str = ""


class HandParams(WordsParams, frozen=True, kw_only=True):
    """Which case is handed to whom."""

    to: Id | None = None


class CategoryParams(OneParams, frozen=True, kw_only=True):
    """What a case really is about; `category` is the view's."""

    as_: str = msgspec.field(name="as", default="")


class MergeParams(OneParams, frozen=True, kw_only=True):
    """Into which case it is merged."""

    into: Id | None = None


Verb = Callable[[PageCall[Any], Transaction, Actor], Awaitable[Case | None]]


async def _done(call: PageCall[Any], verb: Verb, permission: Permission) -> Case | None:
    """Do something with the case, as somebody who may."""
    async with call.services.db.write() as tx:
        actor = await who(call, tx)
        await case_for(tx, actor, call.params.id)
        actor.require(permission)
        return await verb(call, tx, actor)


def _acting(
    verb: Verb,
    said: str,
    permission: Permission = Permission.WORK_CASES,
    *,
    onwards: bool = False,
    into: Callable[[Case], int] = lambda case: case.id,
) -> Callable[[PageCall[Any]], Awaitable[Response]]:
    """A handler: the verb, and where it leads; ``onwards``: the verb gives the next case."""

    async def handle(call: PageCall[Any]) -> Response:
        here = f"{HERE}/cases/{call.params.id}{call.params.query()}"
        try:
            case = await _done(call, verb, permission)
        except Conflict as error:
            return lead(call, here, f"{error.safe}.", good=False)
        except Invalid as error:
            return await shown(
                call, call.params.id, call.params, note=form_of(_values(call.params), error)
            )
        if onwards:
            return next_page(call, case, said)
        where = f"{HERE}/cases/{into(case) if case else call.params.id}{call.params.query()}"
        return lead(call, where, said)

    handle.__doc__ = verb.__doc__
    return handle


def _values(params: msgspec.Struct) -> dict[str, str]:
    return {name: str(getattr(params, name, "")) for name in ("words", "into", "as_", "to")}


async def _claim(call: PageCall[OneParams], tx: Transaction, actor: Actor) -> Case:
    """Hold it."""
    return await work.claim(call.services, tx, call.params.id, actor.account_id)


async def _release(call: PageCall[OneParams], tx: Transaction, actor: Actor) -> Case:
    """Hold it no longer."""
    return await work.release(call.services, tx, call.params.id, actor.account_id)


async def _skip(call: PageCall[OneParams], tx: Transaction, actor: Actor) -> Case | None:
    """Put it aside, and take the next."""
    await work.skip(call.services, tx, call.params.id, actor.account_id)
    return await _next(call, tx, actor)


async def _next(call: PageCall[Any], tx: Transaction, actor: Actor) -> Case | None:
    return await work.claim_next(
        call.services, tx, actor.account_id, call.params.of(actor), own=actor.own
    )


async def _escalate(call: PageCall[WordsParams], tx: Transaction, actor: Actor) -> Case:
    """Ask those with more say to look at it."""
    params = call.params
    return await work.escalate(call.services, tx, params.id, actor.account_id, words=params.words)


async def _calm(call: PageCall[OneParams], tx: Transaction, actor: Actor) -> Case:
    """Give it back to the ordinary queue."""
    return await work.calm(call.services, tx, call.params.id, actor.account_id)


async def _hand_over(call: PageCall[HandParams], tx: Transaction, actor: Actor) -> Case:
    """Let somebody else of the team hold it."""
    params = call.params
    case = await case_for(tx, actor, params.id)
    to = params.to or 0
    other = await team_access.actor(tx, to)
    if not other.may(Permission.WORK_CASES) or not other.sees(case.status.category):
        raise Invalid("to", "is nobody who could take it", "ERR_INVALID")
    return await work.hand_over(
        call.services, tx, params.id, actor.account_id, to, words=params.words
    )


async def _note(call: PageCall[WordsParams], tx: Transaction, actor: Actor) -> Case:
    """Write something down for the team."""
    params = call.params
    return await work.note(call.services, tx, params.id, actor.account_id, params.words)


async def _recategorise(call: PageCall[CategoryParams], tx: Transaction, actor: Actor) -> Case:
    """Say what it really is about."""
    category = category_of(call.params.as_)
    if category is None:
        raise Invalid("as", "is no category", "ERR_INCLUSION")
    return await work.recategorise(call.services, tx, call.params.id, actor.account_id, category)


async def _merge(call: PageCall[MergeParams], tx: Transaction, actor: Actor) -> Case:
    """Let it be decided as part of another case."""
    params = call.params
    if not params.into:
        raise Invalid("into", "can't be blank", "ERR_BLANK")
    await case_for(tx, actor, params.into)
    return await work.merge(call.services, tx, params.id, params.into, actor.account_id)


async def _split(call: PageCall[OneParams], tx: Transaction, actor: Actor) -> Case:
    """Take it out again."""
    return await work.split(call.services, tx, call.params.id, actor.account_id)


async def _recategorised(call: PageCall[CategoryParams]) -> Response:
    """Say what it really is about; who does not see that category goes back to the queue."""
    answer = await _recategorising(call)
    async with call.read() as reader:
        actor = await who(call, reader)
        try:
            await case_for(reader, actor, call.params.id)
        except NotFound:
            return lead(call, HERE + call.params.query(), GONE_ON)
    return answer


_recategorising = _acting(_recategorise, "It is in another category now.")


def _route(name: str, handler: Any, params: type[Any] = OneParams) -> Route[Any]:
    return Route(POST, f"{HERE}/cases/{{id}}/{name}", handler, MEMBER, params=params)


ROUTES: tuple[Route[Any], ...] = (
    _route("claim", _acting(_claim, "It is yours for a quarter of an hour.")),
    _route("release", _acting(_release, "Others can take it again.")),
    _route("skip", _acting(_skip, "Put aside for two hours.", onwards=True)),
    _route("escalate", _acting(_escalate, "It is escalated."), WordsParams),
    _route("calm", _acting(_calm, "It is an ordinary case again.")),
    _route("hand-over", _acting(_hand_over, "It is handed over."), HandParams),
    _route("note", _acting(_note, "It is written down."), WordsParams),
    _route("recategorise", _recategorised, CategoryParams),
    _route("merge", _acting(_merge, "It is part of this case now."), MergeParams),
    _route("split", _acting(_split, "It is a case of its own again.")),
)
