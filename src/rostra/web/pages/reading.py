"""Timelines: the front page, public posts, home, hashtags, favourites and bookmarks."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from rostra.http.params import NoParams
from rostra.http.response import Response
from rostra.kernel.paging import Page, Window
from rostra.kernel.text.entities import hashtag_key
from rostra.network.accounts import access as accounts_access
from rostra.network.edge import Reader
from rostra.network.filters.model import Context
from rostra.network.instance import access as instance_access
from rostra.network.posts import threads
from rostra.network.posts.model import Engagement
from rostra.network.search import access as search_access
from rostra.network.tags import access as tags_access
from rostra.network.timelines import access, fan_out
from rostra.network.timelines.model import Entry
from rostra.web.announced import announcement_views
from rostra.web.call import PageCall
from rostra.web.lists import ListParams, beginning, page_of, pager
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, Route
from rostra.web.views.parts import AuthorView, Pager, PostView, RuleView, TagView
from rostra.web.views.reading import FrontPage, SavedPage, TagPage, TimelinePage, explore_tabs

FRONT_POSTS = 12
FRONT_FACES = 12


class PublicParams(ListParams, frozen=True, kw_only=True):
    """Which public posts."""

    only: str = ""


class TagParams(ListParams, frozen=True, kw_only=True):
    """Which hashtag."""

    name: str


async def entries(presenter: Presenter, window: Window[Entry]) -> list[PostView]:
    """The posts of a part of a timeline; originals of reblogs are asked for with them."""
    originals = [entry[1] for entry in window.items if entry[1]]
    return await presenter.posts([entry[0] for entry in window.items], also=originals)


async def front(call: PageCall[NoParams]) -> Response:
    """What this place is, for visitors; members go home."""
    if call.viewer_id:
        return call.redirect("/home")
    services = call.services
    async with call.read() as reader:
        presenter = await Presenter.of(call, reader)
        place = await instance_access.place(services, reader)
        posts: list[PostView] = []
        if place.settings.public_timelines:
            window = await access.public(reader, 0, Page(FRONT_POSTS), now=call.now)
            posts = await entries(presenter, window)
        faces: list[int] = []
        if place.settings.profile_directory:
            faces = await accounts_access.directory(
                reader, 0, newest=False, limit=FRONT_FACES, offset=0, now=call.now
            )
        people = await presenter.authors(faces)
        contact = await contact_of(presenter, place.settings.contact_username)
    page = FrontPage(
        posts=posts,
        pager=Pager(),
        rules=[RuleView(text=rule.text, hint=rule.hint) for rule in place.rules],
        tags=presenter.talked_about(),
        people=[people[each] for each in faces if each in people],
        contact=contact,
    )
    return await call.page(page)


async def contact_of(presenter: Presenter, username: str) -> AuthorView | None:
    """The account that speaks for the place."""
    if not username:
        return None
    row = await accounts_access.by_username(presenter.reader, username, presenter.viewer_id)
    return (await presenter.authors([row.id])).get(row.id) if row else None


async def public(call: PageCall[PublicParams]) -> Response:
    """Public posts, the newest first."""
    params = call.params
    pictures = params.only == "pictures"
    async with call.read() as reader:
        place = await instance_access.place(call.services, reader)
        if not call.viewer_id and not place.settings.public_timelines:
            return call.sign_in_first()
        presenter = await Presenter.of(call, reader, Context.PUBLIC)
        window = await access.public(
            reader, call.viewer_id, page_of(params), now=call.now, only_media=pictures
        )
        start = beginning(call, params, window)
        if start:
            return start
        posts = await entries(presenter, window)
    only = "pictures" if pictures else ""
    page = TimelinePage(
        kind="public",
        posts=posts,
        pager=pager("/public", params, window, only=only),
        tabs=explore_tabs(only),
        tags=presenter.talked_about(),
    )
    return await call.page(page)


async def home(call: PageCall[ListParams]) -> Response:
    """Posts of those whom the member follows."""
    params, services, viewer_id = call.params, call.services, call.viewer_id
    async with call.read() as reader:
        window, asleep = await _home(call, reader)
    if asleep:
        async with services.db.write() as tx:
            await fan_out.rebuild(services, tx, viewer_id)
    async with call.read() as reader:
        if asleep:
            window, _ = await _home(call, reader)
        start = beginning(call, params, window)
        if start:
            return start
        posts = await entries(await Presenter.of(call, reader, Context.HOME), window)
        first = params == ListParams()
        told = await announcement_views(call, reader, unread=True) if first else []
    pages = pager("/home", params, window)
    return await call.page(TimelinePage(kind="home", posts=posts, pager=pages, announcements=told))


async def _home(call: PageCall[ListParams], reader: Reader) -> tuple[Window[Entry], bool]:
    merged = await access.merged_accounts(reader)
    page = page_of(call.params)
    tagged = call.viewer.followed_tags > 0
    return await access.home(
        reader, call.viewer_id, page, now=call.now, merged=merged, tagged=tagged
    )


async def tag(call: PageCall[TagParams]) -> Response:
    """Public posts with a hashtag."""
    params, key = call.params, hashtag_key(call.params.name)
    async with call.read() as reader:
        place = await instance_access.place(call.services, reader)
        if not call.viewer_id and not place.settings.public_timelines:
            return call.sign_in_first()
        window = await access.tag(reader, call.viewer_id, key, page_of(params), now=call.now)
        start = beginning(call, params, window)
        if start:
            return start
        found = await search_access.tag(reader, key, now=call.now)
        mine = await tags_access.mine(reader, call.viewer_id, [key])
        posts = await entries(await Presenter.of(call, reader, Context.PUBLIC), window)
    path = f"/tags/{quote(params.name)}"
    view = TagView(
        name=params.name,
        url=path,
        posts=sum(day.uses for day in found.history),
        people=max((day.accounts for day in found.history), default=0),
    )
    page = TagPage(
        tag=view,
        posts=posts,
        pager=pager(path, params, window),
        followed=key in mine.following if call.viewer_id else None,
    )
    return await call.page(page)


Kept = Callable[[Reader, int, Page], Awaitable[Window[Engagement]]]


def _saved(kind: str, listing: Kept) -> Callable[[PageCall[ListParams]], Awaitable[Response]]:
    async def handle(call: PageCall[ListParams]) -> Response:
        async with call.read() as reader:
            window = await listing(reader, call.viewer_id, page_of(call.params))
            start = beginning(call, call.params, window)
            if start:
                return start
            presenter = await Presenter.of(call, reader)
            posts = await presenter.posts([row.subject_id for row in window.items])
        pages = pager(f"/{kind}", call.params, window)
        return await call.page(SavedPage(kind=kind, posts=posts, pager=pages))

    return handle


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/", front),
    Route(GET, "/public", public, params=PublicParams),
    Route(GET, "/home", home, MEMBER, params=ListParams),
    Route(GET, "/tags/{name}", tag, params=TagParams),
    Route(GET, "/favourites", _saved("favourites", threads.favourites), MEMBER, params=ListParams),
    Route(GET, "/bookmarks", _saved("bookmarks", threads.bookmarks), MEMBER, params=ListParams),
)
