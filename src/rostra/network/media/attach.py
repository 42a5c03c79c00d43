"""Media and the posts that show them: attached, described anew, detached."""

from collections.abc import Sequence

import msgspec

from rostra.kernel.clock import HOUR
from rostra.kernel.errors import Invalid
from rostra.network.accounts.events import AccountRemoved
from rostra.network.edge import Services, Transaction
from rostra.network.media import access, queries
from rostra.network.media.events import MediaAttached, MediaRemoved
from rostra.network.media.jobs import DropMedia, Move, MoveMedia, RemoveOrphans
from rostra.network.media.model import Media, State
from rostra.network.media.upload import Details
from rostra.store.blobs import new_key

_ALONE = frozenset({"video", "audio"})
_encode = msgspec.json.Encoder().encode


async def attach(
    tx: Transaction,
    owner_id: int,
    post_id: int,
    media_ids: Sequence[int],
    *,
    scheduled_id: int = 0,
) -> None:
    """Attach media to a post in this order: the owner's own, on no other post. One statement.

    ``scheduled_id``: the scheduled post that they were kept for, which becomes this one.

    Raises:
        Invalid: naming ``media_ids``; the same for pictures of others and for none at all.
    """
    if not media_ids:
        return
    ids = _encode(media_ids).decode()
    whom = {"owner": owner_id, "post": post_id, "scheduled": scheduled_id}
    if await tx.run(queries.ATTACH, ids=ids, **whom) != len(media_ids):
        raise _unattachable()
    await tx.emit(MediaAttached(post_id, tuple(media_ids)))


async def attachable(tx: Transaction, owner_id: int, media_ids: Sequence[int]) -> list[Media]:
    """The owner's own among these, in this order, each ready and all fit for one post.

    Asked before `attach`, which refuses those that are not here.

    Raises:
        Invalid: naming ``media_ids``; one is not ready, or they can't stand on one post.
    """
    if not media_ids:
        return []
    found = await access.own_among(tx, owner_id, media_ids)
    own = [found[media_id] for media_id in media_ids if media_id in found]
    if any(each.state == State.WAITING for each in own):
        message = "name a file that is still being processed; try again in a moment"
        raise Invalid("media_ids", message, "ERR_NOT_READY")
    if len(own) > 1 and any(each.kind in _ALONE for each in own):
        # Apps show one player or several pictures, never both.
        raise Invalid("media_ids", "name a video or a recording beside other files", "ERR_MIXED")
    return own


def _unattachable() -> Invalid:
    return Invalid("media_ids", "name a picture that can't be attached", "ERR_INVALID")


async def reserve(
    tx: Transaction, owner_id: int, scheduled_id: int, media_ids: Sequence[int]
) -> None:
    """Keep pictures for a scheduled post: no sweep removes them, and no other post gets them.

    Raises:
        Invalid: naming ``media_ids``; the same for pictures of others and for none at all.
    """
    if not media_ids:
        return
    await attachable(tx, owner_id, media_ids)
    kept = await tx.run(queries.RESERVE, ids=media_ids, owner=owner_id, scheduled=scheduled_id)
    if kept != len(media_ids):
        raise _unattachable()


async def release(services: Services, tx: Transaction, scheduled_id: int) -> None:
    """Give the pictures of a scheduled post back to its author, as if they came just now."""
    await tx.run(queries.RELEASE, scheduled=scheduled_id, now=services.clock.now())


async def of_post(tx: Transaction, post_id: int) -> list[Media]:
    """The pictures of a post, in their order."""
    return await tx.all(queries.BY_POSTS, ids=[post_id])


async def describe_attached(tx: Transaction, picture: Media, details: Details) -> None:
    """Change what is said of a picture that a post shows; the post's version is the caller's."""
    x, y = details.focus or (picture.focus_x, picture.focus_y)
    description = picture.description if details.description is None else details.description
    await tx.run(
        queries.UPDATE,
        media=picture.id,
        owner=picture.account_id,
        post=picture.post_id,
        description=description,
        focus_x=x,
        focus_y=y,
    )


async def drop(tx: Transaction, pictures: Sequence[Media]) -> None:
    """Remove pictures for good: their rows now, what is stored after the request."""
    if pictures:
        gone = [picture.id for picture in pictures]
        await tx.run(queries.DELETE_ALL, ids=gone)
        await tx.emit(MediaRemoved(tuple(gone)))
        await _drop_stored(tx, [(p.blob_key, p.preview_key) for p in pictures])


async def drop_by_id(tx: Transaction, media_id: int) -> None:
    """Remove a picture for good, whoever's it is and wherever it stands; nothing where it is gone.

    A post that still stands shows one picture fewer.
    """
    await drop(tx, list((await access.by_ids(tx, [media_id])).values()))


async def take_down(
    services: Services, tx: Transaction, pictures: Sequence[Media]
) -> dict[str, str]:
    """Detach media from a post that is being deleted, so that its author may post them again.

    They get new addresses, so that the old ones show nothing any more, and count as uploaded now:
    what is not used again is removed as any orphan is. Returns the new key of each old one. What a
    decision withholds is not given back, but removed.
    """
    keys: dict[str, str] = {}
    moves = []
    await drop(tx, [picture for picture in pictures if picture.limits])
    for picture in pictures:
        if picture.limits:
            continue
        named = [key for key in (picture.blob_key, picture.preview_key) if key]
        keys |= {old: new_key("media", old.rpartition(".")[2]) for old in named}
        moves += [Move(picture.id, old, keys[old]) for old in named]
        await tx.run(
            queries.TAKE_DOWN,
            media=picture.id,
            owner=picture.account_id,
            blob_key=keys[picture.blob_key],
            preview_key=keys.get(picture.preview_key, ""),
            now=services.clock.now(),
        )
    if moves:
        await tx.enqueue("media.move", MoveMedia(tuple(moves)))
        ends = services.clock.now() + services.settings.media.orphan_hours * HOUR
        await tx.enqueue("media.remove_orphans", RemoveOrphans(), run_at=ends + 1)
    return keys


async def forget_account(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Remove the pictures of a removed account that no post shows; posts take theirs along."""
    gone = await tx.all(queries.DELETE_UNATTACHED, owner=event.account_id)
    if gone:
        await tx.emit(MediaRemoved(tuple(media_id for media_id, *_ in gone)))
        await _drop_stored(tx, [keys for _, *keys in gone])


async def _drop_stored(tx: Transaction, keys: Sequence[Sequence[str]]) -> None:
    named = tuple(key for pair in keys for key in pair if key)
    if named:
        await tx.enqueue("media.drop", DropMedia(named))
