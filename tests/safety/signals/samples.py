"""Sentences for trying signals: threats, harmless everyday posts, harmless posts that name groups.

The harmless ones come from a grammar of our own (`everyday.txt`); the same seed makes the same
sentences, on every machine.
"""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from rostra.safety.signals.training.contrasts import Part, read_pairs

_HERE: Final = Path(__file__).parent

_SLOT: Final = re.compile(r"\{(\w+)\}")

_CASUAL: Final = 0.25
_HEADLESS: Final = 0.3
_DECORATIONS: Final = (("emoji", 0.25), ("hashtag", 0.15), ("link", 0.08), ("mention", 0.05))

GROUPS: Final = {
    "teachers": ("teachers", "a teacher"),
    "athletes": ("athletes", "an athlete"),
    "black people": ("Black people", "a Black woman"),
    "jewish people": ("Jews", "a Jewish man"),
    "politicians": ("politicians", "a politician"),
    "executives": ("executives", "an executive"),
    "women": ("women", "a woman"),
    "men": ("men", "a man"),
    "gay people": ("gay men", "a gay man"),
    "lesbians": ("lesbians", "a lesbian"),
    "trans people": ("trans people", "a trans woman"),
    "muslims": ("Muslims", "a Muslim"),
    "christians": ("Christians", "a Christian"),
    "hindus": ("Hindus", "a Hindu"),
    "atheists": ("atheists", "an atheist"),
    "immigrants": ("immigrants", "an immigrant"),
    "refugees": ("refugees", "a refugee"),
    "asian people": ("Asian people", "an Asian man"),
    "white people": ("white people", "a white man"),
    "latinos": ("Latinos", "a Latina"),
    "roma": ("Roma", "a Roma woman"),
    "disabled people": ("disabled people", "a disabled woman"),
    "deaf people": ("deaf people", "a deaf man"),
    "old people": ("old people", "an old woman"),
    "police": ("police officers", "a police officer"),
    "journalists": ("journalists", "a journalist"),
    "judges": ("judges", "a judge"),
    "health workers": ("nurses", "a nurse"),
    "election workers": ("poll workers", "a poll worker"),
}
"""By group, how many of it are called, and one."""

FRAMES: Final = (
    "The {people} I work with are coming to dinner on Friday.",
    "I am {person} and today was a really good day.",
    "So many {people} at the street party yesterday, we ran out of cake!",
    "Does anybody know a podcast by {people} about everyday life?",
    "Reading a novel by {person} about growing up in a small town.",
    "My new neighbours are {people} and they lent us their ladder.",
    "The museum has a new room about {people} in the 1920s.",
    "There is a support group for {people} every Tuesday at 6 in the library.",
    "A survey asked 2,000 {people} about tea. Most of them like it strong.",
    "What do {people} here think of the new bus lane?",
    "As {person} I get asked this about four times a week, lol.",
    "I disagree with some {people} about this, and that is fine.",
    "Nobody should be afraid to walk home because they are {person}.",
    "Please stop with the jokes about {people}, they were never funny.",
    "Two {people} were hurt in the crash on the ring road, says the radio.",
    "I was taught chess by {person} and still think of those afternoons.",
    "My daughter wrote her school essay on famous {people}, nine pages!",
    "{people} don't all think alike, who would have guessed.",
    "Attacks on {people} went up last year. We all can do something against it.",
    "The choir of {people} and friends sings at the harbour on 12 May.",
)
"""What is said of every group alike, so that a difference in score comes from its name alone."""


def threats(count: int = 500) -> tuple[str, ...]:
    """Calls to violence and threats: first those no model learns from, then others.

    Raises:
        ValueError: there are not so many.
    """
    pairs = sorted(read_pairs(), key=lambda pair: pair.part is not Part.HELD_OUT)
    if count > len(pairs):
        raise ValueError(f"there are {len(pairs)} threats, not {count}")
    return tuple(pair.threat for pair in pairs[:count])


def harmless(count: int = 5000, seed: int = 1) -> tuple[str, ...]:
    """Everyday posts, each once: some careless, some with an emoji, a tag, a link, a name."""
    return tuple(islice(_once(_posts(Random(seed))), count))  # noqa: S311 (nothing to guess)


def about_groups() -> dict[str, tuple[str, ...]]:
    """By group, the same harmless posts about it."""
    return {
        group: tuple(_capital(frame.format(people=many, person=one)) for frame in FRAMES)
        for group, (many, one) in GROUPS.items()
    }


def grammar() -> dict[str, tuple[str, ...]]:
    """By rule, the ways to fill it."""
    rules: dict[str, list[str]] = {}
    for line in (_HERE / "everyday.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("# "):
            continue
        if re.fullmatch(r"\w+:", line):
            rules[line[:-1]] = ways = []
        else:
            ways.append(line)
    return {name: tuple(ways) for name, ways in rules.items()}


def _posts(random: Random) -> Iterator[str]:
    """Posts without an end, every pattern as often as the others."""
    rules = grammar()
    while True:
        for pattern in random.sample(rules["sentence"], len(rules["sentence"])):
            post = _dressed(_capital(_filled(pattern, rules, random)), rules, random)
            yield post


def _filled(pattern: str, rules: dict[str, tuple[str, ...]], random: Random) -> str:
    """A pattern with its slots filled, none with what another has."""
    used: set[str] = set()

    def fill(slot: re.Match[str]) -> str:
        word = random.choice([way for way in rules[slot[1]] if way not in used])
        used.add(word)
        return word

    return _SLOT.sub(fill, pattern)


def _dressed(post: str, rules: dict[str, tuple[str, ...]], random: Random) -> str:
    if random.random() < _CASUAL:
        post = post.lower().replace("'", "")
    if random.random() < _HEADLESS:
        post = post.removesuffix(".")
    for kind, chance in _DECORATIONS:
        if random.random() < chance:
            post = f"{post} {random.choice(rules[kind])}"
    return post


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _once(posts: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for post in posts:
        if post not in seen:
            seen.add(post)
            yield post
