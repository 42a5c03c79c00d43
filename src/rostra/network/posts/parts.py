"""What publishing, editing and deleting share: mentions and hashtags of a post."""

from collections.abc import Sequence
from typing import Any

import msgspec

from rostra.kernel import ids
from rostra.kernel.text.names import parse_acct
from rostra.kernel.text.render import Links, post_html
from rostra.network.addresses import addresses
from rostra.network.edge import Services, Transaction
from rostra.network.posts.counting import hold
from rostra.network.posts.limits import Standing
from rostra.network.posts.model import PostRow, QuotePolicy, Visibility
from rostra.network.posts.prepare import Prepared
from rostra.network.posts.queries import writes
from rostra.network.previews.address import first_link
from rostra.network.previews.link import link

_encode = msgspec.json.Encoder().encode


class ForgetTags(msgspec.Struct, frozen=True):
    """Hashtags that have lost a post."""

    ids: tuple[int, ...]


class Named(msgspec.Struct, frozen=True):
    """The accounts that a text names: their ids in order, and where their handles lead."""

    ids: tuple[int, ...] = ()
    links: dict[str, str] = {}


async def resolve_mentions(
    services: Services, tx: Transaction, author_id: int, prepared: Prepared
) -> Named:
    """Find the accounts that are named. No statement where nobody is."""
    handles: dict[str, list[str]] = {}
    # A handle has no port, so a place on an unusual one is also known without it.
    domain = services.settings.domain
    ours = {None, "", domain, domain.partition(":")[0]}
    for handle in prepared.handles:
        acct = parse_acct(handle)
        if acct is not None and acct.domain in ours:
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


def text_row(
    services: Services, post_id: int, prepared: Prepared, named: Named, language: str
) -> dict[str, Any]:
    """The words of a new post, for whoever has them judged and writes them."""
    return {
        "post_id": post_id,
        "text": prepared.text,
        "html": html_of(services, prepared, named),
        "spoiler_text": prepared.spoiler_text,
        "language": language,
        "app_id": prepared.draft.app_id,
    }


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
    services: Services,
    tx: Transaction,
    post_id: int,
    account_id: int,
    prepared: Prepared,
    *,
    visibility: Visibility,
    used_at: int,
) -> None:
    """Store the post's hashtags, used at a time (UTC ms). Two statements, or none."""
    if not prepared.tags:
        return
    # In one order everywhere: two posts with the same tags must not wait for each other.
    ordered = sorted(prepared.tags)
    rows = [(services.ids.next(), name, written) for name, written in ordered]
    used = used_at if visibility is Visibility.PUBLIC else 0
    await tx.run(writes.PUT_TAGS, rows=_encode(rows).decode(), used=used)
    names = [name for name, _ in ordered]
    await tx.run(
        writes.LINK_TAGS, post=post_id, account=account_id, names=names, visibility=int(visibility)
    )


async def put_tag(services: Services, tx: Transaction, name: str, written: str) -> None:
    """Make the hashtag with this folded name, unless there is one."""
    rows = [(services.ids.next(), name, written)]
    await tx.run(writes.PUT_TAGS, rows=_encode(rows).decode(), used=0)


async def preview(
    services: Services,
    tx: Transaction,
    post_id: int,
    prepared: Prepared,
    visibility: Visibility,
    *,
    author_id: int,
    fresh: bool = False,
) -> bool:
    """Let the post be previewed by its first link; whether there is one.

    Not what is said to a few people: the call alone would tell a stranger's server of it.
    """
    settings = services.settings
    quiet = visibility >= Visibility.DIRECT or not settings.previews.fetch
    address = "" if quiet else first_link(prepared.found, settings.domain)
    owner_id = author_id if visibility is Visibility.FOLLOWERS else 0
    await link(services, tx, post_id, address, owner_id=owner_id, fresh=fresh)
    return bool(address)


async def forget_tags(tx: Transaction, tag_ids: Sequence[int]) -> None:
    """Remove hashtags that no post carries and nobody follows or shows any more.

    A word of a deleted post is gone with it.
    """
    if tag_ids:
        await tx.enqueue("posts.forget_tags", ForgetTags(tuple(tag_ids)))


async def insert_row(
    tx: Transaction,
    post_id: int,
    account_id: int,
    standing: Standing,
    *,
    parent: PostRow | None = None,
    reblog_of_id: int = 0,
    media_count: int = 0,
    poll: bool = False,
    quote: bool = False,
    quote_policy: QuotePolicy = QuotePolicy.NEVER,
    interaction_policy: int = 0,
) -> None:
    """Write the narrow row of a post, a reply (``parent``) or a reblog.

    Raises:
        NotFound: what is answered was deleted since it was looked at.
    """
    if parent is not None and standing.visibility > Visibility.UNLISTED:  # others are counted
        await hold(tx, parent.id)
    await tx.run(
        writes.INSERT_POST,
        id=post_id,
        account_id=account_id,
        visibility=standing.visibility,
        limits=standing.limits,
        version=1,
        in_reply_to_id=parent.id if parent else 0,
        in_reply_to_account_id=parent.account_id if parent else 0,
        thread_id=parent.thread_id if parent else post_id,
        depth=parent.depth + 1 if parent else 0,
        reblog_of_id=reblog_of_id,
        sensitive=standing.sensitive,
        media_count=media_count,
        poll=int(poll),
        replies_count=0,
        reblogs_count=0,
        favourites_count=0,
        quotes_count=0,
        quote=int(quote),
        quote_policy=int(quote_policy),
        interaction_policy=interaction_policy,
        edited_at=0,
        created_at=ids.time_of(post_id),
    )
