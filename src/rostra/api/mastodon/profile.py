"""One's own profile as it is edited. Source: docs.joinmastodon.org/methods/profile."""

from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, PATCH, Auth, Call, Endpoint, Raw
from rostra.api.mastodon.credential_account import credential_account, written_fields
from rostra.api.mastodon.documents import profile_fields
from rostra.api.mastodon.entities.accounts import CredentialAccount, Field
from rostra.api.mastodon.entities.tags import FeaturedTag
from rostra.api.mastodon.featured_tags import featured_of
from rostra.api.mastodon.profile_params import MAX_BODY, UpdateParams, apply
from rostra.http.params import NoParams
from rostra.network.accounts import access
from rostra.network.accounts.pictures import Picture
from rostra.network.accounts.profile import ProfileChanges, update_profile
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Services
from rostra.network.screening import UNSEEN


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """The profile as it was written, and as HTML; pictures that are not there are null."""

    id: str
    display_name: str
    note: str
    formatted_note: str
    fields: tuple[Field, ...]
    formatted_fields: tuple[Field, ...]
    avatar: str | None
    avatar_static: str | None
    avatar_description: str
    header: str | None
    header_static: str | None
    header_description: str
    locked: bool
    bot: bool
    hide_collections: bool
    discoverable: bool
    indexable: bool
    show_media: bool = True
    show_media_replies: bool = True
    show_featured: bool = True
    attribution_domains: tuple[str, ...] = ()
    featured_tags: tuple[FeaturedTag, ...] = ()


async def show(call: Call[NoParams]) -> Profile:
    """One's own profile, as written."""
    async with call.services.db.read() as reader:
        return await _profile(call.services, reader, call.viewer.account_id)


async def update(call: Call[UpdateParams]) -> Profile:
    """Change one's own profile."""
    await apply(call)
    async with call.services.db.read() as reader:
        return await _profile(call.services, reader, call.viewer.account_id)


async def remove_avatar(call: Call[NoParams]) -> Raw:
    """Remove one's avatar."""
    return await _remove(call, ProfileChanges(avatar=Picture()))


async def remove_header(call: Call[NoParams]) -> Raw:
    """Remove one's header."""
    return await _remove(call, ProfileChanges(header=Picture()))


async def _remove(call: Call[NoParams], changes: ProfileChanges) -> Raw:
    services = call.services
    async with services.db.write() as tx:
        await update_profile(services, tx, call.viewer.account_id, changes, UNSEEN)
    async with services.db.read() as reader:
        return await credential_account(call, reader)


async def _profile(services: Services, reader: Reader, account_id: int) -> Profile:
    row = await access.public(reader, account_id, account_id)
    profile = (await access.profiles(reader, [account_id]))[account_id]
    at = addresses(services.settings)

    def url(key: str) -> str | None:
        return at.blob(key) if key else None

    return Profile(
        id=str(account_id),
        display_name=profile.display_name,
        note=profile.note,
        formatted_note=profile.note_html,
        fields=written_fields(profile),
        formatted_fields=profile_fields(profile.fields),
        avatar=url(profile.avatar_key),
        avatar_static=url(profile.avatar_static_key or profile.avatar_key),
        avatar_description=profile.avatar_description,
        header=url(profile.header_key),
        header_static=url(profile.header_static_key or profile.header_key),
        header_description=profile.header_description,
        locked=bool(row.locked),
        bot=bool(row.bot),
        hide_collections=bool(row.hide_collections),
        discoverable=bool(row.discoverable),
        indexable=bool(row.indexable),
        attribution_domains=profile.sites,
        featured_tags=tuple(await featured_of(services, reader, account_id, account_id)),
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/v1/profile",
        show,
        auth=Auth.USER,
        scopes=("profile", "read:accounts"),
        answer=Profile,
        summary="One's own profile as written",
    ),
    Endpoint(
        PATCH,
        "/api/v1/profile",
        update,
        auth=Auth.USER,
        scopes=("write:accounts",),
        params=UpdateParams,
        answer=Profile,
        max_body=MAX_BODY,
        errors=(413, 422),
        summary="Change one's own profile",
    ),
    Endpoint(
        DELETE,
        "/api/v1/profile/avatar",
        remove_avatar,
        auth=Auth.USER,
        scopes=("write:accounts",),
        answer=CredentialAccount,
        summary="Remove one's avatar",
    ),
    Endpoint(
        DELETE,
        "/api/v1/profile/header",
        remove_header,
        auth=Auth.USER,
        scopes=("write:accounts",),
        answer=CredentialAccount,
        summary="Remove one's header",
    ),
)
