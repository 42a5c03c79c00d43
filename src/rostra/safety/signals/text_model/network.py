"""What the network says of one text: a few products of small matrices, on one core.

Rows of the table for the pieces; a look at each piece's neighbours; attention, so that every piece
knows of all others; the neighbours again; then every output looks at the places that matter to it
and adds up what it finds there. So each output is a sum over the pieces, which is how the words
that weighed most are known without asking again.

What a piece means to its neighbours before anything else is known depends on the piece alone: that
is worked out once for each (`_Rows`). Texts are so short that calling NumPy costs as much as the
products do, so constants are multiplied into the matrices beforehand.
"""

import math
import threading
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from rostra.safety.signals.text_model.heads import COLUMNS, GROUPS, HARMS, OUTPUTS, POOLS
from rostra.safety.signals.text_model.weights import Floats, Trained

ATTENTIONS: Final = 4
"""How many ways of attending there are side by side."""

TINY: Final = np.float32(1e-5)

_MOST: Final = np.float32(60)  # of what goes into exp: its sums stay finite
_LEAST: Final = np.float32(-60)
_NONE: Final = np.float32(0)
_AT_ONCE: Final = 4  # rows; a product of another number of rows takes longer than of the next such
MOST_ROWS: Final = 8_192
"""Pieces whose rows are kept: 16 MB."""


class Output(NamedTuple):
    """What comes out for one text.

    Attributes:
        odds: the log-odds of each harm and group, calibrated.
        parts: what each piece (row) added to the log-odds of each harm (column).
    """

    odds: Floats
    parts: Floats


class Network:
    """A trained model that judges texts of known pieces.

    Args:
        trained: the model.
        most_rows: of how many pieces it keeps what it has worked out.
    """

    def __init__(self, trained: Trained, most_rows: int = MOST_ROWS) -> None:
        params = trained.params
        width = trained.table.shape[1]
        self._width = width
        self._rows = _Rows(trained, most_rows)
        self._norms = (params["norm1"], params["norm2"])
        root = np.ones(3 * width, np.float32)
        root[:width] = 1 / np.sqrt(width // ATTENTIONS)
        self._attend = np.ascontiguousarray(params["attend"] * root)
        self._attend_b = params["attend_b"] * root
        self._attended = params["attended"]
        self._attended_b = params["attended_b"]
        self._near, self._near_b = _side_by_side(params["near2"]), params["near2_b"]
        ends = np.concatenate((params["look"], params["value"]), axis=1)
        self._ends = np.ascontiguousarray(params["norm3"][:, None] * ends)
        factor, summand = trained.calibration.T
        self._sums = sums() * factor
        self._bias = params["out_b"] * factor + summand

    def judge(self, ids: list[int]) -> Output:
        """The log-odds for a text of at least one piece, and what each piece did for them."""
        width, length = self._width, len(ids)
        # Rows behind the last piece are carried along; none looks at them.
        rows = self._rows.of(ids + [0] * (-length % _AT_ONCE))
        x = _beside(rows, width, length)
        x += rows[:, 3 * width :]
        x = _scaled(x, width)
        x *= self._norms[0]
        x += self._mixed(x, length)
        x = _scaled(x, width)
        x *= self._norms[1]
        near = x @ self._near
        near[:, width : 2 * width] += self._near_b
        x += _beside(near, width, length)
        ends = (_scaled(x, width) @ self._ends)[:length]
        parts = _softmax(ends[:, :COLUMNS], axis=0)
        parts *= ends[:, COLUMNS:]
        parts = parts @ self._sums
        return Output(np.add.reduce(parts, axis=0) + self._bias, parts[:, : len(HARMS)])

    def _mixed(self, x: Floats, length: int) -> Floats:
        """For every piece, what it takes from all others."""
        every = x @ self._attend
        every += self._attend_b
        query, key, value = every.reshape(len(x), 3, ATTENTIONS, -1)[:length].transpose(1, 2, 0, 3)
        weights = _softmax(query @ key.transpose(0, 2, 1), axis=-1)
        mixed = np.zeros_like(x)
        np.matmul(
            weights, value, out=mixed.reshape(len(x), ATTENTIONS, -1)[:length].transpose(1, 0, 2)
        )
        found: Floats = mixed @ self._attended
        found += self._attended_b
        return found


class _Rows:
    """What is known of each piece alone, worked out when it is first met; a bounded memory.

    A row is what the piece adds to the one behind it, to itself and to the one before it, and then
    the row of the table.
    """

    def __init__(self, trained: Trained, most: int) -> None:
        self._most = most
        self._table, self._scale = trained.table, trained.scale
        self._near, self._bias = _side_by_side(trained.params["near1"]), trained.params["near1_b"]
        self._making = threading.Lock()
        self._anew()

    def _anew(self, least: int = 0) -> None:
        pieces, width = self._table.shape
        self._held: tuple[npt.NDArray[np.int32], Floats] = (
            np.full(pieces, -1, np.int32),
            np.empty((max(self._most, least), 4 * width), np.float32),
        )
        self._made = 0

    def of(self, ids: list[int]) -> Floats:
        """The rows of these pieces."""
        places, rows = self._held
        at = places.take(ids)
        if np.minimum.reduce(at) < 0:
            places, rows = self._learned(ids)
            at = places.take(ids)
        return rows.take(at, axis=0)

    def _learned(self, ids: list[int]) -> tuple[npt.NDArray[np.int32], Floats]:
        """What is kept, these among it; begun anew where there is no room for them."""
        with self._making:
            new = [one for one in dict.fromkeys(ids) if self._held[0][one] < 0]
            if self._made + len(new) > len(self._held[1]):
                new = list(dict.fromkeys(ids))
                self._anew(len(new))
            places, rows = self._held
            width = self._table.shape[1]
            x = self._table[new].astype(np.float32) * self._scale[new]
            made = rows[self._made : self._made + len(new)]
            np.matmul(x, self._near, out=made[:, : 3 * width])
            made[:, width : 2 * width] += self._bias
            made[:, 3 * width :] = x
            # Another thread must not find a row that is not there yet.
            places[new] = np.arange(self._made, self._made + len(new), dtype=np.int32)
            self._made += len(new)
            return places, rows


def _beside(every: Floats, width: int, length: int) -> Floats:
    """For every piece, what it means beside its neighbours."""
    found: Floats = every[:, width : 2 * width].copy()
    found[1:] += every[:-1, :width]
    found[: length - 1] += every[1:length, 2 * width : 3 * width]
    np.maximum(found, _NONE, out=found)
    return found


def _side_by_side(weights: Floats) -> Floats:
    """What is for the piece before, itself, and the piece behind, beside each other."""
    return np.ascontiguousarray(np.concatenate(np.split(weights, 3), axis=1))


def _scaled(x: Floats, width: int) -> Floats:
    """Every row brought to the same length, in place."""
    lengths = np.vecdot(x, x)
    lengths /= width
    lengths += TINY
    np.sqrt(lengths, out=lengths)
    x /= lengths[:, None]
    return x


def _softmax(x: Floats, axis: int) -> Floats:
    found = np.minimum(x, _MOST)
    np.maximum(found, _LEAST, out=found)
    np.exp(found, out=found)
    found /= np.add.reduce(found, axis=axis, keepdims=True)
    return found


def sums() -> Floats:
    """Which pool belongs to which output: a 1 in its row and column."""
    found = np.zeros((COLUMNS, OUTPUTS), np.float32)
    for at in range(len(HARMS)):
        found[at * POOLS : (at + 1) * POOLS, at] = 1
    for at in range(len(GROUPS)):
        found[len(HARMS) * POOLS + at, len(HARMS) + at] = 1
    return found


def chance(odds: float) -> float:
    """Log-odds as a chance from 0 to 1."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
