"""What is known of whoever writes, for signals that judge accounts and for rules."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from rostra.kernel import ids
from rostra.kernel.clock import DAY, MINUTE
from rostra.network.screening import Said, What
from rostra.safety.edge import Reader, Services
from rostra.safety.screening import queries
from rostra.safety.signals.model import AuthorFacts

BURST_MS: Final = 10 * MINUTE
MOST_COMPARED: Final = 50
"""Of their posts of a day, the newest; more are not compared."""

FEWEST_CHARACTERS: Final = 12
"""Who says less again (good morning, thank you) says nothing by that."""

_MOST_KEPT: Final = 4_000  # texts
_LONGEST_KEPT: Final = 500  # characters
_NAME = re.compile(r"@[\w.-]+(?:@[\w.-]+)?")
_LINK = re.compile(r"https?://\S+")


class Author(NamedTuple):
    """The row of an author; `burst`: how many posts they have written within `BURST_MS`."""

    created_at: int
    posts: int
    followers: int
    following: int
    burst: int
    username: str
    bot: int


async def read(services: Services, reader: Reader, account_id: int) -> Author | None:
    """The author as they are now; None where there is no such account."""
    since = ids.floor_at(services.clock.now() - BURST_MS)
    found = await reader.first(queries.AUTHOR, account=account_id, since=since)
    return None if found is None else Author(*found)


async def facts(
    services: Services, reader: Reader, said: Said, author: Author | None
) -> AuthorFacts:
    """What signals are told of an author, and of this text among theirs. One statement at most."""
    if author is None:
        return AuthorFacts(age=0)
    now = services.clock.now()
    alike, reached = 0, 0
    # Whatever their profile counts: direct posts are not among those, nor is what waits.
    if said.what is What.POST and len(_folded(said.written)) >= FEWEST_CHARACTERS:
        earlier = await reader.all(
            queries.LATELY,
            account=said.account_id,
            since=ids.floor_at(now - DAY),
            limit=MOST_COMPARED,
        )
        alike, reached = _among(said, earlier)
    return AuthorFacts(
        age=now - author.created_at,
        posts=author.posts,
        burst=author.burst,
        followers=author.followers,
        following=author.following,
        alike=alike,
        reached=reached,
    )


def _among(said: Said, earlier: Iterable[str]) -> tuple[int, int]:
    """How many of these texts say the same, and how many members are named in all of them.

    What is said of files, and the choices of a poll, make no other text of it.
    """
    wanted = _said(said.written)
    same = [text for text in earlier if _said(text) == wanted]
    names = {name.casefold() for text in (said.written, *same) for name in _NAME.findall(text)}
    return len(same), len(names)


def _said(text: str) -> int:
    """A number for what a text says: whoever posts much has the same fifty read each time."""
    return _said_before(text) if len(text) <= _LONGEST_KEPT else hash(_folded(text))


@lru_cache(maxsize=_MOST_KEPT)
def _said_before(text: str) -> int:
    return hash(_folded(text))


def _folded(text: str) -> str:
    """A text without case, blanks, names and where its links lead: a flood varies these first."""
    if "://" in text:
        text = _LINK.sub("~", text)
    if "@" in text:
        text = _NAME.sub("", text)
    return "".join(text.casefold().split())
