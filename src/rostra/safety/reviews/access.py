"""Loads what is next to be looked at, blindly, and how often second looks agree."""

from typing import Final

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Forbidden
from rostra.safety.edge import Reader, Services
from rostra.safety.reviews import queries
from rostra.safety.reviews.model import Blind, Review, Week
from rostra.safety.team.model import Actor, Permission

WEEKS: Final = 12
_MOST_WAITING: Final = 1_000


def may_look(actor: Actor) -> bool:
    """Whether somebody decides about all categories."""
    return actor.may(Permission.DECIDE) and actor.categories is None


def require_all(actor: Actor) -> None:
    """Let pass who decides about all categories: less of the sample would tell what was decided.

    Raises:
        Forbidden: it is not theirs to say, or they are trusted with some categories alone.
    """
    actor.require(Permission.DECIDE)
    if actor.categories is not None:
        raise Forbidden(f"account {actor.account_id} is trusted with some categories alone")


async def next_one(reader: Reader, actor: Actor) -> Blind | None:
    """What somebody may look at next; None: nothing waits for them. Three statements.

    Never what they wrote themselves, nor what they have decided; and of what is shown neither who
    wrote it, nor what a machine or a person thought of it.

    Raises:
        Forbidden: it is not theirs to say, or they are trusted with some categories alone.
    """
    require_all(actor)
    found = await reader.first(queries.NEXT, actor=actor.account_id)
    if found is None:
        return None
    review_id, post_id = found
    said = await reader.first(queries.TEXT, post=post_id)
    warning, text, language = said or ("", "", "")
    parts = (warning, text, *await reader.all(queries.OPTIONS, post=post_id))
    return Blind(review_id, "\n\n".join(filter(None, parts)), language)


async def answered(reader: Reader, actor: Actor, review_id: int) -> Review | None:
    """What somebody has said themselves, with what was done; None: it is none of theirs."""
    return await reader.first(queries.ANSWERED, id=review_id, actor=actor.account_id)


async def waiting(reader: Reader, actor: Actor) -> int:
    """How much waits for somebody, a thousand at most; nothing where they see some categories."""
    if actor.categories is not None:
        return 0
    return int(
        await reader.value(queries.WAITING, actor=actor.account_id, limit=_MOST_WAITING) or 0
    )


async def weeks(services: Services, reader: Reader) -> list[Week]:
    """What came of it in the last twelve weeks, the oldest first. One statement."""
    return await reader.all(queries.WEEKS, since=services.clock.now() - WEEKS * 7 * DAY)
