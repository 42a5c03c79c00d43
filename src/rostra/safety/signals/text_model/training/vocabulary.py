"""Pieces and their rows to start from: taken from a file, or made from the texts themselves."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from rostra.safety.signals.text_model.pieces import SPECIAL
from rostra.safety.signals.text_model.weights import Floats, Params, read

_WORD: Final = re.compile(r"[^\W_]+|\S")
_LONGEST_PIECE: Final = 6
_FEWEST: Final = 2


class BadStart(ValueError):
    """A file of pieces and rows that is none."""


class Start(NamedTuple):
    """Pieces, and for each one a row.

    Attributes:
        pieces: `SPECIAL` first.
        table: the rows.
        params: the layers, where a trained model learns on; else they are drawn by chance.
    """

    pieces: tuple[str, ...]
    table: Floats
    params: Params | None = None


def start_from(path: Path) -> Start:
    """A trained file, or a NumPy archive with `pieces` (UTF-8, one a line) and `rows`."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            if "about" in archive:
                trained = read(path)
                return Start(trained.pieces, trained.table * trained.scale, trained.params)
            pieces = tuple(archive["pieces"].tobytes().decode().split("\n"))
            table = archive["rows"].astype(np.float32)
    except (ValueError, KeyError, EOFError) as error:
        raise BadStart(f"{path}: no archive of pieces and rows: {error}") from error
    if pieces[: len(SPECIAL)] != SPECIAL or table.shape[:1] != (len(pieces),):
        raise BadStart(f"{path}: pieces and rows don't fit each other")
    return Start(pieces, table)


def start_with(texts: Iterable[str], *, most: int, width: int, seed: int) -> Start:
    """The most frequent words, and pieces of all others, with rows drawn by chance.

    Args:
        texts: normalised.
        most: how many pieces there may be.
        width: of a row.
        seed: of the chance.
    """
    words = Counter(word for text in texts for word in _WORD.findall(text))
    letters = sorted({letter for word in words for letter in word})
    whole = [
        word
        for word, count in sorted(words.items(), key=lambda one: (-one[1], one[0]))
        if count >= _FEWEST and len(word) > 1
    ]
    inner = [f"##{letter}" for letter in letters]
    room = max(0, most - len(SPECIAL) - 2 * len(letters))
    chosen = whole[: room * 3 // 4]
    parts = _parts(words, set(chosen))[: room - len(chosen)]
    pieces = tuple(dict.fromkeys((*SPECIAL, *letters, *inner, *chosen, *parts)))
    rows = np.random.default_rng(seed).standard_normal((len(pieces), width), np.float32)
    return Start(pieces, rows * np.float32(0.5))


def _parts(words: Counter[str], whole: set[str]) -> list[str]:
    """Beginnings and other pieces of the words that are not kept whole, the most frequent first."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        if word in whole or len(word) < _FEWEST:
            continue
        for size in range(2, min(_LONGEST_PIECE, len(word) - 1) + 1):
            counts[word[:size]] += count * size
            for at in range(1, len(word) - size + 1):
                counts[f"##{word[at : at + size]}"] += count * size
    return [piece for piece, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
