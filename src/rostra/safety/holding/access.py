"""What waits because of rules, and how long that takes."""

from collections.abc import Sequence
from statistics import median
from typing import Any, Final

from rostra.kernel.clock import DAY
from rostra.safety.edge import Reader, Services
from rostra.safety.holding import queries
from rostra.safety.holding.model import HoldState, Overview
from rostra.safety.team.model import Actor

LATELY_MS: Final = 30 * DAY
_SAMPLE: Final = 50


async def usual_ms(services: Services, reader: Reader) -> int | None:
    """How long half of those waited that somebody looked at lately; None: none was."""
    since = services.clock.now() - LATELY_MS
    return _half(await reader.all(queries.LATELY, since=since, limit=_SAMPLE))


def _half(waited: Sequence[int]) -> int | None:
    return round(median(waited)) if waited else None


async def overview(
    services: Services, reader: Reader, actor: Actor, *, limit: int = 40
) -> Overview:
    """How holds of the categories do that somebody is trusted with. Five statements."""
    now = services.clock.now()
    since = now - LATELY_MS
    theirs: dict[str, Any] = {
        "all": int(actor.categories is None),
        "categories": list(actor.categories or ()),
    }
    settled = dict(await reader.all(queries.SETTLED, since=since, **theirs))
    waited = await reader.all(queries.LATELY_SHOWN, since=since, limit=_SAMPLE, **theirs)
    return Overview(
        waiting=int(await reader.value(queries.COUNT, **theirs)),
        overdue=int(await reader.value(queries.OVERDUE, now=now, **theirs)),
        settled={each: settled.get(int(each), 0) for each in HoldState if each},
        median_ms=_half(waited),
        holds=tuple(await reader.all(queries.FIRST_DUE, limit=limit, **theirs)),
    )
