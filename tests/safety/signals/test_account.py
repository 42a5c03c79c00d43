"""The account signal: who floods scores high, who is new or well known does not."""

import pytest

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.safety.signals.account import MOST, AccountSignal
from rostra.safety.signals.model import AuthorFacts, Material, Takes

SIGNAL = AccountSignal()


def score(**facts: int) -> float:
    given = {"age": 60 * DAY, **facts}
    found = SIGNAL.judge(Material("Hello", "post", author=AuthorFacts(**given)))
    return found.scores["spam"] if found else 0.0


def test_what_it_is() -> None:
    assert (SIGNAL.name, SIGNAL.takes) == ("account", Takes.ACCOUNT)
    assert SIGNAL.judge(Material("Hello", "post")) is None


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"age": MINUTE},  # the first post of somebody new
        {"age": 10 * MINUTE, "posts": 3, "burst": 3},
        {"followers": 50_000, "following": 200, "posts": 9_000},
        {"following": 90},  # below what counts
        {"following": 400, "followers": 60},
    ],
)
def test_who_does_nothing_out_of_the_ordinary_has_no_score(facts: dict[str, int]) -> None:
    assert score(**facts) == 0.0


def test_it_tells_floods_from_the_lively() -> None:
    flood = score(age=HOUR // 2, burst=12, alike=8, reached=40)
    careful = score(age=3 * DAY, burst=2, alike=4, reached=16)
    ticker = score(age=400 * DAY, burst=12, followers=4_000)  # tells of a match
    twice = score(alike=1)
    assert flood == MOST
    assert 0.7 < careful < flood
    assert twice < 0.05
    assert ticker < 0.02


@pytest.mark.parametrize("name", ["burst", "alike"])
def test_more_of_it_never_scores_less(name: str) -> None:
    scores = [score(**{name: count}) for count in range(60)]
    assert scores == sorted(scores)
    assert scores[0] == 0.0 < scores[-1] <= MOST


def test_members_who_are_named_count_where_the_same_is_said_to_them() -> None:
    assert score(reached=40) == 0.0
    assert score(alike=2, reached=40) > score(alike=2)


def test_younger_never_scores_less_and_being_known_counts_against_it() -> None:
    ages = [40 * DAY, 5 * DAY, 5 * HOUR, 5 * MINUTE]
    scores = [score(age=age, burst=20) for age in ages]
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]
    assert score(burst=20, followers=100) < score(burst=20, followers=99)


def test_the_reason_says_what_counted() -> None:
    facts = AuthorFacts(age=40 * MINUTE, burst=12, followers=2, following=300, alike=4, reached=16)
    found = SIGNAL.judge(Material("Buy", "post", author=facts))
    assert found is not None
    assert found.reason == (
        "The account has said the same 5 times in a day, names 16 members in it, has posted 12 "
        "times in ten minutes, follows 300 and is followed by 2, is 40 minutes old."
    )
    for age, words in ((30_000, "a minute"), (5 * HOUR, "5 hours"), (5 * DAY, "5 days")):
        told = SIGNAL.judge(Material("Buy", "post", author=AuthorFacts(age=age, burst=40)))
        assert told is not None
        assert f"is {words} old" in told.reason
