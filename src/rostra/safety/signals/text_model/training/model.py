"""The whole network while it is trained: forwards, the loss, backwards, and a step downhill."""

import math
from typing import Any, Final, NamedTuple

import numpy as np

from rostra.safety.signals.text_model.training import layers
from rostra.safety.signals.text_model.training.layers import Array, Batch, Weights
from rostra.safety.signals.text_model.weights import shapes

_BETA1: Final = 0.9
_BETA2: Final = 0.98
_TINY: Final = 1e-8
_MOST_GRADIENT: Final = 1.0


class Passed(NamedTuple):
    """What going forwards kept for going backwards."""

    ids: Array
    batch: Batch
    drop: Array | None
    layers: list[Any]
    last_drop: Array | None


def fresh(xp: Any, width: int, table: Array, seed: int) -> Weights:
    """Weights to start from, with the table of pieces as given."""
    draw = xp.random.RandomState(seed)
    found: Weights = {"table": xp.asarray(table, xp.float32)}
    for name, shape in shapes(width).items():
        if len(shape) > 1:
            found[name] = xp.asarray(draw.randn(*shape) * (shape[0] ** -0.5), xp.float32)
        else:
            found[name] = xp.full(shape, 1.0 if name.startswith("norm") else 0.0, xp.float32)
    return found


class Dropout(NamedTuple):
    """Numbers that are left out by chance.

    Attributes:
        draw: a `RandomState` of the device.
        share: how many of them.
    """

    draw: Any
    share: float

    def masks(self, xp: Any, shape: tuple[int, ...]) -> tuple[Array, Array]:
        """What the first and the last rows are multiplied with."""
        keep = xp.float32(1 / (1 - self.share))
        first, last = (self.draw.random_sample((2, *shape)) >= self.share).astype(xp.float32) * keep
        return first, last


def forward(
    xp: Any, weights: Weights, ids: Array, mask: Array, *, dropout: Dropout | None = None
) -> tuple[Array, Passed]:
    """Log-odds of texts, which are the rows of `ids`."""
    batch = Batch(ids.shape[0], ids.shape[1], mask.reshape(-1, 1).astype(xp.float32))
    x = weights["table"][ids.reshape(-1)] * batch.mask
    drop = last_drop = None
    if dropout is not None:
        drop, last_drop = dropout.masks(xp, x.shape)
        x = x * drop
    kept: list[Any] = []
    for step in ("near1", "attended", "near2"):
        out, inner = (
            layers.attended(xp, weights, x, batch)
            if step == "attended"
            else layers.near(xp, weights, step, x, batch)
        )
        x, norm = layers.normed(xp, weights[f"norm{len(kept) + 1}"], x + out)
        kept.append((inner, norm))
    if last_drop is not None:
        x = x * last_drop
    odds, pool = layers.pooled(xp, weights, x, batch)
    return odds, Passed(ids, batch, drop, [*kept, pool], last_drop)


def backward(xp: Any, weights: Weights, passed: Passed, dodds: Array) -> Weights:
    """Gradients of all weights but the table, whose own are in `table_rows` piece by piece."""
    grads: Weights = {}
    batch = passed.batch
    dx = layers.pooled_back(xp, weights, grads, passed.layers[-1], dodds)
    if passed.last_drop is not None:
        dx = dx * passed.last_drop
    for at, step in ((2, "near2"), (1, "attended"), (0, "near1")):
        inner, norm = passed.layers[at]
        dx = layers.normed_back(weights, grads, f"norm{at + 1}", norm, dx)
        dx = dx + (
            layers.attended_back(xp, weights, grads, inner, dx)
            if step == "attended"
            else layers.near_back(weights, grads, step, inner, dx)
        )
    if passed.drop is not None:
        dx = dx * passed.drop
    grads["table"] = _by_piece(xp, passed.ids.reshape(-1), dx * batch.mask, weights["table"])
    return grads


def _by_piece(xp: Any, ids: Array, rows: Array, table: Array) -> Array:
    """Rows added up by the piece that they belong to."""
    found = xp.zeros_like(table)
    if not isinstance(rows, np.ndarray):  # a GPU adds them up in place faster
        xp.add.at(found, ids, rows)
        return found
    order = np.argsort(ids)
    ordered = ids[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    found[ordered[starts]] = np.add.reduceat(rows[order], starts, axis=0)
    return found


def loss(xp: Any, odds: Array, labels: Array, weights: Array) -> tuple[float, Array]:
    """Cross-entropy of log-odds against labels from 0 to 1, and its gradient; weight 0: unknown."""
    chances = 1 / (1 + xp.exp(-xp.clip(odds, -30, 30)))
    tiny = xp.float32(1e-7)
    each = labels * xp.log(chances + tiny) + (1 - labels) * xp.log(1 - chances + tiny)
    texts = odds.shape[0]
    return float(-(each * weights).sum() / texts), (chances - labels) * weights / texts


class Descent:
    """Adam (Kingma and Ba 2015) with decoupled decay, and a running mean of the weights."""

    def __init__(self, xp: Any, weights: Weights, *, steps: int, rate: float, mean: float) -> None:
        self._xp = xp
        self._weights = weights
        self._first = {name: xp.zeros_like(value) for name, value in weights.items()}
        self._second = {name: xp.zeros_like(value) for name, value in weights.items()}
        self._steps = steps
        self._rate = rate
        self._mean = mean
        self._at = 0
        self.mean = {name: value.copy() for name, value in weights.items()}

    def step(self, grads: Weights) -> None:
        """One step downhill, in place; the mean follows."""
        xp = self._xp
        self._at += 1
        warm = max(1, self._steps // 20)
        rate = self._rate * min(1.0, self._at / warm)
        rate *= 0.02 + 0.98 * (0.5 + 0.5 * math.cos(math.pi * min(1.0, self._at / self._steps)))
        length = xp.sqrt(sum((grad * grad).sum() for grad in grads.values()))
        shrink = xp.minimum(1, _MOST_GRADIENT / (length + _TINY))
        mean = min(self._mean, self._at / (self._at + 10))
        first_rate = rate / (1 - _BETA1**self._at)
        second_part = 1 / (1 - _BETA2**self._at)
        for name, grad in grads.items():
            grad = grad * shrink  # noqa: PLW2901 (the same gradient, no longer than allowed)
            first, second = self._first[name], self._second[name]
            first += (1 - _BETA1) * (grad - first)
            second += (1 - _BETA2) * (grad * grad - second)
            value = self._weights[name]
            if value.ndim > 1 and name != "table":
                value *= 1 - rate * 0.01
            value -= first_rate * first / (xp.sqrt(second * second_part) + _TINY)
            self.mean[name] += (1 - mean) * (value - self.mean[name])
