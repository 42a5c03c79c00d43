"""Search: people, hashtags, and for members posts."""

from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from rostra.http.params import Count
from rostra.http.response import Response
from rostra.network.accounts import access as accounts_access
from rostra.network.edge import Reader
from rostra.network.filters.model import Context
from rostra.network.search import access, lookup
from rostra.network.search.model import FoundTag, Part, PostQuery
from rostra.web.call import PageCall
from rostra.web.present import Presenter
from rostra.web.route import GET, Route
from rostra.web.views.parts import Pager, Tab, TagView
from rostra.web.views.reading import SearchPage

FEW = 5
MANY = 20
_LONGEST = 500
_KINDS = (("", "Everything"), ("people", "People"), ("tags", "Tags"), ("posts", "Posts"))

OPERATORS = (
    ('"green tea"', "the words in this order"),
    ("-coffee", "without this word; a minus goes before anything below as well"),
    ("from:ann, from:me", "by one member, or by yourself"),
    ("has:media", "also image, video, audio, poll, link, embed"),
    ("is:reply", "also sensitive, quote"),
    ("language:de", "in one language"),
    ("before:2025-03-31", "also after: and during:, with a day, a month or a year"),
    ("in:library", "yours, those you saved or favourited, and those that mention you"),
    ("in:public", "public posts of others who agreed to be found"),
)


class SearchParams(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for."""

    q: str = ""
    kind: str = ""
    offset: Count = Count(0)


class _Found(msgspec.Struct):
    people: list[int] = []
    tags: list[FoundTag] = []
    posts: list[int] = []
    more: bool = False


async def search(call: PageCall[SearchParams]) -> Response:
    """Look for people, hashtags and posts."""
    params, text = call.params, call.params.q.strip()[:_LONGEST]
    kind = params.kind if params.kind in dict(_KINDS) else ""
    if kind == "posts" and not call.viewer_id:
        kind = ""
    found = _Found()
    if text:
        call.count("search_account")

        async def find(reader: Reader) -> _Found:
            return await _find(call, reader, text, kind)

        found = await call.services.db.slowly(find)
    async with call.read() as reader:
        presenter = await Presenter.of(call, reader, Context.PUBLIC)
        people = await presenter.people(found.people)
        posts = await presenter.posts(found.posts)
    page = SearchPage(
        query=text,
        tabs=_tabs(text, kind, member=call.viewer_id != 0) if text else (),
        people=people,
        tags=[
            TagView(
                name=each.name,
                url=f"/tags/{quote(each.name)}",
                posts=sum(day.uses for day in each.history),
            )
            for each in found.tags
        ],
        posts=posts,
        problems=access.problems(text) if call.viewer_id else (),
        operators=OPERATORS if call.viewer_id else (),
        pager=_pager(text, kind, params.offset, more=found.more),
    )
    return await call.page(page)


async def _find(call: PageCall[SearchParams], reader: Reader, text: str, kind: str) -> _Found:
    """What there is: a few of each kind, or many of one."""
    viewer_id, found = call.viewer_id, _Found()
    named = lookup.named(call.services.settings, text)
    if named is not None:
        if named.username:
            row = await accounts_access.by_username(reader, named.username, viewer_id)
            found.people = [row.id] if row else []
        found.posts = [named.post_id] if named.post_id else []
        return found
    part = Part(MANY, call.params.offset) if kind else Part(FEW)
    only_tags, only_people = text.startswith("#"), text.startswith("@")
    if kind in {"", "people"} and not only_tags:
        found.people = await access.accounts(reader, viewer_id, text, part)
    if kind in {"", "tags"} and not only_people:
        found.tags = await access.tags(reader, text, part, now=call.now)
    if kind in {"", "posts"} and viewer_id and not only_people:
        wide = part if kind else Part(MANY)
        asked = PostQuery(text, domain=call.services.settings.domain)
        found.posts = await access.posts(reader, viewer_id, asked, wide, now=call.now)
    size = max(len(found.people), len(found.tags), len(found.posts))
    found.more = bool(kind) and size >= MANY
    return found


def _tabs(text: str, kind: str, *, member: bool) -> list[Tab]:
    return [
        Tab(label=label, url=_url(text, each), current=each == kind)
        for each, label in _KINDS
        if member or each != "posts"
    ]


def _pager(text: str, kind: str, offset: int, *, more: bool) -> Pager:
    newer = _url(text, kind, max(0, offset - MANY)) if kind and offset else ""
    return Pager(older_url=_url(text, kind, offset + MANY) if more else "", newer_url=newer)


def _url(text: str, kind: str, offset: int = 0) -> str:
    query = {"q": text, "kind": kind, "offset": str(offset) if offset else ""}
    return "/search?" + urlencode({name: value for name, value in query.items() if value})


ROUTES: tuple[Route[Any], ...] = (Route(GET, "/search", search, params=SearchParams),)
