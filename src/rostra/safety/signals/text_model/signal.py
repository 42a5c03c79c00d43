"""The signal `text_model`: a material's words are judged by the trained file of the package."""

from pathlib import Path
from typing import Final

from threadpoolctl import threadpool_limits

from rostra.safety.signals.model import Cost, Finding, Material, Span, Takes
from rostra.safety.signals.normal import Normal
from rostra.safety.signals.text_model.heads import GROUPS, HARMS, SAID
from rostra.safety.signals.text_model.network import Network, Output, chance
from rostra.safety.signals.text_model.parts import READ, Parts
from rostra.safety.signals.text_model.pieces import Pieces
from rostra.safety.signals.text_model.weights import Trained, read

PACKAGED: Final = Path(__file__).parent / "trained.npz"
"""The file that is part of the package."""

_SHOWN_FROM: Final = 0.2  # scores below are no reason to show words
_AIMED_FROM: Final = 0.5
_MOST_SPANS: Final = 4
_LEAST_SHARE: Final = 0.1  # of what spoke for it
_CUT: Final = "It is too long to be read as a whole: the text model read its beginning and its end."


class TextModel:
    """Judges a text by its words."""

    name = "text_model"
    cost = Cost.MICROSECONDS
    takes = Takes.TEXT

    def __init__(self, trained: Trained) -> None:
        self.version = trained.version
        self._pieces = Pieces(trained.pieces)
        self._parts = Parts(self._pieces)
        self._network = Network(trained)

    def judge(self, material: Material) -> Finding | None:
        """Scores of all harms, the words that weighed most, the groups; None without words."""
        normal = material.normal
        ids = self._pieces.cut(normal.text)
        if not ids:
            return None
        parts = [(part, self._network.judge(part.ids)) for part in self._parts.of(ids)]
        odds = [(output.odds[: len(HARMS)] - part.less).tolist() for part, output in parts]
        chances = [chance(max(each)) for each in zip(*odds, strict=True)]
        scores = {harm: round(one, 4) for harm, one in zip(HARMS, chances, strict=True)}
        worst = max(range(len(HARMS)), key=chances.__getitem__)
        if chances[worst] < _SHOWN_FROM:
            said = _CUT if len(ids) > READ else ""
            return Finding(self.name, self.version, scores, reason=said)
        part, output = parts[max(range(len(parts)), key=lambda at: odds[at][worst])]
        words = self._pieces.words(normal.text)[part.at :]
        spans = _spans(normal, words, output.parts[:, worst].tolist())
        targets = _targets(output) if HARMS[worst] != "spam" else ()
        reason = _reason(worst, chances[worst], targets, material.text, spans)
        if len(ids) > READ:
            reason = f"{reason} {_CUT}"
        return Finding(self.name, self.version, scores, spans, reason, targets)


def load(path: Path = PACKAGED) -> TextModel:
    """The model in a file; `BadFile`, or OSError where it can't be read.

    From then on the process's products of matrices run on one thread: those of a short text are
    too small to be shared out, and other threads would take the cores of other workers.
    """
    threadpool_limits(1, user_api="blas")
    return TextModel(read(path))


def _targets(output: Output) -> tuple[str, ...]:
    odds = output.odds[len(HARMS) :].tolist()
    return tuple(
        group for group, odd in zip(GROUPS, odds, strict=True) if chance(odd) >= _AIMED_FROM
    )


def _spans(normal: Normal, words: list[tuple[int, int]], parts: list[float]) -> tuple[Span, ...]:
    """The words of the original that spoke for it most, in their order."""
    weights: dict[tuple[int, int], float] = {}
    for word, part in zip(words, parts, strict=False):
        weights[word] = weights.get(word, 0.0) + part
    every = sum(weight for weight in weights.values() if weight > 0)
    heavy = sorted(weights, key=lambda word: -weights[word])[:_MOST_SPANS]
    kept = sorted(word for word in heavy if weights[word] > every * _LEAST_SHARE)
    spans: list[Span] = []
    for word in kept:
        start, end = normal.origin(*word)
        weight = round(weights[word], 3)
        before = spans[-1] if spans else None
        if before and start <= before.end + 1:
            spans[-1] = Span(before.start, max(end, before.end), before.weight + weight)
        else:
            spans.append(Span(start, end, weight))
    return tuple(spans)


def _reason(
    worst: int, score: float, targets: tuple[str, ...], text: str, spans: tuple[Span, ...]
) -> str:
    against = f" against {', '.join(targets)}" if targets else ""
    words = ", ".join(f"“{text[span.start : span.end]}”" for span in spans)
    said = f"The text model reads {SAID[HARMS[worst]]}{against} in it ({score:.2f})"
    return f"{said}; what weighed most: {words}." if words else f"{said}."
