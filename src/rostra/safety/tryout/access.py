"""Loads try-outs for the team, and the posts that they show."""

from collections.abc import Iterable
from typing import Final

import msgspec

from rostra.kernel.errors import NotFound
from rostra.network.posts.limits import Standing
from rostra.network.posts.model import Visibility
from rostra.safety.edge import Reader
from rostra.safety.tryout import queries
from rostra.safety.tryout.kept import Tryout
from rostra.safety.tryout.model import FIRST_WORDS, Result, Sample

SHOWN: Final = 20
_FOR_ALL: Final = frozenset({Visibility.PUBLIC, Visibility.UNLISTED})


class Shown(msgspec.Struct, frozen=True):
    """A post of a try-out as the team sees it, with the first of its words."""

    post_id: int
    account_id: int
    username: str
    words: str


async def one(reader: Reader, tryout_id: int) -> Tryout:
    """A try-out. One statement.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.ONE, id=tryout_id)
    if found is None:
        raise NotFound(f"tryout {tryout_id}")
    return found


async def latest(reader: Reader, rule_id: int, *, limit: int = SHOWN) -> list[Tryout]:
    """The newest try-outs of a rule, the newest first. One statement."""
    return await reader.all(queries.LATEST, rule=rule_id, limit=limit)


async def shown(reader: Reader, result: Result) -> dict[int, Shown]:
    """The posts that a result shows and that are still there, by their ids. One statement.

    What its author has shown to few is not among them, nor whose it is: that a rule catches it
    is no reason.
    """
    wanted = sorted({each.post_id for each in samples(result)})
    rows = await reader.all(queries.SHOWN, ids=wanted) if wanted else []
    found = {}
    for post_id, account_id, username, text, spoiler, *standing in rows:
        if Standing(*standing).own_visibility in _FOR_ALL:
            words = " ".join(f"{spoiler} {text}".split())[:FIRST_WORDS]
            found[post_id] = Shown(post_id, account_id, username, words)
    return found


def samples(result: Result) -> Iterable[Sample]:
    """All that it shows."""
    for side in result.sides:
        yield from side.caught.samples
    for group in (result.both, result.first_only, result.second_only):
        yield from group.samples
