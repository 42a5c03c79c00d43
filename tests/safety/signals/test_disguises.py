"""Texts in all kinds of disguise read nearly as they do without; honest texts stay as they are."""

import re
from collections import Counter
from random import Random
from typing import Final

import pytest
from tests.safety.signals.disguises import DISGUISES
from tests.safety.signals.sentences import HARMLESS, THREATS

from rostra.safety.signals.normal import normalise

_WORD: Final = re.compile(r"[^\W_]+")

# What is lost: a star stands for any vowel, letters without blanks for more than one row of words.
ENOUGH: Final = {"all vowels starred": 0.93, "another script for each word": 0.92}
USUALLY: Final = 0.96


def _words(text: str) -> list[str]:
    return _WORD.findall(normalise(text).text)


def _recalled(plain: str, disguised: str) -> float:
    """The share of the words of one text that the other one has too."""
    words = Counter(_words(plain))
    return (words & Counter(_words(disguised))).total() / words.total()


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguised_threat_reads_nearly_as_it_does_without(name: str) -> None:
    found = [
        _recalled(text, DISGUISES[name](text, Random(seed)))  # noqa: S311 (the same each time)
        for seed, text in enumerate(THREATS)
    ]
    assert sum(found) / len(found) >= ENOUGH.get(name, USUALLY)


def test_there_are_enough_disguises_and_each_changes_what_is_written() -> None:
    assert len(DISGUISES) >= 40
    for disguise in DISGUISES.values():
        chance = Random(1)  # noqa: S311 (the same each time)
        assert any(disguise(text, chance) != text for text in THREATS)


# The one that honest texts pay with: a long row of one letter reads as one.
_PAID: Final = {"zzz": "z"}


@pytest.mark.parametrize("text", HARMLESS)
def test_an_honest_text_keeps_its_words(text: str) -> None:
    plain = "".join(char for char in text.lower() if char.isascii())
    read = _WORD.findall("".join(char for char in normalise(text).text if char.isascii()))
    if text.isascii():
        assert read == [_PAID.get(word, word) for word in _WORD.findall(plain)]
    else:
        assert len(read) == len(_words(text))


PUNCTUATION: Final = {
    "That is all!": "that is all!",
    "kill you!!": "kill you!!",
    "Hello!How are you": "hello!how are you",
    "an A+ for this|that, you+me, C++": "an a+ for this|that, you+me, c++",
    "wow!! so cool!!!": "wow!! so cool!!!",
    "!important and !!": "!important and !!",
    "Mia! Bo! Lea!": "mia! bo! lea!",
}
LETTERS: Final = {
    "kil! them al!": "kill them all",
    "k!ll! him": "kill! him",
    "$hoot them": "shoot them",
    "@ll of them, @live": "all of them, @live",
    "100k, 91st, 8pm, a 4x4": "100k, 91st, 8pm, a 4x4",
    "the kkk": "the kkk",
    "1 w1ll k1ll y0u": "i will kill you",
    "shoot 1 of 70": "shoot 1 of 70",
    "**bold** and *slanted*, ***": "**bold** and *slanted*, ***",
    "cambridge, a cocktail, heartfelt, the internet": (
        "cambridge, a cocktail, heartfelt, the internet"
    ),
}


@pytest.mark.parametrize(("written", "read"), (PUNCTUATION | LETTERS).items())
def test_a_sign_is_a_letter_only_where_a_word_needs_it(written: str, read: str) -> None:
    assert normalise(written).text == read
