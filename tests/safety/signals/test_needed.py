"""A text is spared the changes that would not touch it, and no others."""

from random import Random

import pytest
from hypothesis import example, given, settings
from tests.safety.signals.disguises import DISGUISES
from tests.safety.signals.samples import harmless, threats
from tests.safety.signals.test_normal import TEXTS

from rostra.safety.signals import words
from rostra.safety.signals.chars import CHARACTERS, upright
from rostra.safety.signals.needed import ALL, Change, needed
from rostra.safety.signals.trail import Edit, Edited


def changed(text: str, changes: tuple[Change, ...]) -> tuple[str, list[list[Edit]]]:
    """What these make of a text, and every edit that they do on the way."""
    done = []
    for change in changes:
        edits = change(text)
        if edits:
            text = Edited(edits).apply(text)
            done.append(edits)
    return text, done


def is_as_with_all(written: str) -> None:
    text, _ = words.shielded(upright(written).translate(CHARACTERS))
    assert changed(text, needed(text)) == changed(text, ALL)


@pytest.mark.untraced  # a thousand texts
def test_disguised_and_plain_texts_are_changed_as_by_all() -> None:
    for seed, text in enumerate((*threats(20), *harmless(40))):
        is_as_with_all(text)
        for way in DISGUISES.values():
            is_as_with_all(way(text, Random(seed)))  # noqa: S311 (nothing to guess)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("a b\nc")
@example("one  two")
@example("")
def test_any_text_is_changed_as_by_all(text: str) -> None:
    is_as_with_all(text)


def test_plain_texts_need_nothing() -> None:
    assert needed("i will call you, and then we go home.") == ()
    assert needed("first\nsecond") == ()
    assert needed("first\n\nsecond") == (words.blanks,)
    assert needed("zanzibrax is far away") == (words.split_words,)
    assert needed("i will k1ll you") == ALL
