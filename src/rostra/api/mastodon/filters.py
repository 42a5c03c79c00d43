"""Filters. Source: docs.joinmastodon.org/methods/filters."""

from functools import partial
from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, PUT, Call, Empty, Endpoint
from rostra.api.mastodon.entities.filters import Filter, FilterKeyword, FilterStatus
from rostra.api.mastodon.filtered import filter_head
from rostra.api.mastodon.own import own
from rostra.http.params import Id
from rostra.kernel import ids
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.filters import access, change
from rostra.network.filters.model import (
    FilteredPost,
    FilterRules,
    FilterWish,
    Keyword,
    KeywordWish,
)

_UNSET = msgspec.UNSET
Optional = str | None | msgspec.UnsetType


class KeywordAttributes(msgspec.Struct, frozen=True):
    """A keyword to add, to change (with its id) or to remove."""

    id: str = ""
    keyword: str | None = None
    whole_word: bool | None = None
    destroy: bool = msgspec.field(default=False, name="_destroy")


class FilterChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What a filter is to be."""

    title: str | None = None
    context: tuple[str, ...] | None = None
    filter_action: str | None = None
    expires_in: Optional = _UNSET
    keywords_attributes: tuple[KeywordAttributes, ...] = ()


class FilterId(msgspec.Struct, frozen=True):
    """Which filter, keyword or entry."""

    id: Id


class FilterUpdate(FilterChanges, frozen=True, kw_only=True):
    """Which filter, and what it is to be."""

    id: Id


class OfFilter(msgspec.Struct, frozen=True):
    """Whose keywords or posts."""

    filter_id: Id


class NewKeyword(OfFilter, frozen=True, kw_only=True):
    """A keyword for a filter."""

    keyword: str
    whole_word: bool | None = None


class KeywordUpdate(FilterId, frozen=True, kw_only=True):
    """What a keyword is to be."""

    keyword: str
    whole_word: bool | None = None


class NewPost(OfFilter, frozen=True, kw_only=True):
    """A single post for a filter."""

    status_id: str


def ending(given: Optional) -> tuple[int | None, bool]:
    """In how many seconds a filter ends (None: as it was), and whether it never does.

    Raises:
        Invalid: it is no number.
    """
    if isinstance(given, msgspec.UnsetType):
        return None, False
    text = (given or "").strip()
    if text in {"", "null", "undefined"}:
        return None, True
    if not (text.isascii() and text.isdecimal()) or len(text) > 12:  # noqa: PLR2004 (3,000 years)
        raise Invalid("expires_in", "is invalid")
    return int(text), False


def _wish(params: FilterChanges) -> FilterWish:
    seconds, never = ending(params.expires_in)
    return FilterWish(
        title=params.title,
        contexts=params.context,
        action=params.filter_action or None,
        expires_in_s=seconds,
        never_expires=never,
        keywords=tuple(_keyword_wish(each) for each in params.keywords_attributes),
    )


def _keyword_wish(given: KeywordAttributes) -> KeywordWish:
    keyword_id = 0
    if given.id:
        parsed = ids.parse(given.id)
        if not parsed:
            raise NotFound(f"filter keyword {given.id[:80]!r}")
        keyword_id = parsed
    return KeywordWish(keyword_id, given.keyword, given.whole_word, given.destroy)


def keyword_entity(keyword: Keyword) -> FilterKeyword:
    """A keyword as clients read it."""
    return FilterKeyword(str(keyword.id), keyword.keyword, bool(keyword.whole_word))


def post_entity(entry: FilteredPost) -> FilterStatus:
    """A single post as clients read it."""
    return FilterStatus(str(entry.id), str(entry.post_id))


def filter_entity(rules: FilterRules) -> Filter:
    """A filter with all that it looks for."""
    return Filter(
        **filter_head(rules.filter),  # type: ignore[arg-type] # they are its fields
        keywords=tuple(map(keyword_entity, rules.keywords)),
        statuses=tuple(map(post_entity, rules.posts)),
    )


async def list_all(call: Call[Any]) -> list[Filter]:
    """The member's filters."""
    async with call.services.db.read() as reader:
        found = await access.all_rules(reader, call.viewer.account_id)
    return [filter_entity(each) for each in found]


async def show(call: Call[FilterId]) -> Filter:
    """One filter."""
    async with call.services.db.read() as reader:
        return filter_entity(await access.rules(reader, call.viewer.account_id, call.params.id))


async def create(call: Call[FilterChanges]) -> Filter:
    """Make a filter."""
    wish = _wish(call.params)
    async with call.services.db.write() as tx:
        made = await change.create(call.services, tx, call.viewer.account_id, wish)
    return filter_entity(made)


async def update(call: Call[FilterUpdate]) -> Filter:
    """Change a filter."""
    wish = _wish(call.params)
    async with call.services.db.write() as tx:
        changed = await change.update(
            call.services, tx, call.viewer.account_id, call.params.id, wish
        )
    return filter_entity(changed)


async def remove(call: Call[FilterId]) -> Empty:
    """Remove a filter."""
    async with call.services.db.write() as tx:
        await change.remove(call.services, tx, call.viewer.account_id, call.params.id)
    return Empty()


async def keywords(call: Call[OfFilter]) -> list[FilterKeyword]:
    """The keywords of a filter."""
    async with call.services.db.read() as reader:
        found = await access.rules(reader, call.viewer.account_id, call.params.filter_id)
    return [keyword_entity(each) for each in found.keywords]


async def add_keyword(call: Call[NewKeyword]) -> FilterKeyword:
    """Let a filter look for a keyword."""
    given = call.params
    wish = KeywordWish(keyword=given.keyword, whole_word=given.whole_word)
    async with call.services.db.write() as tx:
        made = await change.add_keyword(
            call.services, tx, call.viewer.account_id, given.filter_id, wish
        )
    return keyword_entity(made)


async def keyword(call: Call[FilterId]) -> FilterKeyword:
    """One keyword."""
    async with call.services.db.read() as reader:
        found = await access.keyword(reader, call.viewer.account_id, call.params.id)
    return keyword_entity(found)


async def update_keyword(call: Call[KeywordUpdate]) -> FilterKeyword:
    """Change a keyword."""
    given = call.params
    wish = KeywordWish(keyword=given.keyword, whole_word=given.whole_word)
    async with call.services.db.write() as tx:
        changed = await change.change_keyword(
            call.services, tx, call.viewer.account_id, given.id, wish
        )
    return keyword_entity(changed)


async def remove_keyword(call: Call[FilterId]) -> Empty:
    """Remove a keyword from its filter."""
    async with call.services.db.write() as tx:
        await change.remove_keyword(call.services, tx, call.viewer.account_id, call.params.id)
    return Empty()


async def posts(call: Call[OfFilter]) -> list[FilterStatus]:
    """The single posts that are filed under a filter."""
    async with call.services.db.read() as reader:
        found = await access.rules(reader, call.viewer.account_id, call.params.filter_id)
    return [post_entity(each) for each in found.posts]


async def add_post(call: Call[NewPost]) -> FilterStatus:
    """File a single post under a filter."""
    post_id = ids.parse(call.params.status_id.strip())
    if post_id is None:
        raise NotFound(f"post {call.params.status_id[:80]!r}")
    async with call.services.db.write() as tx:
        made = await change.add_post(
            call.services, tx, call.viewer.account_id, call.params.filter_id, post_id
        )
    return post_entity(made)


async def post(call: Call[FilterId]) -> FilterStatus:
    """One entry of a single post."""
    async with call.services.db.read() as reader:
        found = await access.post(reader, call.viewer.account_id, call.params.id)
    return post_entity(found)


async def remove_post(call: Call[FilterId]) -> Empty:
    """Take a single post out of its filter."""
    async with call.services.db.write() as tx:
        await change.remove_post(call.services, tx, call.viewer.account_id, call.params.id)
    return Empty()


_own = partial(own, "filters")
_ALL, _ONE = "v2/filters", "v2/filters/{id}"
_KEYWORDS, _KEYWORD = "v2/filters/{filter_id}/keywords", "v2/filters/keywords/{id}"
_POSTS, _POST = "v2/filters/{filter_id}/statuses", "v2/filters/statuses/{id}"

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _own(GET, _ALL, list_all, list[Filter], summary="The member's filters"),
    _own(POST, _ALL, create, Filter, params=FilterChanges, errors=(404,), summary="Make a filter"),
    _own(GET, _ONE, show, Filter, params=FilterId, summary="A filter"),
    _own(PUT, _ONE, update, Filter, params=FilterUpdate, summary="Change a filter"),
    _own(DELETE, _ONE, remove, Empty, params=FilterId, summary="Remove a filter"),
    _own(GET, _KEYWORDS, keywords, list[FilterKeyword], params=OfFilter, summary="Its keywords"),
    _own(POST, _KEYWORDS, add_keyword, FilterKeyword, params=NewKeyword, summary="Add a keyword"),
    _own(GET, _KEYWORD, keyword, FilterKeyword, params=FilterId, summary="A keyword"),
    _own(
        PUT,
        _KEYWORD,
        update_keyword,
        FilterKeyword,
        params=KeywordUpdate,
        summary="Change a keyword",
    ),
    _own(DELETE, _KEYWORD, remove_keyword, Empty, params=FilterId, summary="Remove a keyword"),
    _own(GET, _POSTS, posts, list[FilterStatus], params=OfFilter, summary="Its posts"),
    _own(POST, _POSTS, add_post, FilterStatus, params=NewPost, summary="File a post"),
    _own(GET, _POST, post, FilterStatus, params=FilterId, summary="A post in a filter"),
    _own(DELETE, _POST, remove_post, Empty, params=FilterId, summary="Let a post out"),
)
