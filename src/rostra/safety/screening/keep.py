"""Keeps judgements, and tells of those that somebody should look at."""

from collections.abc import Iterable

import msgspec

from rostra.network.screening import What
from rostra.safety.adapters.harms import category_for
from rostra.safety.edge import Services, Transaction
from rostra.safety.screening import queries
from rostra.safety.screening.events import RulesCaught, ScoreReached
from rostra.safety.screening.harms import threshold_of
from rostra.safety.screening.model import Heard, Judged, checksum, told_of
from rostra.safety.subjects import Subject, SubjectKind
from rostra.settings import Screening

_encode = msgspec.json.Encoder().encode
THOUSAND = 1_000


async def keep(services: Services, tx: Transaction, judged: Judged, post_id: int) -> None:
    """Write what was found in words that stand now, and tell who has to know.

    One statement; none where only rules were asked, and none of them caught anything.
    """
    assert judged.said is not None  # noqa: S101 (what was judged is known)
    if not judged.heard and not judged.caught:
        return
    said, now = judged.said, services.clock.now()
    subject = subject_of(said.what, said.account_id, post_id)
    await tx.run(
        queries.ADD,
        id=services.ids.next(),
        subject_kind=int(subject.kind),
        subject_id=subject.id,
        account_id=said.account_id,
        what=str(said.what),
        checksum=checksum(said.text),
        registry=judged.registry.version,
        score=_thousandths(max((each.score for each in judged.heard), default=0.0)),
        findings=_encode(judged.heard).decode(),
        rules=_encode([told_of(each) for each in judged.caught]).decode(),
        cost_us=judged.cost_us,
        created_at=now,
    )
    live = tuple(each for each in judged.caught if each.live)
    if live:
        await tx.emit(RulesCaught(subject, said.account_id, live))
    reached = _reached(services.settings.screening, judged.heard)
    if reached is not None:
        harm, score = reached
        words = _words(harm, judged.heard)
        category = int(category_for(harm))
        await tx.emit(ScoreReached(subject, category, _thousandths(score), words))


def subject_of(what: What, account_id: int, post_id: int) -> Subject:
    """What the words stand in."""
    if what is What.PROFILE:
        return Subject(SubjectKind.ACCOUNT, account_id)
    return Subject(SubjectKind.POST, post_id)


def _reached(settings: Screening, heard: Iterable[Heard]) -> tuple[str, float] | None:
    """The harm that is most above its threshold, and its score."""
    above = [
        (score - threshold, harm, score)
        for each in heard
        for harm, score in each.scores.items()
        if score >= (threshold := threshold_of(settings, harm))
    ]
    if not above:
        return None
    _, harm, score = max(above)
    return harm, score


def _words(harm: str, heard: Iterable[Heard]) -> str:
    """Which signals say so, and how sure they are."""
    said = [(each.scores[harm], each) for each in heard if harm in each.scores]
    return "; ".join(
        f"{each.signal} {each.version}: {harm} {score:.2f}"
        for score, each in sorted(said, key=lambda pair: -pair[0])
    )


def _thousandths(score: float) -> int:
    return round(score * THOUSAND)
