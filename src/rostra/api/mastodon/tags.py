"""Hashtags. Source: docs.joinmastodon.org/methods/tags."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint
from rostra.api.mastodon.entities.search import Tag, TagDay
from rostra.kernel.errors import NotFound
from rostra.kernel.text.entities import hashtag_key, is_hashtag
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Services
from rostra.network.search import access
from rostra.network.search.model import FoundTag


class TagName(msgspec.Struct, frozen=True):
    """Which hashtag."""

    name: str


def tag_entity(services: Services, found: FoundTag, *, signed_in: bool) -> Tag:
    """A hashtag as clients read it."""
    no: bool | msgspec.UnsetType = False if signed_in else msgspec.UNSET
    return Tag(
        id=str(found.id),
        name=found.name,
        url=addresses(services.settings).tag(found.name),
        history=tuple(
            TagDay(str(day.start), str(day.uses), str(day.accounts)) for day in found.history
        ),
        following=no,
        featuring=no,
    )


async def tag(call: Call[TagName]) -> Tag:
    """A hashtag with its last seven days; one that nobody has used has seen nothing."""
    name, now = call.params.name.removeprefix("#"), call.services.clock.now()
    if not is_hashtag(name):
        raise NotFound("no valid hashtag")

    async def find(reader: Reader) -> FoundTag:
        return await access.tag(reader, hashtag_key(name), now=now)

    found = await call.services.db.slowly(find)
    return tag_entity(call.services, found, signed_in=bool(call.viewer.account_id))


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
)
