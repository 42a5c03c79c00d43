"""Figures of scores against what is true: NumPy arrays in, plain numbers out."""

from typing import Any

import numpy as np
import numpy.typing as npt

Truth = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.floating[Any]]

_BINS = 15


def average_precision(truth: Truth, scores: Scores) -> float:
    """The area under precision over recall, in steps; nan where none is true."""
    if not truth.any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    hits = truth[order].cumsum()
    # Where scores are equal, only the last of them is a place where one could draw the line.
    last = np.append(np.diff(scores[order]) != 0, True)
    hits, ranks = hits[last], np.flatnonzero(last) + 1
    gained = np.diff(hits, prepend=0)
    return float((gained * hits / ranks).sum() / hits[-1])


def line_for(harmless: Scores, share: float) -> float:
    """The score from which at most this share of harmless texts is marked."""
    if not len(harmless):
        return float("nan")
    ordered = np.sort(harmless)[::-1]
    most = int(share * len(ordered))
    return float(np.nextafter(ordered[most], 2)) if most < len(ordered) else 0.0


def share_from(scores: Scores, line: float) -> float:
    """Which share has that score or more; nan of nothing."""
    return float((scores >= line).mean()) if len(scores) else float("nan")


def precision_recall(truth: Truth, scores: Scores, line: float) -> tuple[float, float]:
    """How many of those marked are true, and how many of the true are marked."""
    marked = scores >= line
    return share_from(truth[marked].astype(float), 1), share_from(scores[truth], line)


def calibration_error(truth: Truth, scores: Scores) -> float:
    """The mean distance of scores from how often they are true, over fifteen equal bins (ECE)."""
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    counts = np.bincount(bins, minlength=_BINS)
    said = np.bincount(bins, weights=scores, minlength=_BINS)
    held = np.bincount(bins, weights=truth.astype(float), minlength=_BINS)
    return float(np.abs(said - held).sum() / max(1, counts.sum()))


def fitted(truth: Scores, odds: Scores) -> tuple[float, float]:
    """A factor and a summand that bring log-odds nearest to the truth (Platt 1999), by Newton."""
    factor, summand = 1.0, 0.0
    if not 0 < truth.mean() < 1:
        return factor, summand
    features = np.stack((odds, np.ones_like(odds)), axis=1).astype(np.float64)
    at = np.array((factor, summand))
    for _ in range(25):
        chances = 1 / (1 + np.exp(-np.clip(features @ at, -30, 30)))
        slope = features.T @ (chances - truth) + 1e-3 * (at - (1, 0))
        bend = (features * (chances * (1 - chances))[:, None]).T @ features + 1e-3 * np.eye(2)
        at -= np.linalg.solve(bend, slope)
    # A factor below 0 would turn the order round; so few texts say nothing.
    return (float(at[0]), float(at[1])) if at[0] > 0 else (factor, summand)
