"""What judges words before they are seen, how it does, and what it found in one thing."""

from typing import Any, Literal

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso
from rostra.api.safety import entities
from rostra.api.safety.common import BASE, READ, actor_of
from rostra.network.edge import Reader
from rostra.safety.screening.access import Shown
from rostra.safety.screening.model import Heard
from rostra.safety.tallies import lately
from rostra.safety.tallies.lately import Figures, Overview
from rostra.safety.team.model import Permission


class SignalsParams(msgspec.Struct, frozen=True):
    """How far to look back."""

    window: Literal["day", "week", "month"] = "week"


class SignalEntity(msgspec.Struct, frozen=True, kw_only=True):
    """How a signal, by one of its versions, has done. Rates are null where there is nothing yet."""

    name: str
    version: str
    judged: int
    found: int  # how often it gave a score
    above: int  # how often one was above its threshold
    failed: int  # how often it broke
    rate: float | None  # `above` of `judged`
    median_us: int
    decided: int  # of those with a score, how many a person has decided on afterwards
    agreed: int
    agreement: float | None  # `agreed` of `decided`


class ScreeningEntity(msgspec.Struct, frozen=True, kw_only=True):
    """How screening does."""

    judged: int  # within the window; 1,000,000 at most
    read: int  # the latest of these, of which the figures are
    median_us: int
    signals: tuple[SignalEntity, ...]


async def show(call: Call[SignalsParams]) -> ScreeningEntity:
    """The signals that have judged, with their versions, cost, rate and agreement."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.SEE_CASES)

    async def work(reader: Reader) -> Overview:
        return await lately.overview(call.services, reader, lately.WINDOWS[call.params.window])

    found = await call.services.db.slowly(work)
    return ScreeningEntity(
        judged=found.judged,
        read=found.read,
        median_us=found.median_us,
        signals=tuple(map(_signal, found.signals)),
    )


def _signal(figures: Figures) -> SignalEntity:
    return SignalEntity(
        name=figures.signal,
        version=figures.version,
        judged=figures.judged,
        found=figures.found,
        above=figures.above,
        failed=figures.failed,
        rate=_share(figures.above, figures.judged),
        median_us=figures.median_us,
        decided=figures.decided,
        agreed=figures.agreed,
        agreement=_share(figures.agreed, figures.decided),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def judgement_entity(shown: Shown) -> entities.Judgement:
    """What was found in one thing when it was published."""
    row = shown.judgement
    return entities.Judgement(
        id=str(row.id),
        what=row.what,
        at=iso(row.created_at),
        cost_us=row.cost_us,
        current=bool(shown.text),
        findings=tuple(_finding(shown, each) for each in row.heard),
        rules=tuple(
            entities.CaughtBy(
                rule_id=str(each.rule_id),
                version=each.version,
                name=each.name,
                state="live" if each.live else "shadow",
                effects=each.effects,
            )
            for each in row.told
        ),
    )


def _finding(shown: Shown, heard: Heard) -> entities.Finding:
    return entities.Finding(
        signal=heard.signal,
        version=heard.version,
        cost_us=heard.us,
        failed=heard.failed,
        scores=heard.scores,
        reason=heard.reason,
        targets=heard.targets,
        passages=tuple(
            entities.Passage(each.text, each.weight)
            for each in shown.passages(heard)
            if each.weight
        ),
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        f"{BASE}/signals",
        show,
        auth=Auth.USER,
        scopes=READ,
        params=SignalsParams,
        answer=ScreeningEntity,
        summary="What judges words before they are seen, and how it does",
    ),
)
