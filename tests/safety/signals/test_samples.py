"""The sentences that signals are tried on: enough of them, varied, the same every time."""

import re
from collections import Counter

import pytest
from tests.safety.signals.samples import (
    FRAMES,
    GROUPS,
    about_groups,
    grammar,
    harmless,
    threats,
)

from rostra.safety.signals.training.contrasts import FEWEST_BY_TARGET, Part, read_pairs


def test_threats_are_many_and_begin_with_those_held_out() -> None:
    held_out = {pair.threat for pair in read_pairs() if pair.part is Part.HELD_OUT}
    found = threats(500)
    assert len(set(found)) == 500
    assert set(found[: len(held_out)]) == held_out


def test_more_threats_than_there_are_are_refused() -> None:
    with pytest.raises(ValueError, match="threats, not 100000"):
        threats(100_000)


def test_harmless_posts_are_many_varied_and_the_same_every_time() -> None:
    posts = harmless(5000)
    assert posts == harmless(5000)
    assert posts != harmless(5000, seed=2)
    assert len(set(posts)) == 5000
    beginnings = Counter(" ".join(post.casefold().split()[:4]) for post in posts)
    assert len(beginnings) > 1000
    assert max(beginnings.values()) < 100


def test_harmless_posts_hold_what_a_disguise_looks_like() -> None:
    """Digits in words, links, tags, names and pictures, as honest people write them."""
    posts = " ".join(harmless(5000))
    for kind in (r"\bmp3\b", r"\bb4\b", r"\b2024\b", r"€", r"\d:\d\d", r"https://", r"#\w", r"@\w"):
        assert len(re.findall(kind, posts)) >= 20, kind
    assert len(re.findall("[\U0001f300-\U0001faff]", posts)) > 500


def test_no_slot_stays_open_and_no_rule_is_idle() -> None:
    rules = grammar()
    used = {slot for way in rules["sentence"] for slot in re.findall(r"\{(\w+)\}", way)}
    assert used | {"sentence", "emoji", "hashtag", "link", "mention"} == set(rules)
    assert not any("{" in post or "}" in post for post in harmless(5000))


def test_no_post_in_the_grammar_shares_a_line_with_another() -> None:
    for name, ways in grammar().items():
        assert len(set(ways)) == len(ways), name


def test_every_group_is_spoken_of_in_the_same_words() -> None:
    told = about_groups()
    assert set(told) == set(GROUPS)
    assert len(set(FRAMES)) == 20
    for posts in told.values():
        assert len(set(posts)) == len(FRAMES)
    for frame in range(len(FRAMES)):
        assert len({posts[frame] for posts in told.values()}) == len(GROUPS)


def test_the_groups_hold_every_target_but_single_people() -> None:
    named = set(GROUPS) | {"lgbt people", "individuals"}
    assert set(FEWEST_BY_TARGET) <= named
