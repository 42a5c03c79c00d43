"""The one loader of posts: nothing reaches a viewer but through here.

What a viewer may not see does not exist for them: it is missing from :func:`rows`, and
:func:`row` raises NotFound, the same for a post that never was.
"""

from collections.abc import Collection, Iterable, Sequence

from rostra.kernel.errors import NotFound
from rostra.network.edge import Reader
from rostra.network.media import access as media_access
from rostra.network.posts.model import (
    AUTHOR_VERSION,
    BESIDE,
    UNSEEN,
    Flag,
    Gone,
    Mention,
    Placed,
    PostBody,
    PostRow,
    Shown,
    ShownRow,
)
from rostra.network.posts.queries import live, reads
from rostra.network.previews.model import Card

_WIDTH = len(Shown._fields)


async def rows(reader: Reader, viewer_id: int, ids: Sequence[int]) -> dict[int, PostRow]:
    """Those of the posts that the viewer may see, by id, with the originals of their reblogs.

    A reblog whose original the viewer may not see is left out. One query, or two where a reblog's
    original is not among ``ids``.
    """
    if not ids:
        return {}
    found = {row.id: row for row in await reader.all(reads.ROWS, viewer=viewer_id, ids=ids)}
    reblogs = [row for row in found.values() if row.reblog_of_id]
    if reblogs:
        asked = set(ids)
        missing = {row.reblog_of_id for row in reblogs} - asked
        if missing:
            originals = await reader.all(reads.ROWS, viewer=viewer_id, ids=list(missing))
            found.update((row.id, row) for row in originals)
        for reblog in reblogs:
            if reblog.reblog_of_id not in found:
                del found[reblog.id]
    return found


async def removed(reader: Reader, author_id: int, ids: Sequence[int]) -> dict[int, PostRow]:
    """Those of the posts that are the author's own and removed by a decision, by id.

    For what a member is given of their own to take along, and for no surface else.
    """
    if not ids:
        return {}
    return {row.id: row for row in await reader.all(reads.REMOVED, author=author_id, ids=ids)}


async def shown(reader: Reader, viewer_id: int, ids: Sequence[int]) -> dict[int, ShownRow]:
    """What decides how those of the posts that the viewer may see are shown, by id.

    As :func:`rows`, with the viewer's flags and without what only a new version changes.
    """
    found = await _shown(reader, viewer_id, ids)
    missing = {row[1] for row in found.values() if row[1]}.difference(found, ids)
    found |= await _shown(reader, viewer_id, missing)
    return _with_originals(found)


async def brought(reader: Reader, viewer_id: int, lines: Iterable[ShownRow]) -> dict[int, ShownRow]:
    """As :func:`shown`, of the lines of a list, which have most of it with them.

    One query for originals that did not come along and for lines that are no more than both ids;
    none where there are neither.

    Args:
        reader: where to read.
        viewer_id: for whom the list was read.
        lines: of :func:`lines_of`, or the id of a post and of its original.
    """
    found: dict[int, ShownRow] = {}
    missing: set[int] = set()
    for line in lines:
        if len(line) <= AUTHOR_VERSION:
            missing.add(line[0])
        elif line[AUTHOR_VERSION] == UNSEEN:
            continue
        elif len(line) > _WIDTH:
            found[line[0]], original = line[:_WIDTH], line[_WIDTH:]
            if original[AUTHOR_VERSION] != UNSEEN:
                found[original[0]] = original
            continue
        else:
            found[line[0]] = line
        if line[1]:
            missing.add(line[1])
    found |= await _shown(reader, viewer_id, missing.difference(found))
    return _with_originals(found)


def lines_of(rows: list[ShownRow]) -> list[ShownRow]:
    """The lines of a list: of the rows of its statement those of originals stand behind reblogs."""
    beside = {row[0]: (row[0], 0, *row[2:]) for row in rows if row[1] == BESIDE}
    if not beside:
        return rows
    return [row + beside[row[1]] if row[1] else row for row in rows if row[1] != BESIDE]


async def _shown(reader: Reader, viewer_id: int, ids: Collection[int]) -> dict[int, ShownRow]:
    if not ids:
        return {}
    if len(ids) == 1 and viewer_id:
        (post_id,) = ids
        return {
            row[0]: row for row in await reader.all(reads.ONE_SHOWN, viewer=viewer_id, id=post_id)
        }
    query = reads.SHOWN if viewer_id else reads.SHOWN_TO_ANYBODY
    return {row[0]: row for row in await reader.all(query, viewer=viewer_id, ids=list(ids))}


def _with_originals(found: dict[int, ShownRow]) -> dict[int, ShownRow]:
    """Without the reblogs whose originals are not among them."""
    lost = [row[0] for row in found.values() if row[1] and row[1] not in found]
    for post_id in lost:
        del found[post_id]
    return found


async def shown_to_many(
    reader: Reader, viewer_ids: Sequence[int], post_id: int
) -> dict[int, tuple[ShownRow, ...]]:
    """A post as :func:`shown` has it for each of the viewers who may see it, by viewer.

    Behind it stands the original of a reblog; viewers who may not see that are left out. One
    query, two for a reblog. Viewers with equal rows are shown the same bytes.
    """
    found = await reader.all(reads.SHOWN_TO_MANY, viewers=viewer_ids, post=post_id)
    own: dict[int, tuple[ShownRow, ...]] = {row[0]: (row[1:],) for row in found}
    original_id = found[0][2] if found else 0
    if not original_id:
        return own
    originals = await reader.all(reads.SHOWN_TO_MANY, viewers=list(own), post=original_id)
    return {row[0]: (*own[row[0]], row[1:]) for row in originals}


async def placed(reader: Reader, post_id: int) -> Placed | None:
    """Where a post belongs, whoever may see it; for what goes out to many viewers at once."""
    return await reader.first(live.PLACED, post=post_id)


async def gone_for(reader: Reader, viewer_ids: Sequence[int], gone: Gone) -> list[int]:
    """Those of the viewers who could see a post until it was deleted. One query."""
    return await reader.all(
        live.GONE_FOR,
        viewers=viewer_ids,
        author=gone.account_id,
        original_author=gone.original_author_id,
        visibility=gone.visibility,
        mentioned=gone.mentioned_ids,
        answered=gone.in_reply_to_account_id,
    )


async def tag_names(reader: Reader, post_id: int) -> list[str]:
    """The folded names of a post's hashtags, whoever may see it."""
    return [name for _, name in await reader.all(reads.TAGS, ids=[post_id])]


async def row(reader: Reader, viewer_id: int, post_id: int) -> PostRow:
    """The post, if the viewer may see it.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    found = await rows(reader, viewer_id, [post_id])
    if post_id not in found:
        raise NotFound(f"post {post_id} for viewer {viewer_id}")
    return found[post_id]


async def bodies(reader: Reader, ids: Sequence[int]) -> dict[int, PostBody]:
    """The long parts of posts that :func:`rows` has let through, in four queries."""
    if not ids:
        return {}
    texts = await reader.all(reads.TEXTS, ids=ids)
    mentions: dict[int, list[Mention]] = {}
    for mention in await reader.all(reads.MENTIONS, ids=ids):
        mentions.setdefault(mention.post_id, []).append(mention)
    tags: dict[int, list[str]] = {}
    for post_id, name in await reader.all(reads.TAGS, ids=ids):
        tags.setdefault(post_id, []).append(name)
    media = await media_access.by_posts(reader, ids)
    return {
        post_id: PostBody(
            post_id,
            text,
            html,
            spoiler,
            language,
            app_name or "",
            app_website or "",
            tuple(mentions.get(post_id, ())),
            tuple(tags.get(post_id, ())),
            tuple(media.get(post_id, ())),
            None if card[0] is None else Card(*card),
            label,
        )
        for post_id, text, html, spoiler, language, app_name, app_website, label, *card in texts
    }


async def flags(reader: Reader, viewer_id: int, ids: Sequence[int]) -> dict[int, Flag]:
    """What the viewer has done with those of the posts that they may see; nothing for viewer 0."""
    if not viewer_id or not ids:
        return {}
    rows = await reader.all(reads.SHOWN, viewer=viewer_id, ids=ids)
    return {post.id: Flag(post.flags) for post in map(Shown._make, rows)}
