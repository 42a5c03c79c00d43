"""How a member posts and reads by default. Source: docs.joinmastodon.org/methods/preferences."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint
from rostra.http.params import NoParams
from rostra.network.accounts import access


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """What a client should start with."""

    visibility: str = msgspec.field(name="posting:default:visibility")
    sensitive: bool = msgspec.field(name="posting:default:sensitive")
    language: str | None = msgspec.field(name="posting:default:language")
    quote_policy: str = msgspec.field(name="posting:default:quote_policy")
    expand_media: str = msgspec.field(name="reading:expand:media")
    expand_spoilers: bool = msgspec.field(name="reading:expand:spoilers")
    autoplay_gifs: bool = msgspec.field(name="reading:autoplay:gifs")


async def show(call: Call[NoParams]) -> Preferences:
    """The viewer's preferences."""
    async with call.services.db.read() as reader:
        user = await access.user(reader, call.viewer.account_id)
    choices = user.choices
    return Preferences(
        visibility=user.default_visibility,
        sensitive=bool(user.default_sensitive),
        language=user.default_language or None,
        quote_policy=user.default_quote_policy,
        expand_media=choices.expand_media,
        expand_spoilers=choices.expand_spoilers,
        autoplay_gifs=choices.autoplay_gifs,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/v1/preferences",
        show,
        auth=Auth.USER,
        scopes=("read:accounts",),
        answer=Preferences,
        summary="How the member posts and reads by default",
    ),
)
