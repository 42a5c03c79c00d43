"""Pairs of a threat and a harmless post that looks like it, written for this project.

They teach a model what word lists can't tell: "kill it on the field" from a call to kill. A third
is never trained on and says how well it learned. docs/contrasts.md tells how to add some.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

PAIRS_FILE: Final = Path(__file__).parent / "contrasts.tsv"

COLUMNS: Final = ("id", "topic", "target", "part", "threat", "contrast")

FEWEST_PAIRS: Final = 600

FEWEST_BY_TARGET: Final = {
    "teachers": 70,
    "athletes": 70,
    "black people": 70,
    "jewish people": 70,
    "politicians": 70,
    "executives": 70,
    "women": 15,
    "lgbt people": 15,
    "muslims": 15,
    "immigrants": 15,
    "disabled people": 15,
    "police": 15,
    "journalists": 15,
    "judges": 15,
    "health workers": 15,
    "election workers": 15,
    "individuals": 15,
}
"""Whom a threat is aimed at, and how many pairs there are at least."""

TOPICS: Final = frozenset(
    {
        "cooking",
        "counter",
        "daily",
        "fiction",
        "fitness",
        "game",
        "history",
        "hunting",
        "idiom",
        "law",
        "lyrics",
        "medicine",
        "negation",
        "news",
        "politics",
        "reclaimed",
        "sport",
        "technology",
        "victim",
        "work",
    }
)
"""What the harmless post of a pair is: an idiom, news, a victim's words."""

WORDS: Final = range(4, 41)

_SPACE: Final = re.compile(r"\W+")


class Part(StrEnum):
    """What a pair is for."""

    TRAIN = "train"
    HELD_OUT = "held-out"


class Pair(msgspec.Struct, frozen=True):
    """A threat and its harmless look-alike.

    Attributes:
        id: `target.family.number`; pairs of one family are alike and stay in one part.
        topic: one of `TOPICS`.
        target: a key of `FEWEST_BY_TARGET`.
        part: whether a model may learn from it.
        threat: a call to violence or a threat, as it would be posted.
        contrast: a post that shares words with it and threatens nobody.
    """

    id: str
    topic: str
    target: str
    part: Part
    threat: str
    contrast: str

    @property
    def family(self) -> str:
        """Its id without the number."""
        return self.id.rpartition(".")[0]


class PairsError(ValueError):
    """What is wrong with a file of pairs, a line for each."""


def read_pairs(path: Path = PAIRS_FILE) -> tuple[Pair, ...]:
    """All pairs of a file, in its order.

    Raises:
        PairsError: a line has not six columns, or `faults` finds something.
        OSError: the file can't be read.
    """
    pairs = parse_pairs(path.read_text(encoding="utf-8"))
    if found := list(faults(pairs)):
        raise PairsError("\n".join(found))
    return pairs


def parse_pairs(text: str) -> tuple[Pair, ...]:
    """The pairs of a text with tabs between columns and `COLUMNS` in its first line, unchecked.

    Raises:
        PairsError: naming the line whose columns or part are not as they should be.
    """
    header, *lines = text.removesuffix("\n").split("\n")
    if tuple(header.split("\t")) != COLUMNS:
        raise PairsError(f"line 1: expected the columns {', '.join(COLUMNS)}")
    return tuple(_pair(line, number) for number, line in enumerate(lines, 2))


def _pair(line: str, number: int) -> Pair:
    values = line.split("\t")
    if len(values) != len(COLUMNS):
        raise PairsError(f"line {number}: {len(values)} columns instead of {len(COLUMNS)}")
    try:
        return msgspec.convert(dict(zip(COLUMNS, values, strict=True)), Pair)
    except msgspec.ValidationError as error:
        raise PairsError(f"line {number}: {error}") from error


def faults(pairs: Sequence[Pair]) -> Iterator[str]:
    """What is wrong with pairs as a whole: a sentence for each fault, none if they are sound."""
    for pair in pairs:
        yield from _faults_of_one(pair)
    yield from _repeated("id", [pair.id for pair in pairs])
    yield from _repeated("text", [folded(text) for pair in pairs for text in texts_of(pair)])
    yield from _split_families(pairs)
    yield from _amounts(pairs)


def texts_of(pair: Pair) -> tuple[str, str]:
    """Both of its texts, the threat first."""
    return pair.threat, pair.contrast


def folded(text: str) -> str:
    """A text by which copies are told: its words in lower case, one space between."""
    return _SPACE.sub(" ", text.casefold()).strip()


def _faults_of_one(pair: Pair) -> Iterator[str]:
    if pair.topic not in TOPICS:
        yield f"{pair.id}: unknown topic {pair.topic!r}"
    if pair.target not in FEWEST_BY_TARGET:
        yield f"{pair.id}: unknown target {pair.target!r}"
    if not pair.id.startswith(pair.target.replace(" ", "-") + "."):
        yield f"{pair.id}: its id doesn't begin with its target"
    for text in texts_of(pair):
        if (length := len(text.split())) not in WORDS:
            yield f"{pair.id}: {length} words instead of {WORDS[0]} to {WORDS[-1]}: {text}"


def _repeated(what: str, values: list[str]) -> Iterator[str]:
    return (f"{what} twice: {value}" for value, times in Counter(values).items() if times > 1)


def _split_families(pairs: Sequence[Pair]) -> Iterator[str]:
    parts = {(pair.family, pair.part) for pair in pairs}
    for family, times in Counter(family for family, _ in parts).items():
        if times > 1:
            yield f"family {family} is in both parts"


def _amounts(pairs: Sequence[Pair]) -> Iterator[str]:
    if len(pairs) < FEWEST_PAIRS:
        yield f"{len(pairs)} pairs instead of {FEWEST_PAIRS} or more"
    held_out = sum(pair.part is Part.HELD_OUT for pair in pairs)
    if held_out * 3 != len(pairs):
        yield f"{held_out} of {len(pairs)} pairs are held out instead of exactly a third"
    by_target = Counter(pair.target for pair in pairs)
    for target, fewest in FEWEST_BY_TARGET.items():
        if by_target[target] < fewest:
            yield f"{by_target[target]} pairs about {target} instead of {fewest} or more"
