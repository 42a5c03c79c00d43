"""How signals did, by the day or by the week."""

from typing import Annotated, Any, Literal

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety.common import BASE, READ, actor_of
from rostra.network.edge import Reader
from rostra.safety.tallies import access
from rostra.safety.tallies.access import History
from rostra.safety.tallies.model import Doing, Harm, Span
from rostra.safety.team.model import Permission

_WEEKS = 13


class HistoryParams(msgspec.Struct, frozen=True, kw_only=True):
    """Days (UTC) or weeks from Monday on, and how many of the last ones.

    At most 31 days, or 26 weeks; more is taken for that.
    """

    by: Literal["day", "week"] = "week"
    last: Annotated[int, msgspec.Meta(ge=1, le=access.MOST_DAYS)] = _WEEKS


class HarmEntity(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one kind of harm."""

    harm: str
    scored: int  # how many scores there were
    above: int  # of these, above the threshold that held then
    tenths: tuple[int, ...]  # how many of them lay in each tenth, from 0 to 1


class DoingEntity(msgspec.Struct, frozen=True, kw_only=True):
    """How a signal did, by one of its versions; rates are null where there is nothing yet."""

    name: str | None  # null: all of them together
    version: str | None
    asked: int
    found: int  # how often it gave a score
    above: int  # how often one was above its threshold
    failed: int  # how often it broke
    rate: float | None  # `above` of `asked`
    median_us: int | None  # half of its answers took no longer; within 8 %
    p95_us: int | None  # 95 of 100 took no longer
    decided: int  # how often people decided about what it gave a score to, in this span
    caught: int  # above, and they did something
    overdone: int  # above, and they did nothing
    missed: int  # below, and they did something
    passed: int  # below, and they did nothing
    agreement: float | None  # `caught` and `passed` of `decided`
    harms: tuple[HarmEntity, ...]


class SpanEntity(msgspec.Struct, frozen=True, kw_only=True):
    """A day or a week."""

    begins_at: str
    together: DoingEntity
    signals: tuple[DoingEntity, ...]


class HistoryEntity(msgspec.Struct, frozen=True, kw_only=True):
    """Spans without holes, the oldest first. The last one is not over yet."""

    by: Literal["day", "week"]
    counted_until: str | None  # what came later is not counted yet; null: nothing is
    spans: tuple[SpanEntity, ...]


async def show(call: Call[HistoryParams]) -> HistoryEntity:
    """How signals did: asked, scores, time, agreement with what people decided."""
    params = call.params
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)

    async def work(reader: Reader) -> History:
        if params.by == "day":
            return await access.days(call.services, reader, params.last)
        return await access.weeks(call.services, reader, min(params.last, access.MOST_WEEKS))

    found = await call.services.db.slowly(work)
    return HistoryEntity(
        by=params.by,
        counted_until=iso_or_none(found.counted_until),
        spans=tuple(map(_span, found.spans)),
    )


def _span(span: Span) -> SpanEntity:
    return SpanEntity(
        begins_at=iso(span.at),
        together=_doing(span.together),
        signals=tuple(map(_doing, span.signals)),
    )


def _doing(doing: Doing) -> DoingEntity:
    return DoingEntity(
        name=doing.signal or None,
        version=doing.version or None,
        asked=doing.asked,
        found=doing.found,
        above=doing.above,
        failed=doing.failed,
        rate=_rounded(doing.rate),
        median_us=doing.median_us,
        p95_us=doing.p95_us,
        decided=doing.decided,
        caught=doing.caught,
        overdone=doing.overdone,
        missed=doing.missed,
        passed=doing.passed,
        agreement=_rounded(doing.agreement),
        harms=tuple(_harm(harm, found) for harm, found in doing.harms.items()),
    )


def _harm(harm: str, found: Harm) -> HarmEntity:
    return HarmEntity(harm=harm, scored=found.scored, above=found.above, tenths=found.tenths)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        f"{BASE}/signals/history",
        show,
        auth=Auth.USER,
        scopes=READ,
        params=HistoryParams,
        answer=HistoryEntity,
        summary="How signals did, by the day or by the week",
    ),
)
