"""From rows to a trained file."""

import datetime as dt
import importlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from rostra.safety.signals.text_model.heads import HARMS, OUTPUTS
from rostra.safety.signals.text_model.measuring.figures import average_precision, fitted
from rostra.safety.signals.text_model.pieces import SPECIAL, UNKNOWN, Pieces
from rostra.safety.signals.text_model.training import model
from rostra.safety.signals.text_model.training.examples import (
    Examples,
    Ids,
    Text,
    examples_of,
    in_company,
    padded,
    rare,
    shuffled,
    texts_of,
    with_others,
)
from rostra.safety.signals.text_model.training.layers import Weights
from rostra.safety.signals.text_model.training.rows import Row
from rostra.safety.signals.text_model.training.vocabulary import Start, start_from, start_with
from rostra.safety.signals.text_model.weights import FORM, About, Floats, packed

Report = Callable[[str], None]

_FEWEST_SEEN: Final = 3
_SURE: Final = 0.5
_LEFT_OUT: Final = 0.04


class NothingToLearn(ValueError):
    """Rows from which no model can be made."""


class Plan(msgspec.Struct, frozen=True):
    """How long and how to search.

    Attributes:
        epochs: how often all texts are shown.
        batch: texts at once.
        rate: the longest step.
        dropout: the share of numbers left out by chance.
        mean: how slowly the running mean of the weights follows.
        width: of a row of the table, where none is given; a multiple of 4.
        pieces: how many there may be.
        seed: of all chance.
        device: `cpu`, or `cuda` with CuPy.
        processes: that take the disguises off.
        start: a trained file to go on from, or one of pieces and rows to start with.
    """

    epochs: int = 6
    batch: int = 192
    rate: float = 2e-3
    dropout: float = 0.15
    mean: float = 0.999
    width: int = 128
    pieces: int = 20_000
    seed: int = 1
    device: str = "cpu"
    processes: int = 1
    start: Path | None = None


def train(rows: Sequence[Row], plan: Plan, report: Report) -> bytes:
    """The bytes of a file trained on the rows of `train`, the best epoch by those of `val`.

    Args:
        rows: those of `test` are not looked at.
        plan: how.
        report: is told a line each epoch.

    Raises:
        NothingToLearn: there are no texts for training or for choosing.
        BadStart: `plan.start` is no file of pieces and rows.
    """
    shown = texts_of([row for row in rows if row.split == "train"], plan.processes)
    kept = texts_of([row for row in rows if row.split == "val"], plan.processes)
    if not shown or not kept:
        raise NothingToLearn("there must be texts for training (train) and for choosing (val)")
    shown = in_company(with_others(shown, plan.seed), plan.seed)
    start = _start(shown, plan)
    pieces = Pieces(start.pieces)
    report(
        f"{len(shown)} texts to learn from, {len(kept)} to choose by, {len(start.pieces)} pieces"
    )
    search = Search(examples_of(shown, pieces), examples_of(kept, pieces), start, plan)
    best = search.run(report)
    table = best.pop("table")
    return packed(
        About(
            form=FORM,
            made=dt.datetime.now(dt.UTC).date().isoformat(),
            data=dict(Counter(row.source or "unnamed" for row in rows if row.split == "train")),
            figures=search.figures,
        ),
        start.pieces,
        table,
        best,
        search.calibration,
    )


def _start(texts: Sequence[Text], plan: Plan) -> Start:
    """Pieces to start with, without those that hardly any text has."""
    plain = [text for text, _ in texts]
    if plan.start is None:
        return start_with(plain, most=plan.pieces, width=plan.width, seed=plan.seed)
    start = start_from(plan.start)
    if start.params is not None:
        return start
    seen = Counter(at for text in plain for at in Pieces(start.pieces).cut(text))
    often = {at for at, count in seen.most_common(plan.pieces) if count >= _FEWEST_SEEN}
    kept = [
        at
        for at, piece in enumerate(start.pieces)
        if at < len(SPECIAL) or at in often or len(piece.removeprefix("##")) == 1
    ]
    return Start(tuple(start.pieces[at] for at in kept), start.table[kept])


class Search:
    """The search for weights.

    Attributes:
        figures: of the best epoch, on the texts to choose by.
        calibration: of the best epoch's outputs.
    """

    def __init__(self, shown: Examples, kept: Examples, start: Start, plan: Plan) -> None:
        self._xp: Any = np if plan.device == "cpu" else importlib.import_module("cupy")
        self._shown = shown
        self._kept = kept
        self._plan = plan
        self._weights = model.fresh(self._xp, start.table.shape[1], start.table, plan.seed)
        for name, value in (start.params or {}).items():
            self._weights[name] = self._xp.asarray(value)
        texts = int(shown.often.sum())
        self._descent = model.Descent(
            self._xp,
            self._weights,
            steps=max(1, plan.epochs * texts // plan.batch),
            rate=plan.rate,
            mean=plan.mean,
        )
        self._draw = np.random.default_rng(plan.seed)
        self._dropout = model.Dropout(self._xp.random.RandomState(plan.seed), plan.dropout)
        self._rare = rare(shown)
        self.figures: dict[str, float] = {}
        self.calibration: Floats = np.tile(np.array((1, 0), np.float32), (OUTPUTS, 1))

    def run(self, report: Report) -> dict[str, Floats]:
        """All epochs; the weights of the best one."""
        best: dict[str, Floats] = {}
        best_sum = -1.0
        for epoch in range(1, self._plan.epochs + 1):
            losses = [self._step(numbers) for numbers in self._batches()]
            odds = self._odds(self._descent.mean)
            figures = self._figures(odds)
            shown = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
            report(f"epoch {epoch}: loss {np.mean(losses):.4f}; AUPRC {shown}")
            if sum(figures.values()) > best_sum:
                best_sum = sum(figures.values())
                best = {name: self._plain(value) for name, value in self._descent.mean.items()}
                self.figures = {name: round(value, 4) for name, value in figures.items()}
                self._calibrate(odds)
        return best

    def _batches(self) -> list[Ids]:
        return list(shuffled(self._shown, self._plan.batch, self._draw))

    def _step(self, numbers: Ids) -> float:
        xp = self._xp
        ids, mask = padded([self._shown.ids[at] for at in numbers])
        # Some words are not seen, so that no single one decides.
        hidden = self._draw.random(ids.shape) < _LEFT_OUT
        ids[hidden & (mask > 0)] = SPECIAL.index(UNKNOWN)
        labels = self._shown.labels[numbers]
        counts = self._shown.counts[numbers] * (1 + labels * (self._rare - 1))
        weights = self._weights
        odds, passed = model.forward(
            xp, weights, xp.asarray(ids), xp.asarray(mask), dropout=self._dropout
        )
        value, dodds = model.loss(xp, odds, xp.asarray(labels), xp.asarray(counts))
        self._descent.step(model.backward(xp, weights, passed, dodds))
        return value

    def _odds(self, weights: Weights) -> Floats:
        """Log-odds of the texts to choose by."""
        xp = self._xp
        found = np.zeros((len(self._kept.ids), OUTPUTS), np.float32)
        order = np.argsort([len(ids) for ids in self._kept.ids], kind="stable")
        for at in range(0, len(order), self._plan.batch):
            numbers = order[at : at + self._plan.batch]
            ids, mask = padded([self._kept.ids[number] for number in numbers])
            odds, _ = model.forward(xp, weights, xp.asarray(ids), xp.asarray(mask))
            found[numbers] = self._plain(odds)
        return found

    def _plain(self, array: Any) -> Floats:
        """An array of the device as one of NumPy, and never the same one."""
        return np.array(array.get() if hasattr(array, "get") else array, np.float32)

    def _figures(self, odds: Floats) -> dict[str, float]:
        found = {}
        for at, harm in enumerate(HARMS):
            known = self._kept.counts[:, at] > 0
            value = average_precision(self._kept.labels[known, at] >= _SURE, odds[known, at])
            if not np.isnan(value):
                found[harm] = value
        return found

    def _calibrate(self, odds: Floats) -> None:
        for at in range(OUTPUTS):
            known = self._kept.counts[:, at] > 0
            if known.any():
                self.calibration[at] = fitted(self._kept.labels[known, at], odds[known, at])
