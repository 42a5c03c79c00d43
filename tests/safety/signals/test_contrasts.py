"""The pairs of a threat and its harmless look-alike: sound, covered, no templates."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import msgspec
import pytest

from rostra.safety.signals.training.contrasts import (
    COLUMNS,
    FEWEST_BY_TARGET,
    PAIRS_FILE,
    TOPICS,
    Pair,
    PairsError,
    Part,
    faults,
    folded,
    parse_pairs,
    read_pairs,
    texts_of,
)

MOST_ALIKE = 0.5
"""The share of words that two texts of the same kind have in common at most."""

FEWEST_SHARED = 0.3
"""The share of words that a threat and its contrast have in common on average."""

MOST_TOLD = 0.12
"""How far from chance it is to guess a threat by what a text looks like."""

HEADER = "\t".join(COLUMNS)


def _words(text: str) -> frozenset[str]:
    return frozenset(folded(text).split())


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def _length(text: str) -> int:
    return len(text.split())


def _marks(text: str) -> int:
    return sum(text.count(mark) for mark in ",:;")


def _ends(text: str) -> int:
    return text[-1] in ".!?"


def _changed(pair: Pair, **changes: object) -> Pair:
    return msgspec.structs.replace(pair, **changes)


@pytest.fixture(scope="module")
def pairs() -> tuple[Pair, ...]:
    return read_pairs()


def test_every_target_and_topic_is_in_both_parts(pairs: tuple[Pair, ...]) -> None:
    for part in Part:
        there = [pair for pair in pairs if pair.part is part]
        assert {pair.target for pair in there} == set(FEWEST_BY_TARGET)
        assert {pair.topic for pair in there} == TOPICS


@pytest.mark.parametrize("kind", [0, 1], ids=["threat", "contrast"])
def test_no_text_is_another_with_words_swapped(pairs: tuple[Pair, ...], kind: int) -> None:
    texts = [_words(texts_of(pair)[kind]) for pair in pairs]
    assert [(a, b) for a, b in combinations(texts, 2) if _alike(a, b) > MOST_ALIKE] == []


def test_a_contrast_looks_like_its_threat(pairs: tuple[Pair, ...]) -> None:
    shared = [_alike(_words(pair.threat), _words(pair.contrast)) for pair in pairs]
    assert sum(shared) / len(shared) > FEWEST_SHARED
    assert min(shared) > 0


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("looks", [_length, _marks, _ends], ids=lambda looks: looks.__name__)
def test_looks_alone_do_not_tell(
    pairs: tuple[Pair, ...], part: Part, looks: Callable[[str], int]
) -> None:
    """How long a text is and where its commas are says next to nothing: 0.5 would be nothing."""
    there = [pair for pair in pairs if pair.part is part]
    threats = [looks(pair.threat) for pair in there]
    contrasts = [looks(pair.contrast) for pair in there]
    higher = sum((a > b) + (a == b) / 2 for a in threats for b in contrasts)
    assert abs(higher / len(there) ** 2 - 0.5) < MOST_TOLD


def test_no_beginning_tells_a_threat(pairs: tuple[Pair, ...]) -> None:
    beginnings = Counter(tuple(folded(pair.threat).split()[:4]) for pair in pairs)
    assert max(beginnings.values()) <= len(pairs) // 100


def _twice_the_same_id(pairs: list[Pair]) -> None:
    pairs[1] = _changed(pairs[1], id=pairs[0].id)


def _twice_the_same_text(pairs: list[Pair]) -> None:
    pairs[-1] = _changed(pairs[-1], contrast=pairs[0].threat.upper() + "!")


def _family_in_both_parts(pairs: list[Pair]) -> None:
    at, other = (next(n for n, pair in enumerate(pairs) if pair.part is part) for part in Part)
    pairs[at], pairs[other] = (
        _changed(pairs[at], part=Part.HELD_OUT),
        _changed(pairs[other], part=Part.TRAIN),
    )


def _less_than_a_third(pairs: list[Pair]) -> None:
    pairs.remove(next(pair for pair in pairs if pair.part is Part.HELD_OUT))


def _too_few(pairs: list[Pair]) -> None:
    del pairs[300:]


def _target_missing(pairs: list[Pair]) -> None:
    pairs[:] = [pair for pair in pairs if pair.target != "judges"]


def _unknown_target(pairs: list[Pair]) -> None:
    pairs[0] = _changed(pairs[0], target="dragons")


def _unknown_topic(pairs: list[Pair]) -> None:
    pairs[0] = _changed(pairs[0], topic="astrology")


def _too_short(pairs: list[Pair]) -> None:
    pairs[0] = _changed(pairs[0], threat="You'll pay.")


FAULTS = {
    "id twice": _twice_the_same_id,
    "text twice": _twice_the_same_text,
    "is in both parts": _family_in_both_parts,
    "instead of exactly a third": _less_than_a_third,
    "300 pairs instead of 600 or more": _too_few,
    "0 pairs about judges instead of 15 or more": _target_missing,
    "unknown target 'dragons'": _unknown_target,
    "unknown topic 'astrology'": _unknown_topic,
    "2 words instead of 4 to 40": _too_short,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_and_named(pairs: tuple[Pair, ...], fault: str, tmp_path: Path) -> None:
    assert list(faults(pairs)) == []
    broken = list(pairs)
    spoil: Callable[[list[Pair]], None] = FAULTS[fault]
    spoil(broken)
    file = tmp_path / "pairs.tsv"
    file.write_text("\n".join(_lines(broken)) + "\n", encoding="utf-8")
    with pytest.raises(PairsError, match=fault):
        read_pairs(file)


def _lines(pairs: list[Pair]) -> Iterator[str]:
    yield HEADER
    for pair in pairs:
        yield "\t".join(msgspec.structs.astuple(pair))


def test_the_file_reads_back_as_it_was_written(pairs: tuple[Pair, ...]) -> None:
    assert "\n".join(_lines(list(pairs))) + "\n" == PAIRS_FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: expected the columns id, topic"),
        (f"{HEADER}\na.b.1\tnews\tjudges", "line 2: 3 columns instead of 6"),
        (f"{HEADER}\na.b.1\tnews\tjudges\ttest\tone\ttwo", "line 2: Invalid enum value 'test'"),
    ],
)
def test_a_line_that_is_no_pair_is_named(text: str, message: str) -> None:
    with pytest.raises(PairsError, match=message):
        parse_pairs(text)
