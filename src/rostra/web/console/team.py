"""The team: who is trusted with what, and what each of it may do."""

from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials.model import Role
from rostra.network.edge import Reader
from rostra.safety.categories.facts import all_facts, category_of, facts_of
from rostra.safety.categories.model import Category
from rostra.safety.team import access, appoint
from rostra.safety.team.model import Actor, Duty, Permission
from rostra.web.call import PageCall
from rostra.web.console import subjects
from rostra.web.console.common import HERE, OneParams, lead, look_of, tabs, who
from rostra.web.console.subjects import Seen
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console_record import MatePage, MateView, TeamPage
from rostra.web.views.forms import Form, Option

_HERE: Final = f"{HERE}/team"
_DUTIES: Final = {
    Duty.REVIEWER: ("Reviewer", "Decides about posts and files of the categories below"),
    Duty.AUDITOR: ("Auditor", "Sees everything, and changes nothing"),
    Duty.NOTICE_DESK: ("Notice desk", "Answers letters from outside"),
}
_MAY: Final = {
    Permission.SEE_CASES: "see cases",
    Permission.WORK_CASES: "work on them",
    Permission.DECIDE: "decide about posts and files",
    Permission.DECIDE_ACCOUNTS: "decide about accounts",
    Permission.DECIDE_MANY: "decide many, and be the second person",
    Permission.UNDO: "take back",
    Permission.APPEALS: "answer appeals",
    Permission.LETTERS: "answer letters",
    Permission.EVIDENCE: "open what was kept",
    Permission.RECORD: "read the record",
    Permission.RULES: "write rules",
    Permission.SURGE: "switch measures on",
    Permission.TEAM: "give duties",
}


class WhoParams(msgspec.Struct, frozen=True, kw_only=True):
    """Whose duties are wanted."""

    who: str = ""


class DutyParams(msgspec.Struct, frozen=True, kw_only=True):
    """With what somebody is trusted."""

    id: Id
    duties: tuple[str, ...] = ()
    of: tuple[str, ...] = ()


async def show(call: PageCall[Any]) -> Response:
    """Everybody of the team."""
    return await _show(call, Form())


async def _show(call: PageCall[Any], form: Form) -> Response:
    async with call.read() as reader:
        actor = await who(call, reader)
        actor.require(Permission.SEE_CASES)
        team = await access.team(reader)
        seen = await subjects.load(call, reader, (), {each.account_id for each in team})
    page = TeamPage(
        tabs=tabs("team", actor),
        look=look_of(call.request),
        team=[_mate(each, seen) for each in team],
        can_change=actor.may(Permission.TEAM),
        form=form,
    )
    return await call.page(page, 422 if form.errors else 200)


def _mate(actor: Actor, seen: Seen) -> MateView:
    author = seen.author(actor.account_id)
    bound = actor.categories or ()
    return MateView(
        id=str(actor.account_id),
        url=f"{_HERE}/{actor.account_id}",
        acct=author.acct if author else str(actor.account_id),
        name=author.display_name if author else "",
        role=Role(actor.role).name.capitalize(),
        duties=[label for duty, (label, _) in _DUTIES.items() if actor.duties & duty],
        categories=[facts_of(each).name for each in bound],
        may=[said for permission, said in _MAY.items() if actor.may(permission)],
    )


async def find(call: PageCall[WhoParams]) -> Response:
    """Lead to the duties of a member."""
    async with call.read() as reader:
        (await who(call, reader)).require(Permission.TEAM)
        name = call.params.who.strip().removeprefix("@")
        found = await accounts_access.any_by_username(reader, name) if name else None
    if found is None:
        errors = {"who": "Nobody here is called so."}
        return await _show(call, Form(values={"who": call.params.who}, errors=errors))
    return lead(call, f"{_HERE}/{found.id}")


async def one(call: PageCall[OneParams]) -> Response:
    """The duties of a member."""
    return await _one(call, None)


async def _one(call: PageCall[Any], form: Form | None) -> Response:
    async with call.read() as reader:
        actor, mate = await _theirs(call, reader)
        seen = await subjects.load(call, reader, (), {mate.account_id})
    made = form or Form(values=_values(mate))
    page = MatePage(
        tabs=tabs("team", actor),
        look=look_of(call.request),
        mate=_mate(mate, seen),
        duties=[Option(_name(duty), label, hint) for duty, (label, hint) in _DUTIES.items()],
        categories=[Option(each.slug, each.name) for each in all_facts()],
        form=made,
    )
    return await call.page(page, 422 if made.errors or made.message else 200)


async def _theirs(call: PageCall[Any], reader: Reader) -> tuple[Actor, Actor]:
    """Who gives duties, and to whom.

    Raises:
        NotFound: there is no such member.
    """
    actor = await who(call, reader)
    actor.require(Permission.TEAM)
    if await accounts_access.any_by_id(reader, call.params.id) is None:
        raise NotFound(f"member {call.params.id}")
    return actor, await access.actor(reader, call.params.id)


def _name(duty: Duty) -> str:
    return (duty.name or "").lower()


def _values(mate: Actor) -> dict[str, str]:
    values = {f"duty_{_name(duty)}": "1" for duty in _DUTIES if mate.duties & duty}
    bound = mate.categories if mate.duties & Duty.REVIEWER else ()
    return values | {f"category_{facts_of(each).slug}": "1" for each in bound or ()}


async def change(call: PageCall[DutyParams]) -> Response:
    """Trust a member with these duties and no others."""
    params = call.params
    values = {f"duty_{name}": "1" for name in params.duties}
    values |= {f"category_{slug}": "1" for slug in params.of}
    try:
        async with call.services.db.write() as tx:
            await _theirs(call, tx)
            duties, categories = _wanted(params)
            await appoint.set_duties(tx, params.id, duties, categories)
    except Invalid as error:
        return await _one(call, form_of(values, error))
    return lead(call, _HERE, "It is so from now on.")


def _wanted(params: DutyParams) -> tuple[Duty, list[Category]]:
    """What was ticked; categories are of no matter but for reviewers.

    Raises:
        Invalid: on `duties` or `categories`.
    """
    known = {_name(duty): duty for duty in _DUTIES}
    duties = Duty(0)
    for name in params.duties:
        if name not in known:
            raise Invalid("duties", "is not one of the choices", "ERR_INCLUSION")
        duties |= known[name]
    if not duties & Duty.REVIEWER:
        return duties, []
    categories = [category_of(slug) for slug in params.of]
    found = [each for each in categories if each is not None]
    if not found or len(found) < len(categories):
        raise Invalid("categories", "Say which categories they review", "ERR_INCLUSION")
    return duties, found


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, show, MEMBER),
    Route(POST, _HERE, find, MEMBER, params=WhoParams),
    Route(GET, f"{_HERE}/{{id}}", one, MEMBER, params=OneParams),
    Route(POST, f"{_HERE}/{{id}}", change, MEMBER, params=DutyParams),
)
