"""Write a post from long ago: with the time and the place that it had, and nobody is told of it.

It is judged as every post is, and held where a rule asks for it. It mentions nobody: who is named
in it was somebody elsewhere. What it was called there is kept as a hash, so that it comes in once,
and does not come back once it was deleted here.
"""

import hashlib

import msgspec

from rostra.kernel import ids
from rostra.kernel.errors import Conflict
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.media.attach import attach, attachable
from rostra.network.media.restrict import of_posts as withhold
from rostra.network.posts.author import Author
from rostra.network.posts.events import PostHeld
from rostra.network.posts.model import Origin, Visibility
from rostra.network.posts.parts import Named, insert_row, text_row
from rostra.network.posts.publish import parent_of
from rostra.network.posts.queries import origins, writes
from rostra.network.posts.release import release_past, written_of
from rostra.network.posts.screened import Screened, judge
from rostra.network.screening import About, What


class Past(msgspec.Struct, frozen=True):
    """Where a post comes from.

    Attributes:
        origin: what it was called there, as `origin_of` has it.
        at: when it was published there, UTC ms.
        before: the id that it had when it was brought in before, and is gone; 0: never.
    """

    origin: str
    at: int
    before: int = 0


def origin_of(uri: str) -> str:
    """The hash under which a name from elsewhere is kept: 32 hexadecimal digits."""
    return hashlib.sha256(uri.encode()).hexdigest()[:32]


async def known(reader: Reader, account_id: int, names: list[str]) -> dict[str, Origin]:
    """What became of those that a member has brought in before, by their `origin_of`."""
    found = await reader.all(origins.KNOWN, account=account_id, origins=names)
    return {each.origin: each for each in found}


async def authors(reader: Reader, post_ids: list[int]) -> dict[int, int]:
    """Whose the posts of this place with these ids are, as far as they are here."""
    return dict(await reader.all(origins.AUTHORS, ids=post_ids))


async def bring_in(
    services: Services, tx: Transaction, author: Author, screened: Screened, past: Past
) -> int:
    """Write a post from long ago; its id, which tells the time that it had.

    Raises:
        Conflict: it has come in since it was looked for.
        NotFound: what it answers is gone.
        Invalid: a file can't be attached, or what it answers is held.
    """
    prepared, draft = screened.prepared, screened.prepared.draft
    parent = await parent_of(tx, author.id, draft.in_reply_to_id) if draft.in_reply_to_id else None
    post_id = await _claimed(tx, author.id, past)
    visibility, sensitive, language = author.habits(prepared, None)
    place = About(
        language=language,
        visibility=visibility.wire,
        sensitive=sensitive,
        is_reply=parent is not None,
    )
    media = await attachable(tx, author.id, draft.media_ids)
    verdict = await judge(services, tx, author.id, screened, media, What.POST, place)
    standing = author.standing(
        visibility, sensitive=sensitive or bool(prepared.spoiler_text), held=verdict.hold
    )
    await insert_row(
        tx,
        post_id,
        author.id,
        standing,
        parent=parent,
        media_count=len(draft.media_ids),
        quote_policy=author.quotes(draft, visibility),
        interaction_policy=author.interactions(draft, visibility),
    )
    nobody = Named()
    await tx.run(writes.INSERT_TEXT, **text_row(services, post_id, prepared, nobody, language))
    await attach(tx, author.id, post_id, draft.media_ids)
    seen_by = Visibility(standing.visibility)
    if seen_by.held:
        await tx.emit(PostHeld(post_id, author.id))
        await withhold(tx, hidden=[post_id] if media and standing.untold else ())
    else:
        written = written_of(author, post_id, seen_by, language, parent)
        await release_past(services, tx, written, prepared)
    await services.screen.note(tx, verdict, post_id)
    return post_id


async def _claimed(tx: Transaction, author_id: int, past: Past) -> int:
    """An id of that time that nobody has, taken for this post."""
    post_id = ids.at(past.at)
    while await tx.first(writes.REMOVABLE, post=post_id) is not None:
        post_id = ids.at(past.at)
    claim = {"account_id": author_id, "origin": past.origin, "post_id": post_id, "gone": 0}
    if not await tx.run(origins.CLAIM, **claim, before=past.before):
        raise Conflict(safe="This archive is being brought in by somebody else right now")
    return post_id
