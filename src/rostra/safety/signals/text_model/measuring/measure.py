"""A trained file held against labelled texts: all figures that `rostra model evaluate` prints."""

import time
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from rostra.safety.signals.model import Material
from rostra.safety.signals.text_model.heads import HARMS
from rostra.safety.signals.text_model.measuring.figures import (
    Scores,
    Truth,
    average_precision,
    calibration_error,
    line_for,
    precision_recall,
    share_from,
)
from rostra.safety.signals.text_model.naming import FORMS, named
from rostra.safety.signals.text_model.signal import TextModel
from rostra.safety.signals.text_model.training.rows import CONTRAST, Row

MARKED_OF_HARMLESS: Final = 0.01
"""Scores are read as marks from where this share of harmless texts would be marked."""

MARKED_OF_CONTRASTS: Final = 0.10
"""The same for contrasts: harmless texts that look like threats."""

_SURE: Final = 0.5


class Harm(msgspec.Struct, frozen=True):
    """How well one kind of harm is found.

    Attributes:
        name: its key.
        texts: with a label for it.
        held: of which it is true.
        auprc: the area under precision over recall.
        line: from which score a text is marked.
        precision: how many of the marked it is true of.
        recall: how many of those it is true of are marked.
        error: how far scores are from how often they are true (ECE).
    """

    name: str
    texts: int
    held: int
    auprc: float
    line: float
    precision: float
    recall: float
    error: float


class Group(msgspec.Struct, frozen=True):
    """What becomes of harmless texts that name a group.

    Attributes:
        name: of the group.
        texts: harmless ones that name it.
        marked: the share of them that is marked for violence, hate or harassment.
        score: the mean of the highest score of the three.
    """

    name: str
    texts: int
    marked: float
    score: float


class Contrasts(msgspec.Struct, frozen=True):
    """Threats told from harmless texts that look like them.

    Attributes:
        threats: how many.
        contrasts: how many.
        found: the share of threats that is marked where a tenth of contrasts is.
        auroc: how often a threat scores higher than a contrast.
        at_line: the shares of threats and of contrasts that are marked from `Harm.line` on.
    """

    threats: int
    contrasts: int
    found: float
    auroc: float
    at_line: tuple[float, float]


class Speed(msgspec.Struct, frozen=True):
    """How fast texts are judged, one at a time, by the time that their thread had a core.

    Attributes:
        model: texts a second, of the model alone: words, pieces and network.
        whole: texts a second with the taking off of disguises.
        slowest: how long the slowest hundredth takes at least, in ms, of both.
    """

    model: float
    whole: float
    slowest: float


class Measured(msgspec.Struct, frozen=True):
    """All figures."""

    harms: tuple[Harm, ...]
    groups: tuple[Group, ...]
    contrasts: Contrasts | None
    speed: Speed


def measure(signal: TextModel, rows: Sequence[Row]) -> Measured:
    """Judge all rows, and say how well; rows without words count as harmless."""
    scores, speed = judged(signal, rows)
    benign = np.array([row.benign for row in rows])
    harms = tuple(_harm(at, rows, scores[:, at], benign) for at in range(len(HARMS)))
    lines = np.array([harm.line for harm in harms])
    return Measured(harms, _groups(rows, scores, lines), _contrasts(rows, scores, lines), speed)


def judged(signal: TextModel, rows: Sequence[Row]) -> tuple[Scores, Speed]:
    """The scores of all rows, and how fast they came."""
    scores = np.zeros((len(rows), len(HARMS)))
    times = np.zeros((len(rows), 2))
    clock = time.thread_time  # what others do on the machine is not ours
    for at, row in enumerate(rows):
        material = Material(row.text, "post")
        start = clock()
        normal = material.normal
        ready = clock()
        finding = signal.judge(material) if normal.text else None
        times[at] = ready - start, clock() - ready
        if finding:
            scores[at] = [finding.scores[harm] for harm in HARMS]
    both = times.sum(axis=1)
    speed = Speed(
        model=len(rows) / times[:, 1].sum(),
        whole=len(rows) / both.sum(),
        slowest=float(np.quantile(both, 0.99)) * 1000,
    )
    return scores, speed


def _harm(at: int, rows: Sequence[Row], scores: Scores, benign: Truth) -> Harm:
    labels = np.array([row.labels[at] for row in rows])
    known = ~np.isnan(labels)
    truth, given = labels[known] >= _SURE, scores[known]
    line = line_for(scores[benign], MARKED_OF_HARMLESS)
    precision, recall = precision_recall(truth, given, line)
    return Harm(
        name=HARMS[at],
        texts=int(known.sum()),
        held=int(truth.sum()),
        auprc=average_precision(truth, given),
        line=line,
        precision=precision,
        recall=recall,
        error=calibration_error(truth, given),
    )


def _groups(rows: Sequence[Row], scores: Scores, lines: Scores) -> tuple[Group, ...]:
    """For each group that harmless texts name; spam says nothing of anybody."""
    against = len(HARMS) - 1
    marked = np.any(scores[:, :against] >= lines[:against], axis=1)
    highest = scores[:, :against].max(axis=1, initial=0)
    names = [named(Material(row.text, "post").normal.text) if row.benign else () for row in rows]
    found = []
    for group in FORMS:
        about = np.array([group in name for name in names], bool)
        if about.any():
            found.append(
                Group(
                    group,
                    int(about.sum()),
                    float(marked[about].mean()),
                    float(highest[about].mean()),
                )
            )
    return tuple(found)


def _contrasts(rows: Sequence[Row], scores: Scores, lines: Scores) -> Contrasts | None:
    violence = scores[:, HARMS.index("violence")]
    sources = {row.source for row in rows if row.kind == CONTRAST}
    contrast = np.array([row.kind == CONTRAST for row in rows], bool)
    threat = np.array([row.labels[0] >= _SURE and row.source in sources for row in rows], bool)
    if not contrast.any() or not threat.any():
        return None
    ones, others = violence[threat], violence[contrast]
    above = np.subtract.outer(ones, others)
    higher = (above > 0).mean() + (above == 0).mean() / 2
    line = lines[0]
    return Contrasts(
        threats=len(ones),
        contrasts=len(others),
        found=share_from(ones, line_for(others, MARKED_OF_CONTRASTS)),
        auroc=float(higher),
        at_line=(share_from(ones, line), share_from(others, line)),
    )
