"""What clients send to change a profile, and how it is carried out."""

import msgspec
from msgspec import UNSET, UnsetType

from rostra.api.endpoint import Call
from rostra.http.body import Upload
from rostra.network.accounts import pictures
from rostra.network.accounts.profile import (
    PreferenceChanges,
    ProfileChanges,
    looked_at,
    update_preferences,
    update_profile,
)

# Two pictures at the default limit of 8 MiB each, and room for the rest of the form.
MAX_BODY = 17 * 1024 * 1024 + 65_536


class FieldParams(msgspec.Struct, frozen=True):
    """A line of the profile."""

    name: str = ""
    value: str = ""


class SourceParams(msgspec.Struct, frozen=True):
    """How the member posts by default."""

    privacy: str | UnsetType = UNSET
    sensitive: bool | UnsetType = UNSET
    language: str | UnsetType = UNSET
    quote_policy: str | UnsetType = UNSET


class UpdateParams(msgspec.Struct, frozen=True):
    """What is to change; what is not sent stays."""

    display_name: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    avatar: Upload | UnsetType = UNSET
    header: Upload | UnsetType = UNSET
    avatar_description: str | UnsetType = UNSET
    header_description: str | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    bot: bool | UnsetType = UNSET
    discoverable: bool | UnsetType = UNSET
    indexable: bool | UnsetType = UNSET
    hide_collections: bool | UnsetType = UNSET
    attribution_domains: tuple[str, ...] | UnsetType = UNSET
    fields_attributes: tuple[FieldParams, ...] | UnsetType = UNSET
    source: SourceParams = SourceParams()


async def apply(call: Call[UpdateParams]) -> None:
    """Change the viewer's profile and preferences, all or nothing.

    Raises:
        Invalid: names each field that cannot be accepted.
        TooLarge: a picture is too large.
        TooManyRequests: each picture counts as one.
    """
    params, services, account_id = call.params, call.services, call.viewer.account_id
    files = (_file(params.avatar), _file(params.header))
    for file in files:
        if file is not None:
            call.limits.hit("media_account", account_id)
    async with pictures.stored(services, *files) as (avatar, header):
        changes = ProfileChanges(
            display_name=params.display_name,
            note=params.note,
            fields=_fields(params),
            locked=params.locked,
            bot=params.bot,
            discoverable=params.discoverable,
            indexable=params.indexable,
            hide_collections=params.hide_collections,
            avatar=avatar or UNSET,
            header=header or UNSET,
            avatar_description=params.avatar_description,
            header_description=params.header_description,
            attribution_domains=params.attribution_domains,
        )
        look = await looked_at(services, account_id, changes)
        async with services.db.write() as tx:
            await update_profile(services, tx, account_id, changes, look)
            if params.source != SourceParams():
                await update_preferences(tx, account_id, _preferences(params.source))


def _preferences(source: SourceParams) -> PreferenceChanges:
    return PreferenceChanges(
        visibility=source.privacy or UNSET,
        sensitive=source.sensitive,
        language=source.language,
        quote_policy=source.quote_policy or UNSET,
    )


def _fields(params: UpdateParams) -> tuple[tuple[str, str], ...] | UnsetType:
    if params.fields_attributes is UNSET:
        return UNSET
    return tuple((field.name, field.value) for field in params.fields_attributes)


def _file(upload: Upload | UnsetType) -> pictures.Upload | None:
    if upload is UNSET:
        return None
    return pictures.Upload(upload.read(), upload.content_type)
