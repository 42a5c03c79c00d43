"""Hashtags on profiles. Source: docs.joinmastodon.org/methods/featured_tags."""

from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, Auth, Call, Empty, Endpoint
from rostra.api.mastodon.entities.search import Tag
from rostra.api.mastodon.entities.tags import FeaturedTag
from rostra.api.mastodon.relations import AccountId
from rostra.api.mastodon.tags import tag_entities
from rostra.api.mastodon.times import date_or_none
from rostra.http.params import Id, NoParams
from rostra.kernel import ids
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.accounts import access as accounts_access
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Services
from rostra.network.search import access as search_access
from rostra.network.tags import access, keep
from rostra.network.tags.model import FeaturedTag as Row


class FeatureParams(msgspec.Struct, frozen=True):
    """Which hashtag."""

    name: str


class FeaturedId(msgspec.Struct, frozen=True):
    """Which hashtag of the profile."""

    id: Id


def featured_tag(services: Services, row: Row, username: str) -> FeaturedTag:
    """A hashtag of a profile as clients read it."""
    return FeaturedTag(
        id=str(row.id),
        name=row.name,
        url=addresses(services.settings).tagged(username, row.name),
        statuses_count=str(row.posts),
        last_status_at=date_or_none(ids.time_of(row.last_post_id)),
    )


async def featured_of(
    services: Services, reader: Reader, viewer_id: int, account_id: int
) -> list[FeaturedTag]:
    """The hashtags on a profile.

    Raises:
        NotFound: there is no such account for this viewer.
    """
    account = await accounts_access.public(reader, viewer_id, account_id)
    rows = await access.featured(reader, account_id)
    return [featured_tag(services, row, account.username) for row in rows]


async def index(call: Call[NoParams]) -> list[FeaturedTag]:
    """The hashtags on the member's profile."""
    viewer_id = call.viewer.account_id
    async with call.services.db.read() as reader:
        return await featured_of(call.services, reader, viewer_id, viewer_id)


async def of_account(call: Call[AccountId]) -> list[FeaturedTag]:
    """The hashtags on an account's profile."""
    async with call.services.db.read() as reader:
        return await featured_of(call.services, reader, call.viewer.account_id, call.params.id)


async def create(call: Call[FeatureParams]) -> FeaturedTag:
    """Show a hashtag on the profile."""
    services, viewer_id = call.services, call.viewer.account_id
    async with services.db.write() as tx:
        account = await accounts_access.public(tx, viewer_id, viewer_id)
        try:
            row = await keep.feature(services, tx, viewer_id, call.params.name, again=False)
        except NotFound:
            raise Invalid("name", "is not a valid hashtag") from None
    return featured_tag(services, row, account.username)


async def remove(call: Call[FeaturedId]) -> Empty:
    """Take a hashtag off the profile."""
    async with call.services.db.write() as tx:
        await keep.unfeature_by_id(tx, call.viewer.account_id, call.params.id)
    return Empty()


async def suggestions(call: Call[NoParams]) -> list[Tag]:
    """Hashtags that the member uses much and does not show yet."""
    services, viewer_id = call.services, call.viewer.account_id

    async def find(reader: Reader) -> list[Tag]:
        pairs = await access.suggested(reader, viewer_id)
        found = await search_access.histories(reader, pairs, now=services.clock.now())
        return await tag_entities(services, reader, viewer_id, found)

    return await services.db.slowly(find)


_PATH, _READ = "/api/v1/featured_tags", ("read:accounts",)

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        _PATH,
        index,
        auth=Auth.USER,
        scopes=_READ,
        answer=list[FeaturedTag],
        summary="The hashtags on the member's profile",
    ),
    Endpoint(
        POST,
        _PATH,
        create,
        auth=Auth.USER,
        scopes=("write:accounts",),
        params=FeatureParams,
        answer=FeaturedTag,
        summary="Show a hashtag on the profile",
    ),
    Endpoint(
        DELETE,
        f"{_PATH}/{{id}}",
        remove,
        auth=Auth.USER,
        scopes=("write:accounts",),
        params=FeaturedId,
        answer=Empty,
        owned="id",
        summary="Take a hashtag off the profile",
    ),
    Endpoint(
        GET,
        f"{_PATH}/suggestions",
        suggestions,
        auth=Auth.USER,
        scopes=_READ,
        answer=list[Tag],
        summary="Hashtags that the member could show on the profile",
    ),
    Endpoint(
        GET,
        "/api/v1/accounts/{id}/featured_tags",
        of_account,
        auth=Auth.OPTIONAL,
        scopes=_READ,
        params=AccountId,
        answer=list[FeaturedTag],
        summary="The hashtags on an account's profile",
    ),
)
