"""Pictures of posts. Source: docs.joinmastodon.org/methods/media."""

from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, PUT, Auth, Call, Empty, Endpoint
from rostra.api.mastodon.documents import media_attachment
from rostra.api.mastodon.entities.statuses import MediaAttachment
from rostra.http.body import Upload
from rostra.http.params import Id
from rostra.network.addresses import addresses
from rostra.network.media import access, change, upload
from rostra.network.media.upload import Details

_MAX_BODY = 17 * 1024 * 1024


class MediaParams(msgspec.Struct, frozen=True, kw_only=True):
    """A picture and what is said of it."""

    file: Upload
    description: str | None = None
    focus: str = ""


class MediaId(msgspec.Struct, frozen=True):
    """Which picture."""

    id: Id


class MediaChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What to say of which picture."""

    id: Id
    description: str | None = None
    focus: str = ""


async def create(call: Call[MediaParams]) -> MediaAttachment:
    """Take a picture in; it is ready when this answers."""
    params, services = call.params, call.services
    details = upload.checked_details(
        Details(params.description, upload.parse_focus(params.focus) if params.focus else None)
    )
    declared = params.file.content_type
    picture = await upload.process(services, params.file.read(), declared)
    async with services.db.write() as tx:
        row = await upload.add(services, tx, call.viewer.account_id, picture, details)
    await upload.store(services, picture)
    return media_attachment(row, addresses(services.settings))


async def show(call: Call[MediaId]) -> MediaAttachment:
    """One of the member's own pictures."""
    async with call.services.db.read() as reader:
        row = await access.own(reader, call.viewer.account_id, call.params.id)
    return media_attachment(row, addresses(call.services.settings))


async def edit(call: Call[MediaChanges]) -> MediaAttachment:
    """Change description or focus."""
    params, services = call.params, call.services
    details = upload.checked_details(
        Details(params.description, upload.parse_focus(params.focus) if params.focus else None)
    )
    async with services.db.write() as tx:
        row = await change.describe(services, tx, call.viewer.account_id, params.id, details)
    return media_attachment(row, addresses(services.settings))


async def remove(call: Call[MediaId]) -> Empty:
    """Remove a picture that no post shows."""
    async with call.services.db.write() as tx:
        await change.remove(call.services, tx, call.viewer.account_id, call.params.id)
    return Empty()


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    *(
        Endpoint(
            POST,
            path,
            create,
            auth=Auth.USER,
            scopes=("write:media",),
            params=MediaParams,
            answer=MediaAttachment,
            limits=("media_account",),
            max_body=_MAX_BODY,
            deprecated=deprecated,
            errors=(413,),
            summary="Upload a picture",
        )
        for path, deprecated in (("/api/v2/media", 0), ("/api/v1/media", 1_572_566_400))
    ),
    Endpoint(
        GET,
        "/api/v1/media/{id}",
        show,
        auth=Auth.USER,
        scopes=("write:media",),
        params=MediaId,
        answer=MediaAttachment,
        owned="id",
        summary="One of the member's own pictures",
    ),
    Endpoint(
        PUT,
        "/api/v1/media/{id}",
        edit,
        auth=Auth.USER,
        scopes=("write:media",),
        params=MediaChanges,
        answer=MediaAttachment,
        owned="id",
        summary="Describe a picture",
    ),
    Endpoint(
        DELETE,
        "/api/v1/media/{id}",
        remove,
        auth=Auth.USER,
        scopes=("write:media",),
        params=MediaId,
        answer=Empty,
        owned="id",
        summary="Remove a picture that no post shows",
    ),
)
