"""The account signal: how somebody behaves who floods, whatever they say.

It adds steps, each a number of log-odds, to odds of one in a hundred. Which steps there are and
what they weigh stands in the tables below and in docs/signals.md. Nothing is learned: anybody can
work out a score by hand. That somebody is new weighs only beside something that they do: a first
post by a new member says nothing.
"""

from math import exp, log
from typing import Final

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.safety.signals.model import AuthorFacts, Cost, Finding, Material, Takes

VERSION: Final = "1"
HARM: Final = "spam"
MOST: Final = 0.95
"""Behaviour alone is never certain."""

_BASE: Final = log(0.01 / 0.99)
Steps = tuple[tuple[int, float], ...]
# From so many on: so much. The highest that is reached counts.
SAME: Final[Steps] = ((1, 1.0), (2, 2.0), (4, 3.5), (8, 4.5))
REACHED: Final[Steps] = ((5, 1.0), (15, 2.0), (40, 3.0))
BURST: Final[Steps] = ((5, 0.5), (10, 1.0), (20, 2.0), (40, 3.0))
# Younger than so many ms: so much. The least that holds counts.
AGE: Final[Steps] = ((HOUR, 1.5), (DAY, 1.0), (7 * DAY, 0.5))
# Following so many times as many as follow back, from a hundred on.
RATIO: Final[Steps] = ((10, 0.5), (20, 1.0))
FEWEST_FOLLOWED: Final = 100
# Known to others for a month: what looks like a flood may be a live report.
KNOWN: Final = -1.0
KNOWN_AGE: Final = 30 * DAY
KNOWN_FOLLOWERS: Final = 100


class AccountSignal:
    """Judges what an account does, by `Material.author`."""

    name = "account"
    version = VERSION
    cost = Cost.MICROSECONDS
    takes = Takes.ACCOUNT

    def judge(self, material: Material) -> Finding | None:
        """A score of spam, and why; nothing where an account does nothing out of the ordinary."""
        facts = material.author
        if facts is None:
            return None
        does = _does(facts)
        if not does:
            return None
        is_one = _is(facts)
        odds = _BASE + sum(weight for weight, _ in (*does, *is_one))
        score = min(MOST, 1 / (1 + exp(-odds)))
        words = [said for _, said in (*does, *is_one) if said]
        reason = f"The account {', '.join(words)}."
        return Finding(self.name, self.version, {HARM: round(score, 4)}, reason=reason)


def _does(facts: AuthorFacts) -> list[tuple[float, str]]:
    """What it does, each with its weight and words."""
    found = []
    if weight := _reached(SAME, facts.alike):
        found.append((weight, f"has said the same {facts.alike + 1} times in a day"))
        if more := _reached(REACHED, facts.reached):
            found.append((more, f"names {facts.reached} members in it"))
    if weight := _reached(BURST, facts.burst):
        found.append((weight, f"has posted {facts.burst} times in ten minutes"))
    if facts.following >= FEWEST_FOLLOWED:
        ratio = facts.following // (facts.followers + 1)
        if weight := _reached(RATIO, ratio):
            words = f"follows {facts.following} and is followed by {facts.followers}"
            found.append((weight, words))
    return found


def _is(facts: AuthorFacts) -> list[tuple[float, str]]:
    """What it is: weighs only beside what it does."""
    for below, weight in AGE:
        if facts.age < below:
            return [(weight, f"is {_span(facts.age)} old")]
    if facts.age >= KNOWN_AGE and facts.followers >= KNOWN_FOLLOWERS:
        return [(KNOWN, f"is known to {facts.followers} followers")]
    return []


def _reached(steps: Steps, count: int) -> float:
    return max((weight for least, weight in steps if count >= least), default=0.0)


def _span(ms: int) -> str:
    for unit, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if ms >= 2 * unit:
            return f"{ms // unit} {name}"
    return "a minute"
