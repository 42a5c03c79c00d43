"""Hashtags: looked at, followed, shown on the profile.

Source: docs.joinmastodon.org/methods/tags.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint, Paged
from rostra.api.mastodon.entities.search import Tag, TagDay
from rostra.api.mastodon.paging import PageParams, page_of
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import Window
from rostra.kernel.text.entities import hashtag_key, is_hashtag
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.search import access
from rostra.network.search.model import Day, FoundTag
from rostra.network.tags import access as tags_access
from rostra.network.tags import keep
from rostra.network.tags.model import FollowedTag, Mine


class TagName(msgspec.Struct, frozen=True):
    """Which hashtag."""

    name: str


class TagId(msgspec.Struct, frozen=True):
    """Which hashtag, by its name or its id."""

    id: str


def days(history: Sequence[Day]) -> tuple[TagDay, ...]:
    """The days of a hashtag or a link as clients read them."""
    return tuple(TagDay(str(day.start), str(day.uses), str(day.accounts)) for day in history)


def tag_entity(services: Services, found: FoundTag, mine: Mine | None) -> Tag:
    """A hashtag as clients read it; ``mine`` is None for visitors."""
    return Tag(
        id=str(found.id),
        name=found.name,
        url=addresses(services.settings).tag(found.name),
        history=days(found.history),
        following=msgspec.UNSET if mine is None else found.name in mine.following,
        featuring=msgspec.UNSET if mine is None else found.name in mine.featuring,
    )


async def tag_entities(
    services: Services, reader: Reader, viewer_id: int, found: Sequence[FoundTag]
) -> list[Tag]:
    """Hashtags as this viewer reads them. One query; none for visitors."""
    names = [each.name for each in found]
    mine = await tags_access.mine(reader, viewer_id, names) if viewer_id else None
    return [tag_entity(services, each, mine) for each in found]


async def tag(call: Call[TagName]) -> Tag:
    """A hashtag with its last seven days; one that nobody has used has seen nothing."""
    name = call.params.name.removeprefix("#")
    if not is_hashtag(name):
        raise NotFound("no valid hashtag")
    return await _one(call, hashtag_key(name))


async def _one(call: Call[Any], name: str) -> Tag:
    services, viewer_id, now = call.services, call.viewer.account_id, call.services.clock.now()

    async def find(reader: Reader) -> Tag:
        found = await access.tag(reader, name, now=now)
        return (await tag_entities(services, reader, viewer_id, [found]))[0]

    return await services.db.slowly(find)


async def followed(call: Call[PageParams]) -> Paged:
    """The hashtags that the member follows, 100 at a time."""
    services, viewer_id, params = call.services, call.viewer.account_id, call.params
    page = page_of(params, default=100, cap=200)

    async def find(reader: Reader) -> tuple[Window[FollowedTag], list[Tag]]:
        window = await tags_access.followed(reader, viewer_id, page)
        pairs = [(line.tag_id, line.name) for line in window.items]
        found = await access.histories(reader, pairs, now=services.clock.now())
        return window, await tag_entities(services, reader, viewer_id, found)

    window, tags = await services.db.slowly(find)
    return Paged(tags, window.next_max_id, window.prev_min_id)


Verb = Callable[[Services, Transaction, int, str], Awaitable[Any]]


def _keeping(verb: Verb) -> Callable[[Call[Any]], Awaitable[Tag]]:
    async def handle(call: Call[Any]) -> Tag:
        given = call.params.name if isinstance(call.params, TagName) else call.params.id
        async with call.services.db.write() as tx:
            kept = await verb(call.services, tx, call.viewer.account_id, given)
        return await _one(call, kept)

    return handle


async def _feature(services: Services, tx: Transaction, account_id: int, given: str) -> str:
    return hashtag_key((await keep.feature(services, tx, account_id, given)).name)


def _change(path: str, verb: Verb, scopes: tuple[str, ...], summary: str) -> Endpoint[Any]:
    return Endpoint(
        POST,
        f"/api/v1/tags/{path}",
        _keeping(verb),
        auth=Auth.USER,
        scopes=scopes,
        params=TagName if path.startswith("{name}") else TagId,
        answer=Tag,
        errors=(404, 422),
        summary=summary,
    )


_FOLLOWS, _PROFILE = ("write:follows", "follow"), ("write:accounts",)

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/v1/tags/{name}",
        tag,
        auth=Auth.OPTIONAL,
        params=TagName,
        answer=Tag,
        errors=(404,),
        summary="A hashtag and how much it was used",
    ),
    _change("{name}/follow", keep.follow, _FOLLOWS, "Have posts with a hashtag in the home"),
    _change("{name}/unfollow", keep.unfollow, _FOLLOWS, "Stop following a hashtag"),
    _change("{id}/feature", _feature, _PROFILE, "Show a hashtag on the profile"),
    _change("{id}/unfeature", keep.unfeature, _PROFILE, "Take a hashtag off the profile"),
    Endpoint(
        GET,
        "/api/v1/followed_tags",
        followed,
        auth=Auth.USER,
        scopes=("read:follows", "follow"),
        params=PageParams,
        answer=list[Tag],
        summary="The hashtags that the member follows",
    ),
)
