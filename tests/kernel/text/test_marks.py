"""Marks belong to the letters before them."""

import re
import sys
import unicodedata

import pytest

from rostra.kernel.text import entities
from rostra.kernel.text.marks import MARKS, words_of

HINDI = "\u0939\u093f\u0928\u094d\u0926\u0940"


def test_all_marks_are_known_and_nothing_else() -> None:
    known = re.compile(f"[{MARKS}]")
    every = map(chr, range(sys.maxunicode + 1))
    assert [
        char for char in every if bool(known.match(char)) != (unicodedata.category(char)[0] == "M")
    ] == []


@pytest.mark.parametrize("text", [f"{HINDI}, {HINDI}", "kill_you now", f"a\u0301b {HINDI}"])
def test_words_are_whole_with_their_marks(text: str) -> None:
    found = words_of(text).findall(text)
    assert "".join(found) == re.sub("[ ,_]", "", text)
    assert not any(unicodedata.category(word[0])[0] == "M" for word in found)


def test_links_and_handles_go_on_over_marks() -> None:
    text = f"see https://{HINDI}.\u0915\u0949\u092e/x and @ann@{HINDI}.\u092d\u093e\u0930\u0924 now"
    found = entities.extract(text, entities.NO_LIMITS)
    assert [entity.value for entity in found] == [
        f"https://{HINDI}.\u0915\u0949\u092e/x",
        f"ann@{HINDI}.\u092d\u093e\u0930\u0924",
    ]
