"""Rows as numbers: pieces, labels and how much each label counts; batches of like length."""

import multiprocessing
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from rostra.safety.signals.normal import normalise
from rostra.safety.signals.text_model.heads import GROUPS, HARMS, OUTPUTS
from rostra.safety.signals.text_model.naming import PROTECTED, named, of_others
from rostra.safety.signals.text_model.parts import LONGEST
from rostra.safety.signals.text_model.pieces import Pieces
from rostra.safety.signals.text_model.training.rows import Row
from rostra.safety.signals.text_model.weights import Floats

Ids = npt.NDArray[np.int32]

_GROUPS_COUNT: Final = 0.2  # beside the harms
_SWAPPED_COUNTS: Final = 0.6
_TOGETHER_COUNTS: Final = 0.5
_BETWEEN: Final = (" ", ". ", "\n", "\n\n")
_MOST_RARE: Final = 4.0
_SURE: Final = 0.5
_AT_ONCE: Final = 500


class Text(NamedTuple):
    """A labelled text without its disguises."""

    text: str
    row: Row


class Examples(NamedTuple):
    """Texts as numbers.

    Attributes:
        ids: the pieces of each.
        labels: a row each, from 0 to 1, one column an output.
        counts: how much each label counts; 0 where it is not known.
        often: how often each text is shown in an epoch.
    """

    ids: list[Ids]
    labels: Floats
    counts: Floats
    often: Floats


def texts_of(rows: Sequence[Row], processes: int = 1) -> list[Text]:
    """The rows without disguises, and without those in which nothing is left."""
    written = [row.text for row in rows]
    if processes > 1:
        # Started anew: a child that is forked while another thread holds a lock waits for ever.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, mp_context=context) as pool:
            plain = list(pool.map(_plain, written, chunksize=_AT_ONCE))
    else:
        plain = [_plain(text) for text in written]
    return [Text(text, row) for text, row in zip(plain, rows, strict=True) if text]


def _plain(text: str) -> str:
    return normalise(text).text


def with_others(texts: Sequence[Text], seed: int) -> list[Text]:
    """The texts, and each that names a group once more about another one.

    So a score learns from what is said, and not from of whom. Hate stays hate only against
    protected groups.
    """
    draw = random.Random(seed)  # noqa: S311 (no secret)
    found = list(texts)
    for text, row in texts:
        if not named(text):
            continue
        hates = not row.labels[1] < _SURE
        other, groups = of_others(text, PROTECTED if hates else tuple(GROUPS), draw)
        if groups:
            aimed = tuple(sorted(groups)) if row.groups else None
            found.append(Text(other, _weighed(row, _SWAPPED_COUNTS, aimed)))
    return found


def in_company(texts: Sequence[Text], seed: int) -> list[Text]:
    """The texts, and some of them once more among harmless ones.

    So a threat counts as much where much else is said. All that are harmful are taken, and as many
    harmless ones, so that length itself says nothing.
    """
    draw = random.Random(seed)  # noqa: S311 (no secret)
    benign = [one for one in texts if one.row.benign]
    harmful = [one for one in texts if max(one.row.labels, key=_known) >= _SURE]
    found = list(texts)
    if not benign:
        return found
    for text, row in (*harmful, *draw.sample(benign, min(len(benign), len(harmful)))):
        around = [text, *(one.text for one in draw.choices(benign, k=draw.randint(1, 3)))]
        draw.shuffle(around)
        together = draw.choice(_BETWEEN).join(around)
        found.append(Text(together, _weighed(row, _TOGETHER_COUNTS, row.groups)))
    return found


def _known(label: float) -> float:
    return -1.0 if np.isnan(label) else label


def _weighed(row: Row, factor: float, groups: tuple[str, ...] | None) -> Row:
    return Row(
        text=row.text,
        labels=row.labels,
        groups=groups,
        benign=row.benign,
        split=row.split,
        source=row.source,
        kind=row.kind,
        weight=row.weight * factor,
    )


def examples_of(texts: Sequence[Text], pieces: Pieces) -> Examples:
    """Texts as numbers; those longer than what is looked at together are cut off."""
    labels = np.full((len(texts), OUTPUTS), np.nan, np.float32)
    for at, (_, row) in enumerate(texts):
        labels[at, : len(HARMS)] = row.labels
        if row.groups is not None:
            labels[at, len(HARMS) :] = [group in row.groups for group in GROUPS]
    known = ~np.isnan(labels)
    counts = known.astype(np.float32)
    counts[:, len(HARMS) :] *= _GROUPS_COUNT
    return Examples(
        ids=[np.array(pieces.cut(text)[:LONGEST], np.int32) for text, _ in texts],
        labels=np.where(known, labels, 0).astype(np.float32),
        counts=counts,
        often=np.array([row.weight for _, row in texts], np.float32),
    )


def rare(examples: Examples) -> Floats:
    """For each output, how much more a text counts that it is true of, the fewer there are."""
    held = (examples.labels * examples.counts).sum(axis=0) + 1
    not_held = ((1 - examples.labels) * examples.counts).sum(axis=0) + 1
    found: Floats = np.clip((not_held / held) ** 0.25, 1, _MOST_RARE).astype(np.float32)
    found[len(HARMS) :] = 1
    return found


def shuffled(examples: Examples, batch: int, draw: np.random.Generator) -> Iterator[Ids]:
    """The numbers of the texts of an epoch, batch by batch, those of like length together."""
    shown = examples.often.astype(np.int64)
    shown += draw.random(len(shown)) < examples.often - shown
    order = np.repeat(np.arange(len(shown)), shown)
    lengths = np.array([len(ids) for ids in examples.ids])[order]
    order = order[np.argsort(lengths + draw.random(len(order)) * 6, kind="stable")]
    batches = [order[at : at + batch] for at in range(0, len(order), batch)]
    for at in draw.permutation(len(batches)):
        yield batches[at].astype(np.int32)


def padded(rows: Sequence[Ids]) -> tuple[Ids, Floats]:
    """Pieces of texts as one table, and where there are any."""
    length = max(map(len, rows))
    ids = np.zeros((len(rows), length), np.int32)
    mask = np.zeros((len(rows), length), np.float32)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return ids, mask
