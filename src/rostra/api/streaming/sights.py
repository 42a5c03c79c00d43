"""What each of many viewers is shown of a post: those who are shown the same share the bytes."""

from collections.abc import Iterable
from typing import NamedTuple, Optional

from rostra.network.edge import Reader
from rostra.network.polls import access as polls_access
from rostra.network.posts import access as posts_access
from rostra.network.posts import quote
from rostra.network.posts.model import Extra, ShownRow

Rows = tuple[ShownRow, ...]


class Sight(NamedTuple):
    """How a viewer is shown a post: equal ones are the same bytes."""

    rows: Rows  # with the original behind a reblog
    choices: int = 0  # bits of what they chose in its poll
    quote: str = ""  # what the post that it quotes is to them
    quoted: Optional["Sight"] = None  # and how they are shown that; None: not at all


Sights = dict[int, Sight]


async def sights(
    reader: Reader, shown: dict[int, Rows], *, now: int, within: bool = False
) -> Sights:
    """What is shown to each viewer, with what the rows of a post do not tell.

    One statement for a poll, two for a quote and as many again for what the quoted post has, for
    any number of viewers. ``within``: the post is quoted itself; what it quotes is told by its id.
    """
    asking, quoting = _with(shown.values(), Extra.POLL), _with(shown.values(), Extra.QUOTE)
    chosen = await polls_access.chosen_by(reader, list(shown), asking) if asking else {}
    if not quoting:
        return {each: Sight(rows, chosen.get(each, 0)) for each, rows in shown.items()}
    told = await quote.of_post_to_many(reader, list(shown), quoting, now=now)
    readers = [viewer for viewer, each in told.items() if each.quoted_id]
    quoted_id = told[readers[0]].quoted_id if readers else 0
    seen = await posts_access.shown_to_many(reader, readers, quoted_id) if readers else {}
    if within:
        quoted: Sights = dict.fromkeys(seen, Sight(()))
    else:
        quoted = await sights(reader, seen, now=now, within=True)
    return {
        each: Sight(
            rows,
            chosen.get(each, 0),
            told[each].state if each in told else "",
            quoted.get(each),
        )
        for each, rows in shown.items()
    }


def _with(shown: Iterable[Rows], extra: Extra) -> int:
    """The post that has it, itself or as the original of a reblog; 0: neither."""
    return next((row[0] for rows in shown for row in rows if row[-1] & extra), 0)
