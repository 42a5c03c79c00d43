"""Rules are asked about the posts of one author after the other; what they say is counted.

Pure: the same authors and posts give the same result, in whatever parts they come.
"""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Final

from rostra.safety.categories.facts import category_of
from rostra.safety.rules.outcome import Verdict
from rostra.safety.rules.rule import Rule, evaluate
from rostra.safety.rules.vocabulary import Needs
from rostra.safety.tryout.merge import drawn
from rostra.safety.tryout.model import (
    FIRST_WORDS,
    Author,
    Group,
    Judged,
    PastPost,
    Result,
    Sample,
    Side,
)
from rostra.safety.tryout.moments import NO_AIDS, Aids, Moment, Moments

MOST_RULES: Final = 2
_TIMED_EVERY: Final = 64  # posts of a page; the first one always


class Scorer:
    """Counts what one rule, or two beside each other, say of posts.

    Args:
        rules: one or two.
        samples: how many posts to show at most, of each group.
        aids: what else can be asked of the past.
    """

    def __init__(self, rules: Sequence[Rule], *, samples: int, aids: Aids = NO_AIDS) -> None:
        if not 1 <= len(rules) <= MOST_RULES:
            raise ValueError(f"one rule is tried, or two beside each other; not {len(rules)}")
        self._sides = [_Side(rule, samples) for rule in rules]
        self._aids = aids
        self._needs = Needs()
        for rule in rules:
            self._needs |= rule.needs
        self._seen = self._members = self._edited = self._decided = self._acted = 0
        self._both, self._first, self._second = (_Group(samples) for _ in range(3))
        self._author_id = 0
        self._moments: Moments | None = None

    def add(self, author: Author, posts: Sequence[PastPost]) -> None:
        """Ask about posts of an author, the oldest first.

        All posts of the period are given before those of another author, at once or in pages.
        """
        if self._moments is None or author.id != self._author_id:
            self._author_id = author.id
            self._moments = Moments(author, self._needs, self._aids)
            self._members += 1
        for place, post in enumerate(posts):
            self._one(post, self._moments.of(post), timed=place % _TIMED_EVERY == 0)
        self._seen += len(posts)

    def _one(self, post: PastPost, moment: Moment, *, timed: bool) -> None:
        self._edited += post.edited
        self._decided += post.judged != Judged.UNKNOWN
        self._acted += post.judged == Judged.ACTED
        features = moment.features()
        caught = []
        for side in self._sides:
            outcome = evaluate(side.rule, features)
            side.note(post, outcome.verdict, outcome.missing)
            caught.append(outcome.verdict is Verdict.CAUGHT)
            if timed:
                side.time(moment)
        if len(caught) == MOST_RULES and any(caught):
            first, second = caught
            group = self._both if first and second else self._first if first else self._second
            group.add(post)

    def result(self) -> Result:
        """What was counted so far."""
        return Result(
            seen=self._seen,
            members=self._members,
            edited=self._edited,
            decided=self._decided,
            acted=self._acted,
            sides=tuple(side.told() for side in self._sides),
            both=self._both.told(),
            first_only=self._first.told(),
            second_only=self._second.told(),
        )


class _Group:
    """Posts that are counted, by authors who come one after the other."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._posts = self._members = self._last = 0
        self._samples: list[Sample] = []

    def add(self, post: PastPost) -> None:
        self._posts += 1
        if post.account_id != self._last:
            self._last = post.account_id
            self._members += 1
        if not post.for_all:
            return
        words = " ".join(post.text.split())[:FIRST_WORDS]
        self._samples.append(Sample(post.id, post.account_id, words))
        if len(self._samples) > 8 * self._most + 8:
            self._samples = list(drawn(self._samples, self._most))

    def told(self) -> Group:
        return Group(self._posts, self._members, drawn(self._samples, self._most))


class _Side:
    """What one rule says."""

    def __init__(self, rule: Rule, samples: int) -> None:
        self.rule = rule
        found = (category_of(effect.category) for effect in rule.effects if effect.category)
        self._harms = frozenset(int(each) for each in found if each is not None)
        self._caught = _Group(samples)
        self._skipped = self._right = self._wrong = self._sought = self._found = 0
        self._missing: Counter[str] = Counter()
        self._timed = self._took = 0

    def note(self, post: PastPost, verdict: Verdict, missing: Sequence[str]) -> None:
        caught = verdict is Verdict.CAUGHT
        if caught:
            self._caught.add(post)
            self._right += post.judged == Judged.ACTED
            self._wrong += post.judged == Judged.SPARED
        elif verdict is Verdict.SKIPPED:
            self._skipped += 1
            self._missing.update(missing)
        if post.judged == Judged.ACTED and post.category in self._harms:
            self._sought += 1
            self._found += caught

    def time(self, moment: Moment) -> None:
        """Ask once more, from the beginning, and take the time."""
        begun = time.thread_time_ns()
        evaluate(self.rule, moment.afresh())
        self._took += time.thread_time_ns() - begun
        self._timed += 1

    def told(self) -> Side:
        return Side(
            caught=self._caught.told(),
            skipped=self._skipped,
            missing=dict(sorted(self._missing.items())),
            right=self._right,
            wrong=self._wrong,
            sought=self._sought,
            found=self._found,
            timed=self._timed,
            took_ns=self._took,
        )
