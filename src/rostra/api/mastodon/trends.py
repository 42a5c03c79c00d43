"""What is talked about. Source: docs.joinmastodon.org/methods/trends."""

from typing import Any
from urllib.parse import urlencode

import msgspec

from rostra.api.endpoint import GET, Answered, Auth, Call, Endpoint, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.card_documents import preview_card
from rostra.api.mastodon.entities.search import Tag, TrendsLink
from rostra.api.mastodon.entities.statuses import Status
from rostra.api.mastodon.tags import days, tag_entities
from rostra.http.params import Count
from rostra.network.addresses import addresses
from rostra.network.edge import Reader
from rostra.network.trends import access

_FEW, _FEW_MOST = 10, 20
_POSTS, _POSTS_MOST = 20, 40


class TrendParams(msgspec.Struct, frozen=True):
    """Which part of a ranking."""

    limit: Count | None = None
    offset: Count | None = None


def _page(call: Call[TrendParams], default: int, most: int) -> tuple[int, int]:
    return min(call.params.limit or default, most), call.params.offset or 0


def _answer(call: Call[TrendParams], body: Any, found: int, limit: int, offset: int) -> Answered:
    """A part of a ranking, with where the parts around it are."""
    start = f"{call.request.base_url}{call.request.path}?"
    parts = {"next": offset + limit} if found == limit else {}
    if offset:
        parts["prev"] = max(0, offset - limit)
    links = ", ".join(
        f'<{start}{urlencode({"limit": limit, "offset": at})}>; rel="{where}"'
        for where, at in parts.items()
    )
    return Answered(body, headers=((b"link", links.encode()),) if links else ())


async def tags(call: Call[TrendParams]) -> Answered:
    """Hashtags that people talk about."""
    limit, offset = _page(call, _FEW, _FEW_MOST)
    services, viewer_id = call.services, call.viewer.account_id

    async def find(reader: Reader) -> list[Tag]:
        found = await access.tags(services, reader, limit, offset)
        return await tag_entities(services, reader, viewer_id, found)

    found = await services.db.slowly(find)
    return _answer(call, found, len(found), limit, offset)


async def statuses(call: Call[TrendParams]) -> Answered:
    """Posts that people talk about."""
    limit, offset = _page(call, _POSTS, _POSTS_MOST)
    async with call.services.db.read() as reader:
        found = await access.posts(call.services, reader, call.viewer.account_id, limit, offset)
        shown = await render.statuses(call, reader, found)
    return _answer(call, Raw(render.join(shown)), len(found), limit, offset)


async def links(call: Call[TrendParams]) -> Answered:
    """Links that people talk about."""
    limit, offset = _page(call, _FEW, _FEW_MOST)
    services, at = call.services, addresses(call.services.settings)

    async def find(reader: Reader) -> list[TrendsLink]:
        return [
            TrendsLink(
                **msgspec.structs.asdict(preview_card(each.card, at)),
                history=days(each.history),
            )
            for each in await access.links(services, reader, limit, offset)
        ]

    found = await services.db.slowly(find)
    return _answer(call, found, len(found), limit, offset)


def _trends(path: str, handler: Any, answer: Any, summary: str, scope: str = "") -> Endpoint[Any]:
    return Endpoint(
        GET,
        f"/api/v1/trends{path}",
        handler,
        auth=Auth.OPTIONAL,
        scopes=(scope,) if scope else (),
        params=TrendParams,
        answer=answer,
        summary=summary,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _trends("", tags, list[Tag], "Hashtags that people talk about"),
    _trends("/tags", tags, list[Tag], "Hashtags that people talk about"),
    _trends("/statuses", statuses, list[Status], "Posts that people talk about", "read:statuses"),
    _trends("/links", links, list[TrendsLink], "Links that people talk about"),
)
