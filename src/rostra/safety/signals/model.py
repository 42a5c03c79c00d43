"""What every signal is given, and what it answers.

A signal judges and does nothing else: it reads no database while it judges, and what follows from
its answer is decided elsewhere.
"""

from enum import IntEnum, IntFlag
from functools import cached_property
from typing import Protocol

import msgspec

from rostra.safety.signals.normal import Normal, normalise


class Cost(IntEnum):
    """What a judgement may cost, and so when it is asked for."""

    MICROSECONDS = 0
    """Runs whenever something is published."""

    MILLISECONDS = 1
    """Runs where those that cost microseconds are unsure."""

    SLOW = 2
    """Never runs while something is published: its answer comes later, by a job."""


class Takes(IntFlag):
    """What of a material a signal looks at."""

    TEXT = 1
    IMAGE = 2
    ACCOUNT = 4
    LINK = 8
    COPIES = 16
    """What it is nearly the same as, of what was removed."""


class Span(msgspec.Struct, frozen=True):
    """A passage that counted.

    Attributes:
        start: in code points of the text as it was written.
        end: behind its last code point.
        weight: what it added to the score.
    """

    start: int
    end: int
    weight: float


class Finding(msgspec.Struct, frozen=True):
    """What a signal says of a material.

    Attributes:
        signal: its name.
        version: of what it was judged by: a trained file, the state of a list.
        scores: by the key of a harm, calibrated, from 0 to 1.
        spans: the passages that weighed most.
        reason: a sentence for moderators.
        targets: the groups that are aimed at.
    """

    signal: str
    version: str
    scores: dict[str, float]
    spans: tuple[Span, ...] = ()
    reason: str = ""
    targets: tuple[str, ...] = ()


class AuthorFacts(msgspec.Struct, frozen=True):
    """What is known of whoever wrote it when they write it.

    Attributes:
        age: of the account, in ms.
        posts: all that they have published.
        burst: posts in the last ten minutes, without this one.
        followers: who follows them.
        following: whom they follow.
        alike: of their posts of the last day, how many say the same as this one.
        reached: how many different members those and this one name.
    """

    age: int
    posts: int = 0
    burst: int = 0
    followers: int = 0
    following: int = 0
    alike: int = 0
    reached: int = 0


class Like(msgspec.Struct, frozen=True):
    """What a text is nearly the same as.

    Attributes:
        category: what that was removed as, by people.
        count: how many posts said so.
        alike: how much is the same, from 0 to 1.
    """

    category: int
    count: int
    alike: float


class Material(msgspec.Struct, dict=True):
    """What is judged.

    Attributes:
        text: all words of it, parts joined by an empty line: of a post its spoiler, text, poll
            options and descriptions, of a profile its name, note and fields.
        kind: `post`, `edit` or `profile`.
        language: as its author says, or empty.
        author_id: the account.
        links: every address in it.
        author: where a signal takes accounts.
        like: where a signal takes copies, and it is one.
    """

    text: str
    kind: str
    language: str = ""
    author_id: int = 0
    links: tuple[str, ...] = ()
    author: AuthorFacts | None = None
    like: Like | None = None

    @cached_property
    def normal(self) -> Normal:
        """The text without its disguises, made when it is first asked for."""
        return normalise(self.text)


class NotReady(Exception):
    """A signal lacks what it judges by: it knows nothing of any words, and has not found none."""


class Signal(Protocol):
    """What judges a material."""

    @property
    def name(self) -> str:
        """What it is called in settings, rules and on the case."""
        ...

    @property
    def version(self) -> str:
        """Of what it judges by."""
        ...

    @property
    def cost(self) -> Cost:
        """What a judgement may cost."""
        ...

    @property
    def takes(self) -> Takes:
        """What it looks at."""
        ...

    def judge(self, material: Material) -> Finding | None:
        """Its answer; nothing where it has nothing to say.

        Raises:
            NotReady: it can't judge at all. Whatever else it raises is a fault, and logged.
        """
        ...
