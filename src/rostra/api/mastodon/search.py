"""Search. Source: docs.joinmastodon.org/methods/search and accounts#search."""

from typing import Any, Literal

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.accounts import Account
from rostra.api.mastodon.entities.search import Search
from rostra.api.mastodon.tags import tag_entities
from rostra.http.params import Count, Id
from rostra.kernel.errors import Fault, Invalid, Unauthorized
from rostra.kernel.paging import MAX_BOUND
from rostra.network.accounts import access as accounts_access
from rostra.network.edge import Reader
from rostra.network.instance import access as instance_access
from rostra.network.search import access
from rostra.network.search.lookup import Named, named
from rostra.network.search.model import FoundTag, Part, PostQuery

_encode = msgspec.json.Encoder().encode
_DEFAULT, _CAP = 20, 40
_PEOPLE_DEFAULT, _PEOPLE_CAP = 40, 80


class SearchParams(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for."""

    q: str
    type: Literal["accounts", "hashtags", "statuses"] | None = None
    resolve: bool = False
    following: bool = False
    exclude_unreviewed: bool = False  # only hashtags that operators let trend
    account_id: Id | None = None
    max_id: Id | None = None
    min_id: Id | None = None
    limit: Count | None = None
    offset: Count | None = None


class PeopleParams(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to look for."""

    q: str
    resolve: bool = False
    following: bool = False
    limit: Count | None = None
    offset: Count | None = None


class _Found(msgspec.Struct):
    accounts: list[int] = []
    posts: list[int] = []
    tags: list[FoundTag] = []


def _part(limit: int | None, offset: int | None, default: int, cap: int) -> Part:
    return Part(min(limit or default, cap), offset or 0)


async def search(call: Call[SearchParams]) -> Raw:
    """Accounts, hashtags and posts; an address or a handle of something here is looked up."""
    given, services, viewer_id = call.params, call.services, call.viewer.account_id
    if not viewer_id and (given.offset or given.resolve):
        raise Unauthorized(safe="Search queries with this option need you to be signed in")
    part = _part(given.limit, given.offset, _DEFAULT, _CAP)
    what = named(services.settings, given.q)
    if given.type == "statuses" and what is None:
        _check(given.q)

    async def find(reader: Reader) -> _Found:
        if what is not None:
            return await _look_up(reader, viewer_id, what, given)
        return await _find(reader, call, part)

    found = await services.db.slowly(find)
    async with services.db.read() as reader:
        accounts = await render.accounts(call, reader, found.accounts)
        statuses = await render.statuses(call, reader, found.posts)
        tags = _encode(await tag_entities(services, reader, viewer_id, found.tags))
    return Raw(
        b'{"accounts":%s,"statuses":%s,"hashtags":%s}'
        % (render.join(accounts), render.join(statuses), tags)
    )


def _check(query: str) -> None:
    """Who looks for posts alone is told what of the query is not understood."""
    faults = [Fault("q", problem, "ERR_INVALID") for problem in access.problems(query)]
    if faults:
        raise Invalid.many(faults)


async def _find(reader: Reader, call: Call[SearchParams], part: Part) -> _Found:
    given, viewer_id, services = call.params, call.viewer.account_id, call.services
    now, found = services.clock.now(), _Found()
    if given.type in {None, "accounts"}:
        found.accounts = await access.accounts(
            reader, viewer_id, given.q, part, following=given.following and viewer_id != 0
        )
    if given.type in {None, "hashtags"}:
        reviewed = given.exclude_unreviewed  # which Mastodon.py asks for unless told otherwise
        if reviewed:
            place = await instance_access.settings(services, reader)
            reviewed = not place.trends_unreviewed  # else nothing waits for a review
        found.tags = await access.tags(reader, given.q, part, now=now, reviewed=reviewed)
    if given.type in {None, "statuses"}:
        asked = PostQuery(
            given.q,
            author_id=given.account_id or 0,
            below=given.max_id or MAX_BOUND,
            above=given.min_id or 0,
            domain=services.settings.domain,
        )
        found.posts = await access.posts(reader, viewer_id, asked, part, now=now)
    return found


async def _look_up(reader: Reader, viewer_id: int, what: Named, given: SearchParams) -> _Found:
    found = _Found()
    if given.offset:
        return found
    if what.post_id and given.type in {None, "statuses"}:
        found.posts = [what.post_id]  # rendering leaves it out where the viewer may not see it
    if what.username and given.type in {None, "accounts"}:
        account = await accounts_access.by_username(reader, what.username, viewer_id)
        found.accounts = [account.id] if account else []
    return found


async def people(call: Call[PeopleParams]) -> Raw:
    """Accounts whose names begin so."""
    given, services, viewer_id = call.params, call.services, call.viewer.account_id
    part = _part(given.limit, given.offset, _PEOPLE_DEFAULT, _PEOPLE_CAP)
    what = named(services.settings, given.q)

    async def find(reader: Reader) -> list[int]:
        if what is None:
            return await access.accounts(
                reader, viewer_id, given.q, part, following=given.following
            )
        account = await accounts_access.by_username(reader, what.username, viewer_id)
        return [account.id] if account and not part.offset else []

    found = await services.db.slowly(find)
    async with services.db.read() as reader:
        return Raw(render.join(await render.accounts(call, reader, found)))


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/v2/search",
        search,
        auth=Auth.OPTIONAL,
        scopes=("read:search",),
        params=SearchParams,
        answer=Search,
        limits=("search_account",),
        errors=(401,),
        summary="Find accounts, hashtags and posts",
    ),
    Endpoint(
        GET,
        "/api/v1/accounts/search",
        people,
        auth=Auth.USER,
        scopes=("read:accounts",),
        params=PeopleParams,
        answer=list[Account],
        limits=("search_account",),
        summary="Find accounts by the beginnings of their names",
    ),
)
