"""Filters in the form before Mastodon 4: each keyword of a filter counts as a filter of its own."""

from functools import partial
from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, PUT, Call, Empty, Endpoint
from rostra.api.mastodon.entities.filters import FilterV1
from rostra.api.mastodon.filters import FilterId, Optional, ending
from rostra.api.mastodon.own import own
from rostra.api.mastodon.times import iso_or_none
from rostra.http.params import Id
from rostra.kernel.errors import Invalid
from rostra.network.filters import access, change
from rostra.network.filters.model import Action, Context, Filter, FilterWish, Keyword, KeywordWish

_DEPRECATED = 1_668_384_000  # 2022-11-14, Mastodon 4.0


class NewFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be filtered."""

    phrase: str
    context: tuple[str, ...] | None = None
    irreversible: bool | None = None
    whole_word: bool | None = None
    expires_in: Optional = msgspec.UNSET


class FilterUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """What a keyword and its filter are to be."""

    id: Id
    phrase: str | None = None
    context: tuple[str, ...] | None = None
    irreversible: bool | None = None
    whole_word: bool | None = None
    expires_in: Optional = msgspec.UNSET


def entity(keyword: Keyword, found: Filter) -> FilterV1:
    """A keyword with its filter as clients read it."""
    return FilterV1(
        id=str(keyword.id),
        phrase=keyword.keyword,
        context=Context(found.contexts).names,  # type: ignore[arg-type] # the names of contexts
        whole_word=bool(keyword.whole_word),
        expires_at=iso_or_none(found.expires_at),
        irreversible=found.action == Action.HIDE,
    )


def _wish(given: NewFilter | FilterUpdate, title: str | None = None) -> FilterWish:
    seconds, never = ending(given.expires_in)
    action = None if given.irreversible is None else "hide" if given.irreversible else "warn"
    return FilterWish(
        title=title,
        contexts=given.context,
        action=action,
        expires_in_s=seconds,
        never_expires=never,
    )


async def list_all(call: Call[Any]) -> list[FilterV1]:
    """All keywords of the member."""
    async with call.services.db.read() as reader:
        found = await access.keywords(reader, call.viewer.account_id)
    return [entity(keyword, of) for keyword, of in found]


async def show(call: Call[FilterId]) -> FilterV1:
    """One keyword with its filter."""
    async with call.services.db.read() as reader:
        keyword = await access.keyword(reader, call.viewer.account_id, call.params.id)
        return entity(keyword, await access.own(reader, call.viewer.account_id, keyword.filter_id))


async def create(call: Call[NewFilter]) -> FilterV1:
    """Make a filter with this one keyword, named by it."""
    given = call.params
    if len(given.phrase) > change.MAX_TITLE:
        raise Invalid("phrase", f"is too long (maximum is {change.MAX_TITLE} characters)")
    keyword = KeywordWish(keyword=given.phrase, whole_word=bool(given.whole_word))
    wish = msgspec.structs.replace(_wish(given, given.phrase), keywords=(keyword,))
    async with call.services.db.write() as tx:
        made = await change.create(call.services, tx, call.viewer.account_id, wish)
    return entity(made.keywords[0], made.filter)


async def update(call: Call[FilterUpdate]) -> FilterV1:
    """Change a keyword, and its filter where that has no other keyword."""
    given, viewer_id = call.params, call.viewer.account_id
    wish = _wish(given)
    async with call.services.db.write() as tx:
        known = await access.keyword(tx, viewer_id, given.id)
        rules = await access.rules(tx, viewer_id, known.filter_id)
        keyword = await change.change_keyword(
            call.services,
            tx,
            viewer_id,
            given.id,
            KeywordWish(keyword=given.phrase, whole_word=given.whole_word),
        )
        changed = await change.update(call.services, tx, viewer_id, known.filter_id, wish)
        if len(rules.keywords) > 1 and changed.filter != rules.filter:
            raise Invalid.plain(
                "These parameters cannot be changed from this application because they apply to "
                "more than one filter keyword. Use a more recent application or the web interface."
            )
    return entity(keyword, changed.filter)


async def remove(call: Call[FilterId]) -> Empty:
    """Remove a keyword; its filter stays."""
    async with call.services.db.write() as tx:
        await change.remove_keyword(call.services, tx, call.viewer.account_id, call.params.id)
    return Empty()


_ALL, _ONE = "v1/filters", "v1/filters/{id}"
_old = partial(own, "filters", deprecated=_DEPRECATED)

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _old(GET, _ALL, list_all, list[FilterV1], summary="The member's keywords"),
    _old(
        POST,
        _ALL,
        create,
        FilterV1,
        params=NewFilter,
        errors=(404,),
        summary="Make a filter with one keyword",
    ),
    _old(GET, _ONE, show, FilterV1, params=FilterId, summary="A keyword with its filter"),
    _old(PUT, _ONE, update, FilterV1, params=FilterUpdate, summary="Change a keyword"),
    _old(DELETE, _ONE, remove, Empty, params=FilterId, summary="Remove a keyword"),
)
