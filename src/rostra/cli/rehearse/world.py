"""The week as it would come: who writes what, who reports it when, which letters arrive.

Only what somebody tells of is made up one by one. The other posts are counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from rostra.cli.rehearse import texts
from rostra.cli.rehearse.plan import LETTER_DEADLINE, START, VIOLENT, Plan
from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.safety.categories.model import Category

NOTHING_WRONG: Final = 0

# What is really the matter with a single post that is reported, and how often. Of what is reported
# elsewhere, one in four leads to a removal; here two in five.
_SINGLE: Final = {
    NOTHING_WRONG: 60,
    Category.VIOLENCE_INCITEMENT: 5,
    Category.THREAT_TO_LIFE: 1,
    Category.HATE: 8,
    Category.HARASSMENT: 11,
    Category.SPAM: 8,
    Category.FRAUD_SCAM: 3,
    Category.MISINFORMATION_CIVIC: 4,
}
# Floods, and how often.
_FLOODS: Final = {
    Category.VIOLENCE_INCITEMENT: 20,
    Category.HATE: 25,
    Category.MISINFORMATION_CIVIC: 20,
    Category.SPAM: 35,
}
# What those who report call it. `Category.OTHER` is also what the apps send who know no more than
# "breaks a rule".
_CALLED: Final = {
    NOTHING_WRONG: {
        Category.OTHER: 35,
        Category.HARASSMENT: 22,
        Category.HATE: 13,
        Category.MISINFORMATION_CIVIC: 12,
        Category.SPAM: 10,
        Category.VIOLENCE_INCITEMENT: 8,
    },
    Category.VIOLENCE_INCITEMENT: {
        Category.VIOLENCE_INCITEMENT: 60,
        Category.THREAT_TO_LIFE: 8,
        Category.HATE: 12,
        Category.OTHER: 20,
    },
    Category.THREAT_TO_LIFE: {
        Category.THREAT_TO_LIFE: 50,
        Category.VIOLENCE_INCITEMENT: 20,
        Category.HARASSMENT: 10,
        Category.OTHER: 20,
    },
    Category.HATE: {
        Category.HATE: 65,
        Category.HARASSMENT: 10,
        Category.VIOLENCE_INCITEMENT: 8,
        Category.OTHER: 17,
    },
}
_CALLED_SO: Final = {0: 80, Category.OTHER: 20}  # 0: what it is

_SEEN_LATE_MS: Final = 40 * MINUTE  # half of what is reported is reported within so much
_A_FLOOD_LASTS_MS: Final = 10 * HOUR  # on average
_FEWEST_COPIES, _MOST_COPIES = 8, 3_000
_TELL_OF_A_COPY: Final = 0.4  # of the copies, so many are reported at all
_ABOUT_IT: Final = 0.04  # of what is reported in a flood only quotes or answers it
_NAMED_WRONGLY: Final = 0.3  # of what letters name and nobody here has told of
_OF_EXTRA_PILED: Final = 0.5  # of what is on top and no copy: many reports about one post


@dataclass(frozen=True, slots=True)
class Written:
    """A post that somebody tells of."""

    at: int
    author: int
    text: str
    really: int  # a `Category`, or `NOTHING_WRONG`
    flood: int = -1
    reach: int = 0  # followers of its author

    @property
    def violent(self) -> bool:
        """Whether it calls for violence, or threatens with it."""
        return self.really in VIOLENT


@dataclass(frozen=True, slots=True)
class Told:
    """A report that somebody is going to file."""

    at: int
    post: int
    reporter: int
    category: Category


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter from the host."""

    at: int
    reference: str
    posts: tuple[int, ...]

    @property
    def deadline(self) -> int:
        """When it must be answered (UTC ms)."""
        return self.at + LETTER_DEADLINE


@dataclass(slots=True)
class World:
    """All that is going to happen by itself."""

    plan: Plan
    posts: list[Written] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    floods: int = 0
    untold_copies: int = 0  # counted, not written

    @property
    def written(self) -> int:
        """Posts of the whole time, those that nobody tells of included."""
        days = range(self.plan.days)
        return round(sum(map(self.plan.posts_on, days))) + self.copies + self.untold_copies

    @property
    def copies(self) -> int:
        """Copies that are told of."""
        return sum(post.flood >= 0 and post.really != NOTHING_WRONG for post in self.posts)


def make(plan: Plan) -> World:
    """Make the week up. The same plan gives the same week."""
    world = World(plan)
    _Maker(world, Random(f"rehearsal {plan.seed}")).make()  # noqa: S311 (a made-up week)
    return world


class _Maker:
    def __init__(self, world: World, rng: Random) -> None:
        self._world, self._plan, self._rng = world, world.plan, rng
        self._newcomers = 10**9  # numbers of accounts that floods are written from

    def make(self) -> None:
        world, plan = self._world, self._plan
        self._stand()
        for day in range(plan.days):
            usual = plan.ordinary_on(day)
            extra = usual * (plan.factor(day) - 1)
            copies = extra * plan.copies
            piled = (extra - copies) * _OF_EXTRA_PILED
            self._single(day, usual + extra - copies - piled)
            self._piled(day, piled)
            self._floods(day, copies)
        self._write_letters()
        world.told = sorted(
            (told for told in world.told if told.at < plan.end),
            key=lambda told: (told.at, told.post, told.reporter),
        )

    def _stand(self) -> None:
        """What nobody has read when it begins: told of on the days before, all there at once."""
        left = self._plan.standing
        while left > 0:
            flooding = self._rng.random() < self._plan.copies / 2
            size = min(left, self._rng.randint(5, max(5, round(left * 0.3)))) if flooding else 1
            post = self._first(START - self._rng.randrange(1, 2 * DAY), flooding=size > 1)
            for _ in range(size):
                at = START + self._rng.randrange(MINUTE)
                self._tell(self._next(post), at)
            left -= size

    def _first(self, at: int, *, flooding: bool) -> Written:
        rng = self._rng
        really = _drawn(rng, _FLOODS if flooding else _SINGLE)
        if not flooding:
            return Written(at, self._author(at), texts.ordinary(rng), really, -1, self._reach())
        self._world.floods += 1
        text = texts.flood(rng, Category(really))
        return Written(at, self._newcomer(), text, really, self._world.floods - 1)

    def _next(self, first: Written, at: int = 0) -> int:
        """Write the post itself, or one more of its flood; its number."""
        rng, text, really, author = self._rng, first.text, first.really, first.author
        if first.flood >= 0:
            if rng.random() < _ABOUT_IT:
                text, really, author = texts.about(rng, text), NOTHING_WRONG, self._author(first.at)
            else:
                text, author = texts.copy(rng, text), self._newcomer()
        self._world.posts.append(
            Written(at or first.at, author, text, really, first.flood, self._reach())
        )
        return len(self._world.posts) - 1

    def _single(self, day: int, reports: float) -> None:
        left = self._whole(reports)
        while left > 0:
            at = self._moment(day)
            post = self._next(self._first(at, flooding=False))
            times = min(left, 1 + self._more(0.15))
            for _ in range(times):
                self._tell(post, at + self._delay())
            left -= times

    def _piled(self, day: int, reports: float) -> None:
        """Posts that many have seen, and many report."""
        left = self._whole(reports)
        while left > 0:
            at = self._moment(day)
            post = self._next(self._first(at, flooding=False))
            times = min(left, self._rng.randint(5, 40))
            for _ in range(times):
                self._tell(post, at + self._delay())
            left -= times

    def _floods(self, day: int, reports: float) -> None:
        left = self._whole(reports)
        while left > 0:
            at = self._moment(day)
            first = self._first(at, flooding=True)
            size = min(round(_FEWEST_COPIES * self._rng.paretovariate(0.8)), _MOST_COPIES)
            self._world.untold_copies += round(size / _TELL_OF_A_COPY) - size
            for _ in range(size):
                if left <= 0:
                    break
                copied = at + round(self._rng.expovariate(1 / _A_FLOOD_LASTS_MS))
                times = 1 + self._more(0.2)
                left -= times
                if copied >= self._plan.end:
                    continue
                post = self._next(first, copied)
                for _ in range(times):
                    self._tell(post, copied + self._delay())

    def _write_letters(self) -> None:
        """The host's letters, from the second day on: a few posts each, most of them calls."""
        rng, plan, world = self._rng, self._plan, self._world
        sizes = list(_parts(rng, plan.examples))
        if not sizes:
            return
        span = max(1, plan.days - 2) * DAY
        times = sorted(START + DAY + rng.randrange(span) for _ in sizes)
        violent = sorted((post.at, at) for at, post in enumerate(world.posts) if post.violent)
        for number, (at, size) in enumerate(zip(times, sizes, strict=True), 1):
            near = [place for when, place in violent if at - 3 * DAY < when < at - HOUR]
            named = set(rng.sample(near, min(len(near), round(size * 0.7))))
            while len(named) < size:  # of which nobody here has told
                when = at - rng.randrange(2 * HOUR, 3 * DAY)
                really = (
                    NOTHING_WRONG if rng.random() < _NAMED_WRONGLY else Category.VIOLENCE_INCITEMENT
                )
                text = texts.ordinary(rng)
                world.posts.append(
                    Written(when, self._author(when), text, really, -1, self._reach())
                )
                named.add(len(world.posts) - 1)
            reference = f"AB-{4_000 + number}-{rng.randrange(10**6):06d}"
            world.letters.append(Letter(at, reference, tuple(sorted(named))))

    def _tell(self, post: int, at: int) -> None:
        really = self._world.posts[post].really
        called = _drawn(self._rng, _CALLED.get(really, _CALLED_SO)) or really
        reporter = self._author(at)
        self._world.told.append(Told(at, post, reporter, Category(called)))

    def _author(self, at: int) -> int:
        """A member, some far more often than others."""
        return int(self._plan.members(max(at, START)) * self._rng.random() ** 2)

    def _newcomer(self) -> int:
        """An account that a flood is written from: each writes about three times."""
        if self._rng.random() < 1 / 3:
            self._newcomers += 1
        return self._newcomers

    def _reach(self) -> int:
        return round(self._rng.lognormvariate(2.5, 1.5))

    def _moment(self, day: int) -> int:
        """A time of the day: three times as many in the evening of the Americas as in its night."""
        while True:
            at = self._rng.randrange(DAY)
            away = abs((at / HOUR - 1 + 12) % 24 - 12) / 12  # from 1 o'clock UTC
            if self._rng.random() < 1 - away * 2 / 3:
                return START + day * DAY + at

    def _delay(self) -> int:
        return round(_SEEN_LATE_MS * self._rng.lognormvariate(0, 1.2))

    def _more(self, chance: float) -> int:
        more = 0
        while self._rng.random() < chance:
            more += 1
        return more

    def _whole(self, number: float) -> int:
        return int(number) + (self._rng.random() < number % 1)


def _parts(rng: Random, examples: int) -> Iterator[int]:
    """How many posts each letter names: one to eight, and the last ones twenty."""
    left = examples
    while left > 0:
        size = 20 if left in range(20, 28) else min(left, rng.choice((1, 1, 2, 3, 4, 5, 8)))
        yield size
        left -= size


def _drawn(rng: Random, weights: dict[int, int] | dict[Category, int]) -> int:
    choices: Sequence[int] = list(weights)
    return int(rng.choices(choices, weights=list(weights.values()))[0])
