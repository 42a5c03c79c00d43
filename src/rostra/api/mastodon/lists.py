"""Lists, their members and their timelines. Source: docs.joinmastodon.org/methods/lists."""

from collections.abc import Callable
from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, PUT, Auth, Call, Empty, Endpoint, Paged, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.accounts import Account
from rostra.api.mastodon.entities.lists import List
from rostra.api.mastodon.entities.statuses import Status
from rostra.api.mastodon.paging import PageParams, page_of, page_of_posts
from rostra.api.mastodon.relation_lists import AccountListParams
from rostra.api.mastodon.relations import AccountId
from rostra.api.mastodon.timelines import answer
from rostra.http.params import Id, NoParams
from rostra.kernel.paging import Page
from rostra.network.lists import access, manage
from rostra.network.lists.model import ListChanges, ListRow, RepliesPolicy


class ListId(msgspec.Struct, frozen=True):
    """Which list."""

    id: Id


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is to be."""

    title: str
    replies_policy: str | None = None
    exclusive: bool | None = None


class ListChangeParams(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change of a list; what is not sent stays."""

    id: Id
    title: str | None = None
    replies_policy: str | None = None
    exclusive: bool | None = None


class MemberParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which accounts, of which list."""

    id: Id
    account_ids: tuple[Id, ...] = ()


class ListTimelineParams(PageParams, frozen=True, kw_only=True):
    """Which list, and which part of its timeline."""

    id: Id


def list_entity(row: ListRow) -> List:
    """A list as clients read it."""
    policy = RepliesPolicy(row.replies_policy).wire
    return List(str(row.id), row.title, policy, bool(row.exclusive))


async def index(call: Call[NoParams]) -> list[List]:
    """The member's lists."""
    async with call.services.db.read() as reader:
        rows = await access.all_own(reader, call.viewer.account_id)
    return [list_entity(row) for row in rows]


async def show(call: Call[ListId]) -> List:
    """One of the member's lists."""
    async with call.services.db.read() as reader:
        return list_entity(await access.own(reader, call.viewer.account_id, call.params.id))


async def of_account(call: Call[AccountId]) -> list[List]:
    """Those of the member's lists in which an account stands."""
    async with call.services.db.read() as reader:
        rows = await access.with_account(reader, call.viewer.account_id, call.params.id)
    return [list_entity(row) for row in rows]


async def create(call: Call[ListParams]) -> List:
    """Make a list."""
    given = call.params
    changes = ListChanges(given.title, given.replies_policy, given.exclusive)
    async with call.services.db.write() as tx:
        return list_entity(await manage.create(call.services, tx, call.viewer.account_id, changes))


async def change(call: Call[ListChangeParams]) -> List:
    """Change a list."""
    given = call.params
    changes = ListChanges(given.title, given.replies_policy, given.exclusive)
    async with call.services.db.write() as tx:
        return list_entity(
            await manage.change(call.services, tx, call.viewer.account_id, given.id, changes)
        )


async def remove(call: Call[ListId]) -> Empty:
    """Delete a list."""
    async with call.services.db.write() as tx:
        await manage.delete(call.services, tx, call.viewer.account_id, call.params.id)
    return Empty()


async def members(call: Call[AccountListParams]) -> Paged:
    """Who stands in a list; all at once with ``limit=0``."""
    params = call.params
    page = page_of(params)
    if params.limit == 0:
        page = Page(manage.MEMBERS_MAX, params.max_id, params.since_id, params.min_id)
    async with call.services.db.read() as reader:
        window = await access.members(reader, call.viewer.account_id, params.id, page)
        items = await render.accounts(call, reader, [line.account_id for line in window.items])
    return Paged(Raw(render.join(items)), window.next_max_id, window.prev_min_id)


def _change_members(verb: Callable[..., Any]) -> Callable[[Call[MemberParams]], Any]:
    async def handle(call: Call[MemberParams]) -> Empty:
        params, viewer_id = call.params, call.viewer.account_id
        async with call.services.db.write() as tx:
            await verb(call.services, tx, viewer_id, params.id, params.account_ids)
        return Empty()

    return handle


async def timeline(call: Call[ListTimelineParams]) -> Paged:
    """What the members of a list have posted."""
    params, viewer_id = call.params, call.viewer.account_id
    async with call.services.db.read() as reader:
        window = await access.timeline(
            reader, viewer_id, params.id, page_of_posts(params), now=call.services.clock.now()
        )
        return await answer(call, reader, window)


def _endpoint(
    method: str, path: str, handler: Callable[[Call[Any]], Any], answered: Any, summary: str
) -> Endpoint[Any]:
    return Endpoint(
        method,
        f"/api/v1/{path}",
        handler,
        auth=Auth.USER,
        scopes=("read:lists",) if method == GET else ("write:lists",),
        params=_PARAMS.get(handler, NoParams),
        answer=answered,
        owned="id" if "lists/{id}" in path or "list/{id}" in path else "",
        summary=summary,
    )


_add, _remove = _change_members(manage.add_members), _change_members(manage.remove_members)
_PARAMS: dict[Callable[..., Any], type[msgspec.Struct]] = {
    create: ListParams,
    show: ListId,
    change: ListChangeParams,
    remove: ListId,
    members: AccountListParams,
    _add: MemberParams,
    _remove: MemberParams,
    timeline: ListTimelineParams,
    of_account: AccountId,
}
_AT = "lists/{id}/accounts"

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(GET, "lists", index, list[List], "The member's lists"),
    _endpoint(POST, "lists", create, List, "Make a list"),
    _endpoint(GET, "lists/{id}", show, List, "One of the member's lists"),
    _endpoint(PUT, "lists/{id}", change, List, "Change a list"),
    _endpoint(DELETE, "lists/{id}", remove, Empty, "Delete a list"),
    _endpoint(GET, _AT, members, list[Account], "Who stands in a list"),
    _endpoint(POST, _AT, _add, Empty, "Put accounts into a list"),
    _endpoint(DELETE, _AT, _remove, Empty, "Take accounts out of a list"),
    _endpoint(GET, "timelines/list/{id}", timeline, list[Status], "What its members have posted"),
    _endpoint(GET, "accounts/{id}/lists", of_account, list[List], "The lists with an account"),
)
