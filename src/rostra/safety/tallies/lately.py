"""How the signals have done lately, from the judgements themselves and what people decided then."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Final

import msgspec

from rostra.kernel.clock import DAY
from rostra.kernel.ids import floor_at
from rostra.safety.edge import Reader, Services
from rostra.safety.screening.model import Heard, Judgement
from rostra.safety.subjects import Subject
from rostra.safety.tallies import queries
from rostra.safety.tallies.acted import above, acted
from rostra.settings import Screening

SAMPLE: Final = 5_000
"""So many of the latest judgements at most are read for figures."""

COUNTED: Final = 1_000_000
"""So many judgements at most are counted."""

WINDOWS: Final = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY}


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """How a signal, by one of its versions, has done.

    Attributes:
        signal, version: which.
        judged: how often it was asked.
        found: how often it gave a score.
        above: how often one was above its threshold.
        failed: how often it broke.
        median_us: half of its answers took no longer.
        decided: of those that it gave a score, how many a person has decided on afterwards.
        agreed: of these, how many were restricted where the score was above the threshold, and not
            where it was below.
    """

    signal: str
    version: str
    judged: int
    found: int
    above: int
    failed: int
    median_us: int
    decided: int
    agreed: int


class Overview(msgspec.Struct, frozen=True):
    """How screening has done within a span of time.

    Attributes:
        judged: how often words were judged; more than `COUNTED` is told as that.
        read: how many of these, the latest, the figures are of.
        median_us: half of the judgements took no longer.
    """

    judged: int
    read: int
    median_us: int
    signals: tuple[Figures, ...]


async def overview(services: Services, reader: Reader, window_ms: int) -> Overview:
    """How the signals have done, from the latest judgements of a span of time (ms)."""
    since = floor_at(services.clock.now() - window_ms)
    rows = await reader.all(queries.LATEST, since=since, limit=SAMPLE)
    return Overview(
        judged=int(await reader.value(queries.COUNT, since=since, limit=COUNTED)),
        read=len(rows),
        median_us=_median(row.cost_us for row in rows),
        signals=figures_of(services.settings.screening, rows, await _outcomes(reader, rows)),
    )


async def _outcomes(reader: Reader, rows: Sequence[Judgement]) -> dict[int, bool]:
    """Whether people did something, by the judgement that stood last when they decided."""
    ids = sorted({row.subject_id for row in rows if row.score})
    if not ids:
        return {}
    judged: dict[Subject, list[int]] = {}
    for row in rows:
        judged.setdefault(Subject(row.subject_kind, row.subject_id), []).append(row.id)
    found = {}
    for kind, subject_id, decision_id, actions, strikes in await reader.all(
        queries.DECIDED, ids=ids
    ):
        before = [each for each in judged.get(Subject(kind, subject_id), ()) if each < decision_id]
        if before:
            found[max(before)] = acted(actions, strikes)
    return found


def figures_of(
    settings: Screening, rows: Iterable[Judgement], outcomes: Mapping[int, bool]
) -> tuple[Figures, ...]:
    """The figures of each signal and version, by name.

    Args:
        settings: the thresholds.
        rows: judgements.
        outcomes: by the id of those that a person has decided on, whether something was done.
    """
    answers: dict[tuple[str, str], list[tuple[Heard, bool | None]]] = {}
    for row in rows:
        for heard in row.heard:
            answer = heard, outcomes.get(row.id)
            answers.setdefault((heard.signal, heard.version), []).append(answer)
    return tuple(_figures(settings, *key, answers[key]) for key in sorted(answers))


def _figures(
    settings: Screening, signal: str, version: str, answers: list[tuple[Heard, bool | None]]
) -> Figures:
    scored = [(heard, outcome) for heard, outcome in answers if heard.scores]
    decided = [
        (above(settings, heard), outcome) for heard, outcome in scored if outcome is not None
    ]
    return Figures(
        signal=signal,
        version=version,
        judged=len(answers),
        found=len(scored),
        above=sum(above(settings, heard) for heard, _ in scored),
        failed=sum(heard.failed for heard, _ in answers),
        median_us=_median(heard.us for heard, _ in answers),
        decided=len(decided),
        agreed=sum(is_above == outcome for is_above, outcome in decided),
    )


def _median(numbers: Iterable[int]) -> int:
    found = list(numbers)
    return round(median(found)) if found else 0
