"""What was posted, by whom, what people decided about it, and what rules would have said."""

from enum import IntEnum
from typing import Final

import msgspec

from rostra.kernel.ids import RANDOM_BITS
from rostra.safety.rules.vocabulary import LONGEST_WINDOW

LEAD_IN: Final = LONGEST_WINDOW
"""How long before a period is read as well, in ms: what the longest counter looks back over."""

_SHUFFLE: Final = (1 << RANDOM_BITS) - 1
FIRST_WORDS: Final = 200  # characters of a sample
_FOR_ALL: Final = frozenset({"public", "unlisted"})
_COUNTED: Final = _FOR_ALL | {"private"}


class Judged(IntEnum):
    """What people made of a post; the numbers stand in exported files."""

    UNKNOWN = 0  # nobody has decided about it
    SPARED = 1  # somebody left it as it was, or took back what was done to it
    ACTED = 2  # somebody did something about it


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody, and what had happened about them; times are UTC ms, the oldest first.

    Attributes:
        made_at: when the account was made.
        posts: how many posts and reblogs of theirs are older than the period, as their profile
            counts them: without those that only who is named in them sees.
        reblogged: when they reblogged something within the period, as far as that counts there.
        followers: how many followed them before the first of `followed`.
        following: how many they followed before the first of `follows`.
        wrote: when they posted in the lead-in of the period.
        replied: which of those posts answer somebody.
        pictured: which of those have pictures, videos or recordings.
        followed: when somebody began to follow them, of those who still do.
        follows: when they began to follow somebody, of those whom they still do.
        reported: when reports named them.
        decided: when something was decided about them or what they wrote.
    """

    id: int
    username: str
    bot: bool
    made_at: int
    posts: int = 0
    followers: int = 0
    following: int = 0
    reblogged: tuple[int, ...] = ()
    wrote: tuple[int, ...] = ()
    replied: tuple[int, ...] = ()
    pictured: tuple[int, ...] = ()
    followed: tuple[int, ...] = ()
    follows: tuple[int, ...] = ()
    reported: tuple[int, ...] = ()
    decided: tuple[int, ...] = ()


class PastPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post as it stands in the database; its id tells when it was made.

    Attributes:
        text: all words of it: warning, text, choices of a poll, descriptions.
        visibility: Mastodon's name for what its author chose; empty where that is not known.
        media: how many pictures, videos and recordings it has.
        edited: its author has changed it since; these are the words that it has now.
        judged: a `Judged`.
        category: of the decision, where somebody acted; 0 else.
    """

    id: int
    account_id: int
    text: str
    spoiler: str
    language: str
    visibility: str
    sensitive: bool
    media: int
    is_reply: bool
    edited: bool
    judged: int = Judged.UNKNOWN
    category: int = 0

    @property
    def for_all(self) -> bool:
        """Whether its author shows it to everybody; others count, and are shown to nobody."""
        return self.visibility in _FOR_ALL

    @property
    def counts(self) -> bool:
        """Whether it is one of those that the profile of its author counts."""
        return self.visibility in _COUNTED


class Sample(msgspec.Struct, frozen=True):
    """A post to look at, which its author shows to everybody."""

    post_id: int
    account_id: int
    words: str

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in a shuffled order that is the same wherever it is asked for."""
        return self.post_id & _SHUFFLE, self.post_id


class Group(msgspec.Struct, frozen=True):
    """Posts that have something in common.

    Attributes:
        posts: how many.
        members: by how many authors.
        samples: some of them, drawn at random but the same ones every time.
    """

    posts: int = 0
    members: int = 0
    samples: tuple[Sample, ...] = ()


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule would have said.

    Attributes:
        caught: the posts that it would have caught.
        skipped: for how many it lacked something.
        missing: what it lacked, and for how many posts.
        right: of those caught, about how many people acted.
        wrong: of those caught, how many people spared.
        sought: about how many posts people acted for a harm that the rule names.
        found: of those, how many it catches.
        timed: for how many posts the time was taken.
        took_ns: nanoseconds of processor time for all of those.
    """

    caught: Group = Group()
    skipped: int = 0
    missing: dict[str, int] = {}
    right: int = 0
    wrong: int = 0
    sought: int = 0
    found: int = 0
    timed: int = 0
    took_ns: int = 0

    @property
    def precision(self) -> float | None:
        """Of what it caught and people decided, the share that they acted about."""
        known = self.right + self.wrong
        return self.right / known if known else None

    @property
    def recall(self) -> float | None:
        """Of what people acted about for its harms, the share that it caught."""
        return self.found / self.sought if self.sought else None

    @property
    def micros(self) -> float | None:
        """Microseconds of processor time that a post costs, finding out what is asked included."""
        return self.took_ns / self.timed / 1_000 if self.timed else None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a try-out, or of a part of it.

    Attributes:
        seen: the posts that were tried.
        members: by how many authors.
        edited: how many were edited since, and tried in the words they have now.
        decided: about how many people have decided.
        acted: about how many of those they did something.
        sides: each rule on its own, in the order in which they were given.
        both: caught by both, where there are two.
        first_only: caught by the first of two alone.
        second_only: caught by the second alone.
        exported: they were read from files that were exported, not from this database.
    """

    seen: int = 0
    members: int = 0
    edited: int = 0
    decided: int = 0
    acted: int = 0
    sides: tuple[Side, ...] = ()
    both: Group = Group()
    first_only: Group = Group()
    second_only: Group = Group()
    exported: bool = False
