"""Posts as activities, for archives and for what is written of a whole network."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from rostra.network.accounts.cards import cards
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Services
from rostra.network.media.model import Media
from rostra.network.polls import access as polls_access
from rostra.network.polls.model import Poll
from rostra.network.portability import activities
from rostra.network.portability.activities import Known
from rostra.network.posts import access as posts_access
from rostra.network.posts import quote
from rostra.network.posts.model import PostRow, Quote


class Told(msgspec.Struct, frozen=True):
    """A post or a reblog as an activity, and the pictures that it shows."""

    row: PostRow
    activity: dict[str, Any]
    media: tuple[Media, ...] = ()


async def known_of(  # noqa: PLR0917 (whose they are, and what they refer to)
    services: Services,
    reader: Reader,
    username: str,
    rows: Mapping[int, PostRow],
    polls: Mapping[int, Poll] = {},
    quotes: Mapping[int, Quote] = {},
) -> Known:
    """What activities of a member refer to."""
    authors = {row.account_id for row in rows.values()}
    found = await cards(reader, list(authors))
    return Known(addresses(services.settings), username, found, rows, polls, quotes)


async def told(  # noqa: PLR0917 (who asks, whose they are, and which)
    services: Services,
    reader: Reader,
    viewer_id: int,
    username: str,
    ids: Sequence[int],
    rows: Mapping[int, PostRow],
) -> list[Told]:
    """Those of a member's posts that `rows` holds, in the order of their ids.

    Of other people's posts only the name is told, and only where the viewer may see them.

    Args:
        services: the house's parts.
        reader: reads them.
        viewer_id: for whom; 0: anybody.
        username: whose posts.
        ids: of them.
        rows: what the loader of posts has let through of them, and the originals of reblogs.
    """
    bodies = await posts_access.bodies(reader, [each for each in ids if each in rows])
    now = services.clock.now()
    quoting = [each for each in ids if each in rows and rows[each].quote]
    quotes = await quote.of_posts(reader, viewer_id, quoting, now=now)
    others: Collection[int] = {row.in_reply_to_id for row in rows.values()} | {
        each.quoted_id for each in quotes.values()
    }
    asked = [each for each in others if each and each not in rows]
    seen = {**await posts_access.rows(reader, viewer_id, asked), **rows}
    polls = await polls_access.of_posts(reader, viewer_id, list(bodies), now=now)
    known = await known_of(services, reader, username, seen, polls, quotes)
    made = []
    for each in ids:
        row = rows.get(each)
        if row is not None and row.reblog_of_id:
            made.append(Told(row, activities.announce(row, known)))
        elif row is not None and each in bodies:
            activity = activities.create(row, bodies[each], known)
            made.append(Told(row, activity, tuple(bodies[each].media)))
    return made
