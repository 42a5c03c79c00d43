"""Accounts for the team. Source: docs.joinmastodon.org/methods/admin/accounts."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, Auth, Call, Empty, Endpoint, Paged, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.admin import documents
from rostra.api.mastodon.entities.admin import AdminAccount
from rostra.api.mastodon.paging import PageParams, page_of
from rostra.api.safety.common import actor_of
from rostra.http.params import Id
from rostra.kernel.errors import Forbidden, Invalid
from rostra.kernel.paging import Window
from rostra.network.accounts import roster
from rostra.network.accounts.limits import Limit
from rostra.network.accounts.roster import Kept, Sought, Standing
from rostra.network.credentials.join import let_in, turn_away
from rostra.network.credentials.model import Role
from rostra.network.edge import Reader, Services, Transaction
from rostra.safety.categories.facts import facts_of
from rostra.safety.categories.model import Category
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions.lift import lift
from rostra.safety.decisions.model import Action, ActionKind, Ruling
from rostra.safety.decisions.of_reports import open_cases_of
from rostra.safety.reports import access as reports_access
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor, Permission

READ: Final = ("admin:read:accounts",)
WRITE: Final = ("admin:write:accounts",)
_ACTIONS: Final = {
    "none": ActionKind.WARN,
    "sensitive": ActionKind.SENSITIVE_ACCOUNT,
    "disable": ActionKind.FREEZE,
    "silence": ActionKind.LIMIT_ACCOUNT,
    "suspend": ActionKind.SUSPEND,
}


class V1Params(PageParams, frozen=True, kw_only=True):
    """Whom to list; what is not given leaves nobody out."""

    local: bool = False
    remote: bool = False
    active: bool = False
    pending: bool = False
    disabled: bool = False
    silenced: bool = False
    suspended: bool = False
    sensitized: bool = False
    username: str = ""
    display_name: str = ""
    by_domain: str = ""
    email: str = ""
    ip: str = ""
    staff: bool = False


class V2Params(PageParams, frozen=True, kw_only=True):
    """Whom to list; what is not given leaves nobody out."""

    origin: str = ""
    status: str = ""
    permissions: str = ""
    role_ids: tuple[str, ...] = ()
    invited_by: str = ""
    username: str = ""
    display_name: str = ""
    by_domain: str = ""
    email: str = ""
    ip: str = ""


class AccountId(msgspec.Struct, frozen=True):
    """Which account."""

    id: Id


class ActionParams(AccountId, frozen=True, kw_only=True):
    """What to do about an account, and why."""

    type: str = "none"
    report_id: Id | None = None
    warning_preset_id: str = ""
    text: str = ""
    send_email_notification: bool = True


async def _answer(call: Call[Any], reader: Reader, wanted: Sought | None) -> Paged:
    page = page_of(call.params, default=100, cap=200)
    rows = await roster.sought(reader, wanted, page) if wanted else []
    window = Window.of(rows, page, _id)
    shown = await documents.accounts(call, reader, window.items)
    body = Raw(render.join(shown[each.account.id] for each in window.items))
    return Paged(body, window.next_max_id, window.prev_min_id)


def _id(kept: Kept) -> int:
    return kept.account.id


async def list_v1(call: Call[V1Params]) -> Paged:
    """Accounts that meet all of what is asked for."""
    params = call.params
    standings = {
        Standing.ACTIVE: params.active,
        Standing.PENDING: params.pending,
        Standing.DISABLED: params.disabled,
        Standing.SUSPENDED: params.suspended,
    }
    chosen = [standing for standing, asked in standings.items() if asked]
    none = (params.remote and not params.local) or params.by_domain or params.ip
    wanted = Sought(
        standing=chosen[0] if chosen else Standing.ANY,
        limited=_limits(silenced=params.silenced, sensitized=params.sensitized),
        username=params.username,
        display_name=params.display_name,
        email=params.email,
        least_role=Role.MODERATOR if params.staff else Role.MEMBER,
    )
    return await _listed(call, None if none or len(chosen) > 1 else wanted)


def _limits(*, silenced: bool = False, sensitized: bool = False) -> Limit:
    return (Limit.REACH if silenced else Limit(0)) | (Limit.SENSITIVE if sensitized else Limit(0))


async def list_v2(call: Call[V2Params]) -> Paged:
    """Accounts that meet all of what is asked for."""
    params = call.params
    states = {
        "": Standing.ANY,
        "active": Standing.ACTIVE,
        "pending": Standing.PENDING,
        "disabled": Standing.DISABLED,
        "suspended": Standing.SUSPENDED,
        "silenced": Standing.ANY,
        "sensitized": Standing.ANY,
    }
    none = params.origin == "remote" or params.by_domain or params.ip or params.invited_by
    roles = [int(each) for each in params.role_ids if each.isdecimal() and len(each) < 3]  # noqa: PLR2004 (ours have one digit)
    staff = params.permissions == "staff"
    wanted = Sought(
        standing=states.get(params.status, Standing.ANY),
        limited=_limits(
            silenced=params.status == "silenced", sensitized=params.status == "sensitized"
        ),
        username=params.username,
        display_name=params.display_name,
        email=params.email,
        least_role=max([int(staff), *([min(roles)] if roles else [])]),
    )
    return await _listed(call, None if none or params.status not in states else wanted)


async def _listed(call: Call[Any], wanted: Sought | None) -> Paged:
    """The answer, read where it holds nobody up; None: nobody can meet what is asked for."""

    async def read(reader: Reader) -> Paged:
        await actor_of(call, reader, Permission.DECIDE_ACCOUNTS)
        return await _answer(call, reader, wanted)

    return await call.services.db.slowly(read)


async def _one(call: Call[Any], reader: Reader, account_id: int) -> Raw:
    kept = await roster.one(reader, account_id)
    return Raw((await documents.accounts(call, reader, [kept]))[account_id])


async def show(call: Call[AccountId]) -> Raw:
    """One account."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.DECIDE_ACCOUNTS)
        return await _one(call, reader, call.params.id)


async def approve(call: Call[AccountId]) -> Raw:
    """Let somebody in who waits."""
    async with call.services.db.write() as tx:
        await actor_of(call, tx, Permission.DECIDE_ACCOUNTS)
        await let_in(call.services, tx, call.params.id)
        return await _one(call, tx, call.params.id)


async def reject(call: Call[AccountId]) -> Raw:
    """Turn somebody away who waits; as they were until now."""
    async with call.services.db.write() as tx:
        await actor_of(call, tx, Permission.DECIDE_ACCOUNTS)
        before = await _one(call, tx, call.params.id)
        await turn_away(call.services, tx, call.params.id)
        return before


async def act(call: Call[ActionParams]) -> Empty:
    """Warn, limit, freeze or suspend an account, because of a report or without one."""
    params, services = call.params, call.services
    async with services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.DECIDE_ACCOUNTS)
        if params.type not in _ACTIONS:
            raise Invalid("type", "is not included in the list", "ERR_INCLUSION")
        await roster.one(tx, params.id)
        category = Category.OTHER
        case_ids: list[int] = []
        if params.report_id:
            report = (await reports_access.one(tx, params.report_id)).row
            if report.target_account_id != params.id:
                raise Invalid("report_id", "is about another account", "ERR_INVALID")
            category = Category(report.category)
            case_ids = await open_cases_of(tx, report.id)
        ruling = Ruling(
            actions=(Action(kind=_ACTIONS[params.type]),),
            category=category,
            facts=params.text or facts_of(category).name,
            words=params.text,
        )
        await _decided(services, tx, actor, ruling, case_ids, params.id)
    return Empty()


async def _decided(  # noqa: PLR0917 (one call)
    services: Services,
    tx: Transaction,
    actor: Actor,
    ruling: Ruling,
    case_ids: Sequence[int],
    account_id: int,
) -> None:
    if case_ids:
        await deciding.decide(services, tx, actor, ruling, case_ids)
    else:
        subject = Subject(SubjectKind.ACCOUNT, account_id)
        await deciding.decide_subjects(services, tx, actor, ruling, [subject])


def _lifting(*kinds: ActionKind) -> Callable[[Call[AccountId]], Awaitable[Raw]]:
    async def handle(call: Call[AccountId]) -> Raw:
        async with call.services.db.write() as tx:
            actor = await actor_of(call, tx, Permission.UNDO)
            await roster.one(tx, call.params.id)
            await lift(call.services, tx, actor, call.params.id, frozenset(kinds))
            return await _one(call, tx, call.params.id)

    return handle


async def remove(call: Call[AccountId]) -> Raw:
    """Let a suspended account be deleted, after the days in which that can be taken back."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.DECIDE_ACCOUNTS)
        kept = await roster.one(tx, call.params.id)
        if not kept.limits & Limit.SUSPENDED:
            raise Forbidden(f"account {call.params.id} is not suspended")
        ruling = Ruling(
            actions=(Action(kind=ActionKind.DELETE_ACCOUNT),),
            category=Category.OTHER,
            facts="The account was suspended before.",
        )
        await _decided(call.services, tx, actor, ruling, (), call.params.id)
        return await _one(call, tx, call.params.id)


def _endpoint(method: str, path: str, handler: Any, summary: str, **more: Any) -> Endpoint[Any]:
    values: dict[str, Any] = {
        "auth": Auth.USER,
        "scopes": READ if method == GET else WRITE,
        "params": AccountId,
        "answer": AdminAccount,
        "summary": summary,
    }
    return Endpoint(method, path, handler, **(values | more))


_V1 = "/api/v1/admin/accounts"
_LIFTED = (
    ("enable", (ActionKind.FREEZE,), "Let somebody sign in again"),
    ("unsilence", (ActionKind.LIMIT_ACCOUNT,), "Limit an account's reach no longer"),
    ("unsuspend", (ActionKind.SUSPEND, ActionKind.DELETE_ACCOUNT), "Suspend an account no longer"),
    ("unsensitive", (ActionKind.SENSITIVE_ACCOUNT,), "Cover an account's media no longer"),
)
ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(GET, _V1, list_v1, "Accounts", params=V1Params, answer=list[AdminAccount]),
    _endpoint(
        GET,
        "/api/v2/admin/accounts",
        list_v2,
        "Accounts",
        params=V2Params,
        answer=list[AdminAccount],
    ),
    _endpoint(GET, f"{_V1}/{{id}}", show, "One account"),
    _endpoint(POST, f"{_V1}/{{id}}/approve", approve, "Let somebody in who waits"),
    _endpoint(POST, f"{_V1}/{{id}}/reject", reject, "Turn somebody away who waits", errors=(409,)),
    _endpoint(DELETE, f"{_V1}/{{id}}", remove, "Let a suspended account be deleted"),
    _endpoint(
        POST,
        f"{_V1}/{{id}}/action",
        act,
        "Warn, limit, freeze or suspend an account",
        params=ActionParams,
        answer=Empty,
        errors=(409,),
    ),
    *(
        _endpoint(POST, f"{_V1}/{{id}}/{name}", _lifting(*kinds), summary)
        for name, kinds, summary in _LIFTED
    ),
)
