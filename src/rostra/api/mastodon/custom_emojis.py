"""Pictures for shortcodes. Source: docs.joinmastodon.org/methods/custom_emojis."""

from typing import Any

from rostra.api.endpoint import GET, Auth, Call, Endpoint
from rostra.api.mastodon.entities.accounts import CustomEmoji
from rostra.http.params import NoParams
from rostra.network.instance import access


async def show(call: Call[NoParams]) -> list[CustomEmoji]:
    """All emoji that may be picked, and those that may only be written."""
    async with call.services.db.read() as reader:
        book = await access.emoji_book(call.services, reader)
    return list(book.values())


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/v1/custom_emojis",
        show,
        auth=Auth.NONE,
        answer=list[CustomEmoji],
        summary="The custom emoji of this place",
    ),
)
