"""Pictures, videos and recordings of posts. Source: docs.joinmastodon.org/methods/media."""

from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, PUT, Answered, Auth, Call, Empty, Endpoint
from rostra.api.mastodon.entities.statuses import MediaAttachment
from rostra.api.mastodon.media_documents import media_attachment
from rostra.http.body import Upload
from rostra.http.params import Id
from rostra.http.site import UPLOAD
from rostra.network.addresses import addresses
from rostra.network.media import access, change, intake, upload
from rostra.network.media.model import Media, State
from rostra.network.media.upload import Details


class MediaParams(msgspec.Struct, frozen=True, kw_only=True):
    """A file, what is said of it, and a picture to stand for it."""

    file: Upload
    thumbnail: Upload | None = None
    description: str | None = None
    focus: str = ""


class MediaId(msgspec.Struct, frozen=True):
    """Which picture."""

    id: Id


class MediaChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What to say of which picture."""

    id: Id
    thumbnail: Upload | None = None
    description: str | None = None
    focus: str = ""


async def create(call: Call[MediaParams]) -> MediaAttachment | Answered:
    """Take a file in; 202 for what is still to be converted."""
    return _told(call, await _take_in(call), 202)


async def create_and_wait(call: Call[MediaParams]) -> MediaAttachment | Answered:
    """The same for clients that expect a file to be ready, and wait for it a while."""
    services = call.services
    row = await intake.settled(services, await _take_in(call), services.settings.video.wait_s)
    return _told(call, row, 202)


async def _take_in(call: Call[MediaParams]) -> Media:
    params = call.params
    details = _details(params)
    if params.thumbnail is not None:  # the file itself is counted before it is read
        call.limits.hit("media_account", call.viewer.account_id)
    return await intake.take_in(
        call.services, call.viewer.account_id, params.file, details, params.thumbnail
    )


async def show(call: Call[MediaId]) -> MediaAttachment | Answered:
    """One of the member's own files; 206 as long as it is being converted."""
    async with call.services.db.read() as reader:
        row = await access.own(reader, call.viewer.account_id, call.params.id)
    return _told(call, row, 206)


async def edit(call: Call[MediaChanges]) -> MediaAttachment | Answered:
    """Change description, focus or the picture that stands for a file."""
    params, services, owner_id = call.params, call.services, call.viewer.account_id
    details = _details(params)
    shown = None
    if params.thumbnail is not None:
        async with services.db.read() as reader:
            await access.own(reader, owner_id, params.id)  # before any work for it
        call.limits.hit("media_account", owner_id)
        shown = await upload.preview(services, params.thumbnail)
    async with services.db.write() as tx:
        if shown:
            await change.show_by(tx, owner_id, params.id, shown)
        row = await change.describe(services, tx, owner_id, params.id, details)
    if shown:
        await upload.store_preview(services, shown)
    return _told(call, row, 206)


def _details(params: MediaParams | MediaChanges) -> Details:
    focus = upload.parse_focus(params.focus) if params.focus else None
    return upload.checked_details(Details(params.description, focus))


def _told(call: Call[Any], row: Media, waiting: int) -> MediaAttachment | Answered:
    intake.refuse_failed(row)
    shown = media_attachment(row, addresses(call.services.settings))
    return Answered(shown, waiting) if row.state == State.WAITING else shown


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
            handler,
            auth=Auth.USER,
            scopes=("write:media",),
            params=MediaParams,
            answer=MediaAttachment,
            limits=("media_account",),
            max_body=UPLOAD,
            deprecated=deprecated,
            errors=(202, 413),
            summary="Upload a picture, a video or a recording",
        )
        for path, handler, deprecated in (
            ("/api/v2/media", create, 0),
            ("/api/v1/media", create_and_wait, 1_572_566_400),
        )
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
        errors=(206,),
        summary="One of the member's own files",
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
        errors=(206,),
        max_body=UPLOAD,
        summary="Describe a file, or let a picture stand for it",
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
        summary="Remove a file that no post shows",
    ),
)
