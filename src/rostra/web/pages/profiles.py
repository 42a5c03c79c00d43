"""Accounts: their pages, their feeds, whom they follow and who follows them."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from urllib.parse import quote

import msgspec

from rostra.http.response import Response
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import Page, Window
from rostra.kernel.text.entities import hashtag_key
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import AccountRow
from rostra.network.edge import Reader
from rostra.network.filters.model import Context
from rostra.network.posts.model import Visibility
from rostra.network.relations import access as relations_access
from rostra.network.relations.model import Link
from rostra.network.tags import access as tags_access
from rostra.network.timelines import access as timelines_access
from rostra.network.timelines.model import AccountFilter, post_of
from rostra.web.call import PageCall
from rostra.web.lists import PEOPLE, ListParams, beginning, page_of, pager
from rostra.web.pages.reading import entries
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, Route
from rostra.web.views.feed import FeedView
from rostra.web.views.parts import PictureView, PostView, ProfileView, Tab, TagView
from rostra.web.views.reading import FollowRequestsPage, PeoplePage, ProfilePage

PINS = 5
FEED_POSTS = 20
_FEED_TYPE = (b"content-type", b"application/rss+xml; charset=utf-8")
_FEED_CACHE = (b"cache-control", b"no-cache")
_ONLY = {
    "": AccountFilter(exclude_replies=True),
    "replies": AccountFilter(),
    "media": AccountFilter(only_media=True, exclude_reblogs=True),
}
_FEED_ONLY = AccountFilter(exclude_replies=True, exclude_reblogs=True)
_TABS = (("", "Posts"), ("replies", "Posts and replies"), ("media", "Pictures"))


_CIRCLES = (("following", "Following"), ("followers", "Followers"), ("featured", "Featured"))


class AcctParams(ListParams, frozen=True, kw_only=True):
    """Whose page, and which part of it."""

    acct: str


class TaggedParams(AcctParams, frozen=True, kw_only=True):
    """Whose posts with which hashtag."""

    name: str


async def account_of(call: PageCall[Any], reader: Reader, acct: str) -> AccountRow:
    """The account of this name.

    Raises:
        NotFound: there is none for the viewer.
    """
    username = accounts_access.local_username(call.services.settings, acct)
    row = await accounts_access.by_username(reader, username, call.viewer_id) if username else None
    if row is None:
        raise NotFound("no account of this name")
    return row


async def _profile(presenter: Presenter, account_id: int) -> ProfileView:
    found = await presenter.profile(account_id)
    if found is None:
        raise NotFound(f"account {account_id}")
    return found[0]


def _profile_page(kind: str) -> Callable[[PageCall[AcctParams]], Awaitable[Response]]:
    async def handle(call: PageCall[AcctParams]) -> Response:
        params, viewer_id = call.params, call.viewer_id
        async with call.read() as reader:
            row = await account_of(call, reader, params.acct)
            presenter = await Presenter.of(call, reader, Context.ACCOUNT)
            window = await timelines_access.account(
                reader, viewer_id, row.id, page_of(params), now=call.now, only=_ONLY[kind]
            )
            start = beginning(call, params, window)
            if start:
                return start
            profile = await _profile(presenter, row.id)
            first = not kind and params.max_id is None and params.min_id is None
            tags = await _featured_tags(reader, row)
            pins = await timelines_access.pinned(reader, viewer_id, row.id, PINS) if first else []
            posts = await entries(presenter, Window([*pins, *window.items]))
        pinned_ids = {str(post_of(pin)) for pin in pins}
        pinned = [_pin(post) for post in posts[: len(pins)] if post.id in pinned_ids]
        url = profile.author.url
        tabs = [
            Tab(label=label, url=f"{url}/{part}" if part else url, current=part == kind)
            for part, label in _TABS
        ]
        page = ProfilePage(
            profile=profile,
            tabs=tabs,
            posts=posts[len(pinned) :],
            pinned=pinned,
            tags=tags,
            pager=pager(f"{url}/{kind}" if kind else url, params, window),
        )
        return await call.page(page)

    return handle


async def _featured_tags(reader: Reader, row: AccountRow) -> list[TagView]:
    """The hashtags that an account shows, leading to its posts with them."""
    found = await tags_access.featured(reader, row.id)
    return [
        TagView(name=each.name, url=f"/@{row.acct}/tagged/{quote(each.name)}") for each in found
    ]


async def tagged(call: PageCall[TaggedParams]) -> Response:
    """An account's posts with a hashtag."""
    params, key = call.params, hashtag_key(call.params.name)
    async with call.read() as reader:
        row = await account_of(call, reader, params.acct)
        presenter = await Presenter.of(call, reader, Context.ACCOUNT)
        window = await timelines_access.account(
            reader, call.viewer_id, row.id, page_of(params), now=call.now, tagged=key
        )
        start = beginning(call, params, window)
        if start:
            return start
        profile = await _profile(presenter, row.id)
        tags = await _featured_tags(reader, row)
        posts = await entries(presenter, window)
    url = f"{profile.author.url}/tagged/{quote(params.name)}"
    name = next((each.name for each in tags if hashtag_key(each.name) == key), params.name)
    tabs = [
        Tab(label="Posts", url=profile.author.url),
        Tab(label=f"#{name}", url=url, current=True),
    ]
    page = ProfilePage(
        profile=profile, tabs=tabs, posts=posts, tags=tags, pager=pager(url, params, window)
    )
    return await call.page(page)


def _pin(post: PostView) -> PostView:
    return msgspec.structs.replace(post, key=f"pinned-{post.id}")


class Listing(Protocol):
    """Lists accounts around an account."""

    def __call__(
        self, reader: Reader, viewer_id: int, account_id: int, page: Page, *, now: int
    ) -> Awaitable[Window[Link]]:
        """One page."""
        ...


def _people_page(
    part: str, heading: str, listing: Listing
) -> Callable[[PageCall[AcctParams]], Awaitable[Response]]:
    async def handle(call: PageCall[AcctParams]) -> Response:
        params, viewer_id = call.params, call.viewer_id
        async with call.read() as reader:
            row = await account_of(call, reader, params.acct)
            presenter = await Presenter.of(call, reader)
            asked = page_of(params, PEOPLE)
            window = await listing(reader, viewer_id, row.id, asked, now=call.now)
            start = beginning(call, params, window, PEOPLE)
            if start:
                return start
            profile = await _profile(presenter, row.id)
            people = await presenter.people([link.account_id for link in window.items])
        url = profile.author.url
        tabs = [
            Tab(label=label, url=f"{url}/{each}", current=each == part) for each, label in _CIRCLES
        ]
        page = PeoplePage(
            profile=profile,
            heading=heading,
            tabs=tabs,
            people=people,
            pager=pager(f"{url}/{part}", params, window),
            hidden=part != "featured" and bool(row.hide_collections) and row.id != viewer_id,
        )
        return await call.page(page)

    return handle


async def feed(call: PageCall[AcctParams]) -> Response:
    """An account's public posts as RSS, as anybody may read them."""
    call.viewer = type(call.viewer).ANONYMOUS
    async with call.read() as reader:
        row = await account_of(call, reader, call.params.acct)
        presenter = await Presenter.of(call, reader)
        window = await timelines_access.account(
            reader, 0, row.id, Page(FEED_POSTS), now=call.now, only=_FEED_ONLY
        )
        profile = await _profile(presenter, row.id)
        posts = await entries(presenter, window)
    base = call.house.site.base_url
    public = [_absolute(post, base) for post in posts if post.visibility == Visibility.PUBLIC.wire]
    body = call.house.renderer.feed(await call.shell(), FeedView(profile=profile, posts=public))
    return Response(body, 200, (_FEED_TYPE, _FEED_CACHE))


def _absolute(post: PostView, base: str) -> PostView:
    def full(url: str) -> str:
        return url if "://" in url else base + url

    pictures: list[PictureView] = [
        msgspec.structs.replace(each, url=full(each.url)) for each in post.pictures
    ]
    return msgspec.structs.replace(post, url=full(post.url), pictures=pictures)


async def follow_requests(call: PageCall[ListParams]) -> Response:
    """Who asks to follow the member."""
    async with call.read() as reader:
        asked = page_of(call.params, PEOPLE)
        window = await relations_access.follow_requests(reader, call.viewer_id, asked)
        presenter = await Presenter.of(call, reader)
        people = await presenter.people([link.account_id for link in window.items])
    pages = pager("/follow-requests", call.params, window)
    return await call.page(FollowRequestsPage(people=people, pager=pages))


async def lasting(call: PageCall[AcctParams]) -> Response:
    """Lead from the lasting name of an account to its page."""
    async with call.read() as reader:
        row = await account_of(call, reader, call.params.acct)
    return call.redirect(f"/@{row.acct}")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/@{acct}", _profile_page(""), params=AcctParams),
    Route(GET, "/@{acct}/replies", _profile_page("replies"), params=AcctParams),
    Route(GET, "/@{acct}/media", _profile_page("media"), params=AcctParams),
    Route(
        GET,
        "/@{acct}/followers",
        _people_page("followers", "Followers", relations_access.followers),
        params=AcctParams,
    ),
    Route(
        GET,
        "/@{acct}/following",
        _people_page("following", "Following", relations_access.following),
        params=AcctParams,
    ),
    Route(
        GET,
        "/@{acct}/featured",
        _people_page("featured", "Featured", relations_access.endorsements),
        params=AcctParams,
    ),
    Route(GET, "/@{acct}/tagged/{name}", tagged, params=TaggedParams),
    Route(GET, "/@{acct}.rss", feed, params=AcctParams),
    Route(GET, "/users/{acct}", lasting, params=AcctParams),
    Route(GET, "/follow-requests", follow_requests, MEMBER, params=ListParams),
)
