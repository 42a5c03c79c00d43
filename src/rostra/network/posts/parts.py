"""What publishing and editing share: mentions, hashtags and pictures of a post."""

from collections.abc import Sequence

import msgspec

from rostra.kernel.errors import Invalid
from rostra.kernel.text.names import parse_acct
from rostra.kernel.text.render import Links, post_html
from rostra.network.addresses import addresses
from rostra.network.edge import Services, Transaction
from rostra.network.posts.prepare import Prepared
from rostra.network.posts.queries import writes


class Named(msgspec.Struct, frozen=True):
    """The accounts that a text names: their ids in order, and where their handles lead."""

    ids: tuple[int, ...] = ()
    links: dict[str, str] = {}


async def resolve_mentions(
    services: Services, tx: Transaction, author_id: int, prepared: Prepared
) -> Named:
    """Find the accounts that are named. No statement where nobody is."""
    handles: dict[str, list[str]] = {}
    for handle in prepared.handles:
        acct = parse_acct(handle)
        if acct is not None and acct.domain in {None, "", services.settings.domain}:
            handles.setdefault(acct.username.lower(), []).append(handle.lower())
    if not handles:
        return Named()
    rows = await tx.all(writes.NAMED, account=author_id, names=list(handles), domain="")
    by_name = {name: (account_id, username) for account_id, username, name in rows}
    at = addresses(services.settings)
    links = {
        handle: at.profile(by_name[name][1])
        for name, written in handles.items()
        if name in by_name
        for handle in written
    }
    return Named(tuple(by_name[name][0] for name in handles if name in by_name), links)


def html_of(services: Services, prepared: Prepared, named: Named) -> str:
    """The post as HTML."""
    at = addresses(services.settings)
    return post_html(prepared.text, Links(named.links, at.tag), prepared.found)


async def write_mentions(tx: Transaction, post_id: int, ids: Sequence[int]) -> None:
    """Store whom the post names."""
    if ids:
        await tx.run_many(
            writes.INSERT_MENTION,
            [
                {"post_id": post_id, "account_id": account_id, "position": place}
                for place, account_id in enumerate(ids)
            ],
        )


async def write_tags(
    services: Services, tx: Transaction, post_id: int, account_id: int, prepared: Prepared
) -> None:
    """Store the post's hashtags, making those that are new."""
    if not prepared.tags:
        return
    names = [name for name, _ in prepared.tags]
    known: dict[str, int] = dict(await tx.all(writes.TAG_IDS, names=names))
    missing = [(name, written) for name, written in prepared.tags if name not in known]
    if missing:
        # In one order everywhere: two posts with the same new tags must not wait for each other.
        rows = [
            {
                "id": services.ids.next(),
                "name": name,
                "display_name": written,
                "last_post_at": services.clock.now(),
            }
            for name, written in sorted(missing)
        ]
        await tx.run_many(writes.INSERT_TAG, rows)
        known = dict(await tx.all(writes.TAG_IDS, names=names))
    await tx.run_many(
        writes.INSERT_POST_TAG,
        [
            {"tag_id": tag_id, "post_id": post_id, "account_id": account_id}
            for tag_id in known.values()
        ],
    )


async def attach_media(
    tx: Transaction, post_id: int, account_id: int, media_ids: Sequence[int]
) -> None:
    """Hang pictures on the post: the author's own, and on no other post.

    Raises:
        Invalid: naming ``media_ids``; the same for pictures of others and for none at all.
    """
    for place, media_id in enumerate(media_ids):
        attached = await tx.run(
            writes.ATTACH, media=media_id, account=account_id, post=post_id, place=place
        )
        if not attached:
            raise Invalid("media_ids", "name a picture that can't be attached", "ERR_INVALID")
