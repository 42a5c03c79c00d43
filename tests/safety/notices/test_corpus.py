"""The corpus of letters: every address found, none invented."""

from collections import Counter
from pathlib import Path

import pytest
from bench import letters

OUTCOMES = {path.name: letters.judge(path) for path in letters.letters()}


@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_every_address_of_a_letter_is_found_and_none_is_invented(name: str) -> None:
    outcome = OUTCOMES[name]

    assert outcome.missed == []
    assert outcome.invented == []


def test_deadlines_and_references_are_right() -> None:
    told = letters.figures(list(OUTCOMES.values()))

    assert (told.recall, told.precision) == (1.0, 1.0)
    assert told.right["deadline"] >= 0.95
    assert told.right["reference"] >= 0.95
    assert told.right["elsewhere"] == 1.0
    assert min(told.right.values()) >= 0.95


def test_what_stays_unread_and_what_is_broken_is_said() -> None:
    for name, outcome in OUTCOMES.items():
        said = [fault for fault in outcome.wrong if fault.startswith(("left_out", "faults"))]
        assert said == [], name


def test_the_corpus_is_what_it_is_said_to_be() -> None:
    kinds = Counter(each.expected.sender for each in OUTCOMES.values())
    languages = Counter(each.expected.language for each in OUTCOMES.values())
    suffixes = {Path(name).suffix for name in OUTCOMES}

    assert len(OUTCOMES) >= 48
    assert min(kinds[kind] for kind in ("HOST", "STORE", "REGISTRAR", "AUTHORITY", "FLAGGER")) >= 3
    assert min(languages[code] for code in ("en", "de", "fr", "es")) >= 4
    assert suffixes == {".eml", ".txt", ".json"}
    assert sum(name.startswith("hostile") for name in OUTCOMES) >= 7


def test_a_letter_that_is_judged_wrong_counts() -> None:
    """The judge can say no: what is expected of one letter is not in another."""
    path = next(path for path in letters.letters() if path.name == "aws-abuse.eml")
    other = letters.expected(next(p for p in letters.letters() if p.name == "dmca.eml"))
    reading = letters.read(path)

    names = {address.name for address in reading.addresses}
    assert names.isdisjoint(other.subjects)
    assert names == set(letters.expected(path).subjects)
