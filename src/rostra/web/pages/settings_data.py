"""The settings of what is one's own: an archive of all of it, to take along."""

from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import NOT_STORED, Response, Stream
from rostra.kernel.errors import Conflict, NotFound
from rostra.network.accounts import access as accounts_access
from rostra.network.media import access as media_access
from rostra.network.portability import access as portability_access
from rostra.network.portability.archives import drop_archive, request_archive
from rostra.web.call import PageCall
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.settings import DownloadPage

_HERE: Final = "/settings/data"


class OneParams(msgspec.Struct, frozen=True):
    """Which archive."""

    id: Id


async def data(call: PageCall[Any]) -> Response:
    """What can be taken along, and the archive that is made or ready."""
    async with call.read() as reader:
        row = await accounts_access.public(reader, call.viewer_id, call.viewer_id)
        pictures = await media_access.attached_count(reader, call.viewer_id)
        archive = await portability_access.archive_of(reader, call.viewer_id, call.now)
    page = DownloadPage(
        posts=row.statuses_count,
        pictures=pictures,
        archive=str(archive.id) if archive and archive.ready else "",
        ready_at=archive.ready_at if archive else 0,
        ready_bytes=archive.size if archive else 0,
        expires_at=archive.expires_at if archive else 0,
        pending=archive is not None and not archive.ready,
    )
    return await call.page(page)


async def make(call: PageCall[Any]) -> Response:
    """Have an archive made."""
    call.count("archive_account")
    try:
        async with call.services.db.write() as tx:
            await request_archive(call.services, tx, call.viewer_id)
    except Conflict as error:
        return call.redirect(_HERE, flash=f"{error.safe}.", tone="info")
    return call.redirect(_HERE, flash="Your archive is being made.")


async def download(call: PageCall[OneParams]) -> Response:
    """Hand one's own archive out, piece by piece."""
    services = call.services
    async with call.read() as reader:
        archive = await portability_access.ready_archive(
            reader, call.viewer_id, call.params.id, call.now
        )
        account = await accounts_access.public(reader, call.viewer_id, call.viewer_id)
    if not await services.blobs.exists(archive.blob_key):
        raise NotFound(f"the file of archive {archive.id}")
    pieces = services.blobs.stream(archive.blob_key)
    response = Stream(pieces, 200, ((b"content-type", b"application/zip"), NOT_STORED))
    response.add("content-length", str(archive.size))
    name = f"{account.username}-{services.settings.domain.partition(':')[0]}.zip"
    response.add("content-disposition", f'attachment; filename="{name}"')
    return response


async def drop(call: PageCall[OneParams]) -> Response:
    """Delete one's own archive before its time."""
    async with call.services.db.write() as tx:
        await drop_archive(call.services, tx, call.viewer_id, call.params.id)
    return call.redirect(_HERE, flash="The archive is deleted.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, data, MEMBER, unbound=True),
    Route(POST, _HERE, make, MEMBER),
    Route(GET, f"{_HERE}/archives/{{id}}", download, MEMBER, OneParams, unbound=True),
    Route(POST, f"{_HERE}/archives/{{id}}/delete", drop, MEMBER, OneParams),
)
