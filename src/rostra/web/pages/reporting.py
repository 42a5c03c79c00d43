"""Members report a post or an account, by a form that needs no script."""

from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.kernel.paging import Page
from rostra.network.edge import Reader
from rostra.network.instance import access as instance_access
from rostra.network.posts import access as posts_access
from rostra.network.timelines import access as timelines_access
from rostra.network.timelines.model import AccountFilter, post_of
from rostra.safety.appeals import access as appeals_access
from rostra.safety.appeals import file as complaining
from rostra.safety.appeals.model import Appeal
from rostra.safety.cases import access as cases_access
from rostra.safety.categories.facts import all_facts, category_of, facts_of
from rostra.safety.categories.model import Category
from rostra.safety.reports import access, file
from rostra.safety.reports.model import Report, ReportState, Said
from rostra.safety.subjects import Subject, SubjectKind
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.lists import ListParams
from rostra.web.pages.moderation import became
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import AuthorView, Pager
from rostra.web.views.reports import MoreView, ObjectionPage, ReportPage, ReportsPage, ReportView

_HERE: Final = "/settings/reports"
_LISTED: Final = 30
_MORE: Final = 10  # latest posts of the account that can be added
_WORDS: Final = 160
# What people look for most stands first; the rest in the order of its numbers.
_FIRST: Final = (
    Category.SPAM,
    Category.HARASSMENT,
    Category.HATE,
    Category.VIOLENCE_INCITEMENT,
    Category.THREAT_TO_LIFE,
    Category.SELF_HARM,
    Category.CHILD_ABUSE,
)
_LAST: Final = (Category.OTHER_ILLEGAL, Category.OTHER)


class ReportParams(msgspec.Struct, frozen=True, kw_only=True):
    """What is reported, and what is said of it."""

    id: Id
    harm: str = ""
    comment: str = ""
    rules: tuple[Id, ...] = ()
    posts: tuple[Id, ...] = ()


class ObjectionParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which report, and what is wrong about its outcome."""

    id: Id
    text: str = ""


def categories() -> tuple[Option, ...]:
    """The categories in plain words."""
    facts = {each.category: each for each in all_facts()}
    rest = [each for each in facts if each not in {*_FIRST, *_LAST}]
    ordered = (*_FIRST, *rest, *_LAST)
    return tuple(
        Option(facts[each].slug, facts[each].name, facts[each].explanation) for each in ordered
    )


async def post_form(call: PageCall[ReportParams]) -> Response:
    """The form for a post."""
    account_id, post_id = await _about_post(call)
    return await _form(call, account_id, post_id)


async def account_form(call: PageCall[ReportParams]) -> Response:
    """The form for an account."""
    return await _form(call, call.params.id)


async def report_post(call: PageCall[ReportParams]) -> Response:
    """Report a post, and what else was chosen."""
    account_id, post_id = await _about_post(call)
    return await _report(call, account_id, post_id)


async def report_account(call: PageCall[ReportParams]) -> Response:
    """Report an account, or the posts of it that were chosen."""
    return await _report(call, call.params.id)


async def _about_post(call: PageCall[ReportParams]) -> tuple[int, int]:
    async with call.read() as reader:
        row = await posts_access.row(reader, call.viewer_id, call.params.id)
    return row.account_id, row.id


async def _report(call: PageCall[ReportParams], account_id: int, post_id: int = 0) -> Response:
    params = call.params
    harm = category_of(params.harm)
    if harm is None:
        error = Invalid("harm", "must be chosen", "ERR_BLANK")
        return await _form(call, account_id, post_id, error)
    said = Said(
        reporter_id=call.viewer_id,
        target_account_id=account_id,
        post_ids=(*((post_id,) if post_id else ()), *params.posts),
        rule_ids=params.rules,
        category=harm,
        comment=params.comment,
    )
    call.count("report_account")
    try:
        async with call.services.db.write() as tx:
            await file.report(call.services, tx, said)
    except Invalid as error:
        return await _form(call, account_id, post_id, error)
    flash = "Thank you. The team has your report, and you will hear what became of it."
    return call.redirect("/settings/reports", flash=flash)


async def _form(
    call: PageCall[ReportParams], account_id: int, post_id: int = 0, error: Invalid | None = None
) -> Response:
    if account_id == call.viewer_id:
        raise NotFound("nobody reports themselves")
    params = call.params
    async with call.read() as reader:
        presenter = await Presenter.of(call, reader)
        authors = await presenter.authors([account_id])
        if account_id not in authors:
            raise NotFound(f"account {account_id} for {call.viewer_id}")
        posts = await presenter.posts([post_id]) if post_id else []
        rules = await instance_access.rules(call.services, reader)
        more = await _more(call, reader, account_id, post_id)
        decided_at = await decided_before(reader, account_id, post_id)
    values = {"harm": params.harm, "comment": params.comment}
    where = f"/posts/{post_id}" if post_id else f"/accounts/{account_id}"
    page = ReportPage(
        author=authors[account_id],
        post=posts[0] if posts else None,
        action=f"{where}/report",
        categories=categories(),
        rules=[Option(str(rule.id), rule.text, rule.hint) for rule in rules],
        rules_chosen=tuple(map(str, params.rules)),
        more=more,
        decided_at=decided_at,
        form=form_of(values, error) if error else Form(values=values),
    )
    return await call.page(page, error.status if error else 200)


async def decided_before(reader: Reader, account_id: int, post_id: int) -> int:
    """When the team decided last about a post, or about an account (UTC ms); 0: never."""
    post, account = Subject(SubjectKind.POST, post_id), Subject(SubjectKind.ACCOUNT, account_id)
    found = await cases_access.decided_before(reader, [post if post_id else account])
    return max((each.decided_at for each in found.values()), default=0)


async def index(call: PageCall[ListParams]) -> Response:
    """What the member has reported, and what became of it."""
    params, viewer_id = call.params, call.viewer_id
    async with call.read() as reader:
        found = await access.listed(reader, Page(_LISTED + 1, params.max_id), reporter_id=viewer_id)
        presenter = await Presenter.of(call, reader)
        authors = await presenter.authors(each.row.target_account_id for each in found)
        said = await appeals_access.of_reports(reader, viewer_id, [each.row.id for each in found])
    shown = found[:_LISTED]
    older = f"{_HERE}?max_id={shown[-1].row.id}" if len(found) > _LISTED else ""
    page = ReportsPage(
        reports=[
            _view(call, each, authors.get(each.row.target_account_id), said.get(each.row.id))
            for each in shown
        ],
        pager=Pager(older_url=older, newer_url=_HERE if params.max_id else ""),
    )
    return await call.page(page)


async def object_form(call: PageCall[ObjectionParams]) -> Response:
    """Object to that one's report was dismissed."""
    return await _objection(call)


async def _objection(
    call: PageCall[ObjectionParams], error: Invalid | Conflict | None = None
) -> Response:
    async with call.read() as reader:
        report = await access.one(reader, call.params.id)
        row = report.row
        if row.account_id != call.viewer_id or row.state != ReportState.DISMISSED:
            raise NotFound(f"dismissed report {row.id} of {call.viewer_id}")
        authors = await (await Presenter.of(call, reader)).authors([row.target_account_id])
    form = form_of({"text": call.params.text}, error) if error else Form()
    page = ObjectionPage(report=_view(call, report, authors.get(row.target_account_id)), form=form)
    return await call.page(page, error.status if error else 200)


async def objects(call: PageCall[ObjectionParams]) -> Response:
    """Say what is wrong about it."""
    params, services = call.params, call.services
    try:
        async with services.db.write() as tx:
            await complaining.complain(services, tx, call.viewer_id, params.id, params.text)
    except (Invalid, Conflict) as error:
        return await _objection(call, error)
    flash = "Your objection has arrived. Somebody else of the team will answer it."
    return call.redirect(_HERE, flash=flash)


def _view(
    call: PageCall[Any], report: Report, author: AuthorView | None, said: Appeal | None = None
) -> ReportView:
    row = report.row
    until = row.decided_at + call.services.settings.moderation.appeal_days * DAY
    dismissed = row.state == ReportState.DISMISSED
    return ReportView(
        id=str(row.id),
        created_at=row.created_at,
        about=author,
        category=facts_of(row.category).name,
        posts=len(report.post_ids),
        words=row.comment,
        state=ReportState(row.state).wire,
        decided_at=row.decided_at,
        may_object=dismissed and said is None and call.now < until,
        objection=became(said) if said else "",
        answer=said.answer if said else "",
    )


async def _more(
    call: PageCall[ReportParams], reader: Reader, account_id: int, post_id: int
) -> list[MoreView]:
    """The latest other posts of the account that the member sees."""
    window = await timelines_access.account(
        reader,
        call.viewer_id,
        account_id,
        Page.of(_MORE + 1, default=_MORE, cap=_MORE + 1),
        now=call.now,
        only=AccountFilter(exclude_reblogs=True),
    )
    ids = [post_of(each) for each in window.items if post_of(each) != post_id][:_MORE]
    rows = await posts_access.rows(reader, call.viewer_id, ids)
    bodies = await posts_access.bodies(reader, list(rows))
    chosen = set(call.params.posts)
    return [
        MoreView(
            id=str(each),
            created_at=rows[each].created_at,
            words=" ".join((bodies[each].spoiler_text or bodies[each].text).split())[:_WORDS],
            chosen=each in chosen,
        )
        for each in ids
        if each in rows and each in bodies
    ]


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, index, MEMBER, params=ListParams, unbound=True),
    Route(GET, f"{_HERE}/{{id}}/object", object_form, MEMBER, params=ObjectionParams),
    Route(POST, f"{_HERE}/{{id}}/object", objects, MEMBER, params=ObjectionParams),
    Route(GET, "/posts/{id}/report", post_form, MEMBER, params=ReportParams),
    Route(POST, "/posts/{id}/report", report_post, MEMBER, params=ReportParams),
    Route(GET, "/accounts/{id}/report", account_form, MEMBER, params=ReportParams),
    Route(POST, "/accounts/{id}/report", report_account, MEMBER, params=ReportParams),
)
