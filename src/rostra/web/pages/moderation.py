"""What members are told of decisions about them: in their settings, and by the link of a letter."""

from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel import ids
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.network.edge import Reader
from rostra.network.posts import access as posts_access
from rostra.safety.appeals import access as appeals_access
from rostra.safety.appeals import file
from rostra.safety.appeals.model import Appeal, AppealState
from rostra.safety.decisions.model import ActionKind
from rostra.safety.statements import access
from rostra.safety.statements.model import Statement
from rostra.safety.statements.tell import mark_read
from rostra.safety.statements.words import day, told
from rostra.safety.subjects import SubjectKind
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.lists import ListParams, beginning, page_of, pager
from rostra.web.route import ANYBODY, GET, MEMBER, POST, Route
from rostra.web.views.entry import NoticePage
from rostra.web.views.moderation import (
    AboutView,
    DecisionPage,
    StatementPage,
    StatementsPage,
    StatementView,
)

HERE: Final = "/settings/moderation"
_SPOKEN: Final = "en"  # as all pages are
_THANKS: Final = "Your appeal has arrived. Somebody else of the team will answer it."
_NAMED: Final = 20  # pieces of a decision that a page names
_WORDS: Final = 160
# The weightiest first: what stands over a decision.
_HEADINGS: Final = (
    (ActionKind.DELETE_ACCOUNT, "Your account will be deleted"),
    (ActionKind.SUSPEND, "Your account is suspended"),
    (ActionKind.FREEZE, "Your account is frozen"),
    (ActionKind.LIMIT_ACCOUNT, "Your account is limited"),
    (ActionKind.SENSITIVE_ACCOUNT, "Your pictures are covered"),
    (ActionKind.SLOW, "You may post less often"),
    (ActionKind.FIELDS, "Parts of your profile are not shown"),
    (ActionKind.REMOVE, "Removed"),
    (ActionKind.HOLD, "Hidden for now"),
    (ActionKind.WITHHOLD, "A picture, video or recording is not shown"),
    (ActionKind.HIDE_ON, "Hidden in some apps"),
    (ActionKind.REACH, "Shown to fewer people"),
    (ActionKind.SENSITIVE, "Covered"),
    (ActionKind.LABEL, "Labelled"),
    (ActionKind.MUTE_REPORTER, "Your reports are set aside"),
    (ActionKind.WARN_REPORTER, "A warning about your reports"),
)


class OneParams(msgspec.Struct, frozen=True):
    """Which statement."""

    id: Id


class AppealParams(OneParams, frozen=True):
    """What is said against it."""

    text: str = ""


class TokenParams(msgspec.Struct, frozen=True):
    """The secret of a letter, and what is said against what it opens."""

    token: str = ""
    text: str = ""


async def index(call: PageCall[ListParams]) -> Response:
    """All that was decided about the member."""
    asked = page_of(call.params)
    async with call.read() as reader:
        window = await access.page(reader, call.viewer_id, asked)
    start = beginning(call, call.params, window)
    if start:
        return start
    page = StatementsPage(
        statements=[view(call, each) for each in window.items],
        pager=pager(HERE, call.params, window),
    )
    return await call.page(page)


async def one(call: PageCall[OneParams]) -> Response:
    """One decision about the member."""
    async with call.read() as reader:
        found = await access.one(reader, call.viewer_id, call.params.id)
        shown = await _whole(call, reader, found)
    if not found.row.read_at:
        async with call.services.db.write() as tx:
            await mark_read(call.services, tx, found)
    return await call.page(StatementPage(statement=shown))


async def appeal(call: PageCall[AppealParams]) -> Response:
    """Object to a decision about oneself."""
    services, params = call.services, call.params
    try:
        async with services.db.write() as tx:
            found = await access.one(tx, call.viewer_id, params.id)
            await file.appeal(services, tx, found, params.text)
    except (Invalid, Conflict) as error:
        async with call.read() as reader:
            shown = await _whole(call, reader, found)
        form = form_of({"text": params.text}, error)
        return await call.page(StatementPage(statement=shown, form=form), error.status)
    return call.redirect(f"{HERE}/{params.id}", flash=_THANKS)


async def appeal_by_link(call: PageCall[TokenParams]) -> Response:
    """The same, for a member who may not sign in."""
    services, params = call.services, call.params
    call.count("appeal_address")
    try:
        async with services.db.write() as tx:
            found = await access.linked(tx, params.token, call.now)
            await file.appeal(services, tx, found, params.text)
    except NotFound as error:
        return await dead_link(call, error)
    except (Invalid, Conflict) as error:
        async with call.read() as reader:
            shown = await _whole(call, reader, found)
        page = DecisionPage(
            statement=shown, token=params.token, form=form_of({"text": params.text}, error)
        )
        return await call.page(page, error.status)
    return call.redirect(f"/decision?{urlencode({'token': params.token})}", flash=_THANKS)


async def by_link(call: PageCall[TokenParams]) -> Response:
    """One decision, for a member who may not sign in."""
    try:
        async with call.read() as reader:
            found = await access.linked(reader, call.params.token, call.now)
            shown = await _whole(call, reader, found)
    except NotFound as error:
        return await dead_link(call, error)
    return await call.page(DecisionPage(statement=shown, token=call.params.token))


async def dead_link(call: PageCall[Any], error: NotFound) -> Response:
    """What a link says whose time is over, or that never was one."""
    page = NoticePage(
        heading="This link no longer works",
        paragraphs=("It opened a decision for as long as it could be appealed against.",),
    )
    return await call.page(page, error.status)


async def _whole(call: PageCall[Any], reader: Reader, found: Statement) -> StatementView:
    """A statement with what it is about, and what the member has said against it."""
    shown = view(call, found, await _pieces(reader, found))
    said = await appeals_access.of_decisions(reader, found.row.account_id, [found.decision.id])
    appeal_ = said.get(found.decision.id)
    until = found.appeal_until(call.services.settings.moderation.appeal_days)
    if appeal_ is None:
        may = not found.taken_back and call.now < until
        return msgspec.structs.replace(shown, may_appeal=may)
    return msgspec.structs.replace(
        shown,
        appeal="",
        appealed=_lines(appeal_.text),
        appealed_at=appeal_.created_at,
        became=became(appeal_),
        answer=_lines(appeal_.answer),
    )


def became(appeal_: Appeal) -> str:
    """What became of an appeal, in a line."""
    if appeal_.state == AppealState.OPEN:
        return f"It will be answered by {day(appeal_.due_at)}."
    if appeal_.state == AppealState.REJECTED:
        return "The decision stands. You can turn to an out-of-court body, or to a court."
    return "You were right."


def view(
    call: PageCall[Any], statement: Statement, pieces: tuple[AboutView, ...] = ()
) -> StatementView:
    """A statement as pages show it."""
    words = told(statement, _SPOKEN, call.services.settings.moderation.appeal_days)
    done = {action.kind for action in statement.decision.done}
    version = statement.decision.clause_version
    heading = next((said for kind, said in _HEADINGS if kind in done), "A warning")
    return StatementView(
        id=str(statement.id),
        created_at=statement.created_at,
        heading=heading,
        done=words.done,
        about=words.about,
        pieces=pieces,
        more=max(0, len(_things(statement)) - len(pieces)),
        ground=words.ground,
        rules_url=f"/about/rules/{version}" if version else "",
        facts=_lines(words.facts),
        found=(words.source, *words.machine),
        words=_lines(words.words),
        strikes=words.strikes,
        taken_back=words.taken_back,
        appeal=words.appeal,
        unread=not statement.row.read_at,
    )


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _things(statement: Statement) -> list[tuple[int, int]]:
    return [each for each in statement.subjects if each.kind != SubjectKind.ACCOUNT]


async def _pieces(reader: Reader, statement: Statement) -> tuple[AboutView, ...]:
    """What it is about, with how the member's own words begin, as long as they are there.

    That is part of the statement: of what is removed the author sees no more than this.
    """
    things = _things(statement)[:_NAMED]
    posts = [each for kind, each in things if kind == SubjectKind.POST]
    bodies = await posts_access.bodies(reader, posts)
    seen = await posts_access.rows(reader, statement.row.account_id, posts)
    return tuple(
        AboutView(
            what="post" if kind == SubjectKind.POST else "media",
            at=ids.time_of(each),
            words=_beginning(bodies[each].text) if each in bodies else "",
            url=f"/posts/{each}" if each in seen else "",
        )
        for kind, each in things
    )


def _beginning(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WORDS else flat[: _WORDS - 1] + "…"


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, HERE, index, MEMBER, params=ListParams, unbound=True),
    Route(GET, f"{HERE}/{{id}}", one, MEMBER, params=OneParams, unbound=True),
    Route(POST, f"{HERE}/{{id}}/appeal", appeal, MEMBER, params=AppealParams),
    Route(GET, "/decision", by_link, ANYBODY, TokenParams),
    Route(POST, "/decision", appeal_by_link, ANYBODY, TokenParams),
)
