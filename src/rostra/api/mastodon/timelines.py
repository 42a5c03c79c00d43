"""Home, public, hashtag and account timelines. Source: docs.joinmastodon.org/methods/timelines."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from rostra.api.endpoint import GET, Auth, Call, Endpoint, Paged, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.statuses import Status
from rostra.api.mastodon.paging import PageParams, page_of_posts
from rostra.http.params import Id
from rostra.kernel.errors import NotFound, Unauthorized, Unavailable
from rostra.kernel.paging import Window
from rostra.kernel.text.entities import hashtag_key
from rostra.network.accounts import cards
from rostra.network.edge import Database, Reader, Services
from rostra.network.instance import access as instance_access
from rostra.network.posts import access as posts_access
from rostra.network.timelines import access, fan_out
from rostra.network.timelines.model import AccountFilter, Entry, TagFilter
from rostra.network.trends import access as trends_access

_TAGS_MAX = 4  # further hashtags of a request, of each kind
_MERGED_FRESH_S = 10.0


class PublicParams(PageParams, frozen=True):
    """Which public posts."""

    local: bool = False
    remote: bool = False
    only_media: bool = False


class TagParams(PublicParams, frozen=True, kw_only=True):
    """Which posts with a hashtag."""

    hashtag: str
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class LinkParams(PageParams, frozen=True, kw_only=True):
    """Which posts that lead to a link."""

    url: str


class AccountParams(PageParams, frozen=True, kw_only=True):
    """Which posts of an account."""

    id: Id
    only_media: bool = False
    exclude_replies: bool = False
    exclude_reblogs: bool = False
    pinned: bool = False
    tagged: str = ""


async def answer(call: render.Asking, reader: Reader, window: Window[Entry]) -> Paged:
    """The posts of a part of a timeline."""
    entries = window.items
    rows = await posts_access.brought(reader, call.viewer.account_id, entries)
    ids = [entry[0] for entry in entries]
    shown = await render.statuses_of_rows(call, reader, ids, rows)
    items = [shown[post_id] for post_id in ids if post_id in shown]
    return Paged(Raw(render.join(items)), window.next_max_id, window.prev_min_id)


@dataclass(slots=True)
class _Merged:
    """The accounts whose posts homes merge, as this process last saw them."""

    accounts: tuple[int, ...]
    seen_at: float


class HomeTimeline:
    """Answers the home timeline; knows for ten seconds which accounts homes merge."""

    def __init__(self) -> None:
        # By database: the endpoint table is one for all that run in this process.
        self._merged: WeakKeyDictionary[Database, _Merged] = WeakKeyDictionary()

    async def __call__(self, call: Call[PageParams]) -> Paged:
        """Posts of those whom the member follows."""
        services, viewer_id, page = (
            call.services,
            call.viewer.account_id,
            page_of_posts(call.params),
        )
        tagged = call.viewer.followed_tags > 0
        async with services.db.read() as reader:
            merged = await self._merged_accounts(services, reader)
            now = services.clock.now()
            window, asleep = await access.home(
                reader, viewer_id, page, now=now, merged=merged, tagged=tagged
            )
            if not asleep:
                return await answer(call, reader, window)
        # Behind a closed gate reading goes on: an empty home, built when writing is back.
        with suppress(Unavailable):
            async with services.db.write() as tx:
                await fan_out.rebuild(services, tx, viewer_id)
        async with services.db.read() as reader:
            window, _ = await access.home(
                reader, viewer_id, page, now=now, merged=merged, tagged=tagged
            )
            return await answer(call, reader, window)

    async def _merged_accounts(self, services: Services, reader: Reader) -> tuple[int, ...]:
        now = services.clock.monotonic()
        known = self._merged.get(services.db)
        if known is None or now - known.seen_at > _MERGED_FRESH_S:
            known = self._merged[services.db] = _Merged(await access.merged_accounts(reader), now)
        return known.accounts


async def _admit(call: Call[Any], reader: Reader) -> None:
    """Visitors read the public timelines only where the operator lets them.

    Raises:
        Unauthorized: they may not.
    """
    if not call.viewer.account_id:
        place = await instance_access.settings(call.services, reader)
        if not place.public_timelines:
            raise Unauthorized(safe="This method requires an authenticated user")


async def public(call: Call[PublicParams]) -> Paged:
    """Public posts; everything is local as long as nothing is federated."""
    params, services = call.params, call.services
    async with services.db.read() as reader:
        await _admit(call, reader)
        if params.remote and not params.local:
            return Paged(Raw(b"[]"))
        window = await access.public(
            reader,
            call.viewer.account_id,
            page_of_posts(params),
            now=services.clock.now(),
            only_media=params.only_media,
        )
        return await answer(call, reader, window)


async def tag(call: Call[TagParams]) -> Paged:
    """Public posts with a hashtag."""
    params, services = call.params, call.services
    async with services.db.read() as reader:
        await _admit(call, reader)
        if params.remote and not params.local:
            return Paged(Raw(b"[]"))
        window = await access.tag(
            reader,
            call.viewer.account_id,
            hashtag_key(params.hashtag),
            page_of_posts(params),
            now=services.clock.now(),
            only=TagFilter(
                any=_folded(params.any),
                all=_folded(params.all),
                none=_folded(params.none),
                only_media=params.only_media,
            ),
        )
        return await answer(call, reader, window)


async def link(call: Call[LinkParams]) -> Paged:
    """Public posts that lead to a link which trends."""
    params, services, viewer_id = call.params, call.services, call.viewer.account_id
    async with services.db.read() as reader:
        known = await trends_access.links_to(services, reader, viewer_id, params.url)
        if not known:
            raise NotFound("no link that trends has this address")
        now = services.clock.now()
        window = await access.link(reader, viewer_id, known, page_of_posts(params), now=now)
        return await answer(call, reader, window)


def _folded(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(hashtag_key(name) for name in names[:_TAGS_MAX] if name)


async def of_account(call: Call[AccountParams]) -> Paged:
    """What an account has posted and reblogged, or pinned."""
    params, services, viewer_id = call.params, call.services, call.viewer.account_id
    page = page_of_posts(params)
    async with services.db.read() as reader:
        if params.pinned:
            entries = await access.pinned(reader, viewer_id, params.id, page.limit)
            await _must_exist(reader, viewer_id, params.id, entries)
            return await answer(call, reader, Window(entries))
        window = await access.account(
            reader,
            viewer_id,
            params.id,
            page,
            now=services.clock.now(),
            only=AccountFilter(
                exclude_replies=params.exclude_replies,
                exclude_reblogs=params.exclude_reblogs,
                only_media=params.only_media,
            ),
            tagged=hashtag_key(params.tagged) if params.tagged else "",
        )
        await _must_exist(reader, viewer_id, params.id, window.items)
        return await answer(call, reader, window)


async def _must_exist(
    reader: Reader, viewer_id: int, account_id: int, entries: Sequence[Entry]
) -> None:
    """Refuse an account that does not exist for the viewer; who shows them posts does exist."""
    if not entries and not await cards.head_rows(reader, viewer_id, [account_id]):
        raise NotFound(f"account {account_id} for viewer {viewer_id}")


ENDPOINTS = (
    Endpoint(
        GET,
        "/api/v1/timelines/home",
        HomeTimeline(),
        auth=Auth.USER,
        scopes=("read:statuses",),
        params=PageParams,
        answer=list[Status],
        summary="Posts of those whom the member follows",
    ),
    Endpoint(
        GET,
        "/api/v1/timelines/public",
        public,
        auth=Auth.OPTIONAL,
        scopes=("read:statuses",),
        params=PublicParams,
        answer=list[Status],
        summary="Public posts",
    ),
    Endpoint(
        GET,
        "/api/v1/timelines/tag/{hashtag}",
        tag,
        auth=Auth.OPTIONAL,
        scopes=("read:statuses",),
        params=TagParams,
        answer=list[Status],
        summary="Public posts with a hashtag",
    ),
    Endpoint(
        GET,
        "/api/v1/timelines/link",
        link,
        auth=Auth.OPTIONAL,
        scopes=("read:statuses",),
        params=LinkParams,
        answer=list[Status],
        errors=(404,),
        summary="Public posts that lead to a link which trends",
    ),
    Endpoint(
        GET,
        "/api/v1/accounts/{id}/statuses",
        of_account,
        auth=Auth.OPTIONAL,
        scopes=("read:statuses",),
        params=AccountParams,
        answer=list[Status],
        summary="What an account has posted and reblogged",
    ),
)
