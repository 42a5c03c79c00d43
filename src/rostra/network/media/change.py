"""Describe and remove one's own pictures."""

from rostra.kernel.errors import Invalid, NotFound
from rostra.network.edge import Services, Transaction
from rostra.network.media import access, covers, queries
from rostra.network.media.events import MediaRemoved
from rostra.network.media.jobs import DropMedia
from rostra.network.media.model import Media
from rostra.network.media.upload import Details, Preview


async def describe(
    _services: Services, tx: Transaction, owner_id: int, media_id: int, details: Details
) -> Media:
    """Change description or focus of one's own picture, as long as no post shows it.

    What a post shows is changed by editing the post, so that its history tells.

    Raises:
        NotFound: it is not theirs, a post shows it, or there is none.
    """
    row = await access.own(tx, owner_id, media_id)
    if row.post_id:
        raise NotFound(f"media {media_id} hangs on post {row.post_id}")
    x, y = details.focus or (row.focus_x, row.focus_y)
    changed = await tx.run(
        queries.UPDATE,
        media=media_id,
        owner=owner_id,
        post=0,
        description=row.description if details.description is None else details.description,
        focus_x=x,
        focus_y=y,
    )
    if not changed:
        raise NotFound(f"media {media_id} came onto a post meanwhile")
    return await access.own(tx, owner_id, media_id)


async def remove(_services: Services, tx: Transaction, owner_id: int, media_id: int) -> None:
    """Remove one's own picture, if no post shows it.

    Raises:
        NotFound: it is not theirs, or there is none.
        Invalid: a post shows it.
    """
    row = await access.own(tx, owner_id, media_id)
    if not await tx.run(queries.DELETE, media=media_id, owner=owner_id):
        raise Invalid.plain("Media attachment is currently used by a status")
    await tx.emit(MediaRemoved((media_id,)))
    await tx.enqueue("media.drop", DropMedia((row.blob_key, row.preview_key, row.upload_key)))


async def show_by(tx: Transaction, owner_id: int, media_id: int, shown: Preview) -> None:
    """Let a picture of the owner's choice stand for a file that no post shows yet.

    Raises:
        NotFound: it is not theirs, a post shows it, or there is none.
    """
    row = await access.own(tx, owner_id, media_id)
    if row.post_id:
        raise NotFound(f"media {media_id} hangs on post {row.post_id}")
    await covers.replace(tx, row, shown)
