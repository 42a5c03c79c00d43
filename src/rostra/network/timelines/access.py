"""Pages of timelines for a viewer (0: nobody). `posts.access.brought` tells what they may see."""

from collections.abc import Sequence

import msgspec

from rostra.kernel.paging import Page, Window
from rostra.network.edge import Reader
from rostra.network.posts.access import lines_of
from rostra.network.timelines.model import AccountFilter, Entry, TagFilter, post_of
from rostra.network.timelines.queries import homes, live, reading
from rostra.network.timelines.queries.linked import LINKED
from rostra.network.timelines.queries.tagged import TAGGED, WANTED
from rostra.store.paging import Pages, rows_of

_EVERYTHING = AccountFilter()
_ONE_TAG = TagFilter()


async def _page(
    reader: Reader,
    pages: Pages[Entry],
    page: Page,
    viewer_id: int,
    **params: object,
) -> list[Entry]:
    rows = await rows_of(reader, pages, page, viewer=viewer_id, **params)
    entries = lines_of(rows)
    entries.sort(reverse=not page.ascending)  # mostly they are; no statement promises it
    return entries


async def home(
    reader: Reader,
    viewer_id: int,
    page: Page,
    *,
    now: int,
    merged: tuple[int, ...] = (),
    tagged: bool = False,
) -> tuple[Window[Entry], bool]:
    """The viewer's home: what was written into it, merged with posts of the ``merged`` accounts.

    True beside it: it sleeps, and must be built anew. One query; one more where there are accounts
    with so many followers that homes merge their posts, one more for members who follow hashtags
    (``tagged``), and one where nothing is written there.
    """
    entries = await _page(reader, reading.HOME, page, viewer_id, now=now)
    asleep = not entries and await _is_asleep(reader, viewer_id)
    if merged:
        more = await _page(reader, reading.MERGED, page, viewer_id, now=now, merged=list(merged))
        entries = _merge(entries, more, page)
    if tagged:
        more = await _page(reader, TAGGED, page, viewer_id, now=now)
        entries = _merge(entries, more, page)
    return Window.of(entries, page, post_of), asleep


async def wanted_by_tag(
    reader: Reader, post_id: int, viewer_ids: Sequence[int], *, now: int
) -> list[int]:
    """Those of the members in whose homes a post stands because of its hashtags. One query.

    For streams, which know who is listening.
    """
    if not viewer_ids:
        return []
    viewers = msgspec.json.encode(list(viewer_ids)).decode()
    return await reader.all(WANTED, post=post_id, viewers=viewers, now=now)


def _merge(entries: list[Entry], more: list[Entry], page: Page) -> list[Entry]:
    """The first ``limit`` of both, in the order of the page, each post once."""
    if not more:
        return entries
    # What stands in both is taken as it was written out.
    each = {entry[0]: entry for entry in (*more, *entries)}
    ordered = sorted(each.values(), key=post_of, reverse=not page.ascending)
    return ordered[: page.limit]


async def _is_asleep(reader: Reader, viewer_id: int) -> bool:
    state = await reader.first(homes.HOME_STATE, viewer=viewer_id)
    return state is not None and state < 0


async def merged_accounts(reader: Reader) -> tuple[int, ...]:
    """The accounts whose posts homes merge when they are read."""
    return tuple(await reader.all(reading.MERGED_ACCOUNTS))


async def public(
    reader: Reader, viewer_id: int, page: Page, *, now: int, only_media: bool = False
) -> Window[Entry]:
    """Public posts of this place, without reblogs and without replies to others. One query."""
    pages = reading.PUBLIC_MEDIA if only_media else reading.PUBLIC
    return Window.of(await _page(reader, pages, page, viewer_id, now=now), page, post_of)


async def account(
    reader: Reader,
    viewer_id: int,
    account_id: int,
    page: Page,
    *,
    now: int,
    only: AccountFilter = _EVERYTHING,
    tagged: str = "",
) -> Window[Entry]:
    """What an account has posted and reblogged. One query.

    Without answers or reblogs: 5,000 of its posts are looked at for one page, with a hashtag 1,000
    of each visibility.

    Args:
        reader: where to read.
        viewer_id: who asks.
        account_id: whose posts.
        page: which part.
        now: UTC ms, for mutes that end.
        only: which kinds of posts.
        tagged: the folded name of a hashtag that the posts must carry.
    """
    params: dict[str, object] = {
        "account": account_id,
        "now": now,
        "exclude_replies": int(only.exclude_replies),
        "exclude_reblogs": int(only.exclude_reblogs),
        "only_media": int(only.only_media),
    }
    if tagged:
        pages = reading.ACCOUNT_TAG
        params["tag"] = tagged
    elif only.only_media:
        pages = reading.ACCOUNT_MEDIA
    elif only.exclude_replies or only.exclude_reblogs:
        pages = reading.ACCOUNT_SOME
    else:
        pages = reading.ACCOUNT
    return Window.of(await _page(reader, pages, page, viewer_id, **params), page, post_of)


async def pinned(reader: Reader, viewer_id: int, account_id: int, limit: int) -> list[Entry]:
    """The posts an account has pinned, the last pinned first. One query."""
    return await reader.all(reading.PINNED, viewer=viewer_id, account=account_id, limit=limit)


async def tag(
    reader: Reader,
    viewer_id: int,
    name: str,
    page: Page,
    *,
    now: int,
    only: TagFilter = _ONE_TAG,
) -> Window[Entry]:
    """Public posts with a hashtag (its folded name). One query, two with further hashtags.

    Args:
        reader: where to read.
        viewer_id: who asks.
        name: the hashtag, folded.
        page: which part.
        now: UTC ms, for mutes that end.
        only: further hashtags that posts may, must or must not carry; four of them at most may
            be carried instead of the first.
    """
    if only == _ONE_TAG:
        rows = await _page(reader, reading.TAG, page, viewer_id, now=now, tag=name)
        return Window.of(rows, page, post_of)
    names = {name, *only.any, *only.all, *only.none}
    known: dict[str, int] = dict(await reader.all(reading.TAG_IDS, names=list(names)))
    wanted = [known[n] for n in (name, *only.any) if n in known]
    if not wanted or any(n not in known for n in only.all):
        return Window([])
    required = {known[n] for n in only.all}
    rows = await _page(
        reader,
        reading.TAGS,
        page,
        viewer_id,
        now=now,
        **dict.fromkeys(reading.ANY_TAGS, 0) | dict(zip(reading.ANY_TAGS, wanted, strict=False)),
        all=list(required),
        all_count=len(required),
        none=[known[n] for n in only.none if n in known],
        only_media=int(only.only_media),
    )
    return Window.of(rows, page, post_of)


async def link(
    reader: Reader, viewer_id: int, card_ids: Sequence[int], page: Page, *, now: int
) -> Window[Entry]:
    """Public posts, of those who want to be found, whose preview is one of these. One query each.

    Args:
        reader: where to read.
        viewer_id: who asks.
        card_ids: previews that lead to the same page.
        page: which part.
        now: UTC ms, for mutes that end.
    """
    entries: list[Entry] = []
    for card_id in card_ids:
        more = await _page(reader, LINKED, page, viewer_id, now=now, card=card_id)
        entries = _merge(entries, more, page)
    return Window.of(entries, page, post_of)


async def receiving(
    reader: Reader, reader_ids: Sequence[int], post_id: int, *, now: int
) -> dict[int, bool]:
    """Those of the readers who hide none of a post's authors; True: it stands in their home.

    Whether they may see it at all is told by the loader of posts. One query.
    """
    rows = await reader.all(live.RECEIVING, readers=reader_ids, post=post_id, now=now)
    return {reader_id: bool(at_home) for reader_id, at_home in rows}


async def following(
    reader: Reader, reader_ids: Sequence[int], author_id: int, tags: Sequence[str] = ()
) -> set[int]:
    """Those of the readers who follow an author, or one of the hashtags. One query, or two."""
    found = await reader.all(live.FOLLOWING, readers=reader_ids, author=author_id)
    if tags:
        found += await reader.all(live.FOLLOWING_TAGS, readers=reader_ids, tags=tags)
    return set(found)
