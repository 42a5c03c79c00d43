"""What is about to be seen is judged first: what the network asks, and of whom.

Moderation implements `Screen` (`safety/screening`). The network hands over the words that somebody
is about to publish; it is told what has to hold from the start, and nothing more. The words are
looked at before the transaction, where that may take its time; what judges is the verb that writes
them, in its transaction. It says anew which words those are, so that nothing is published that was
not judged: if other words were looked at, or none, they are looked at there.
"""

from enum import StrEnum
from typing import Final, Protocol

import msgspec

from rostra.store.database import Transaction


class What(StrEnum):
    """What the words become."""

    POST = "post"
    EDIT = "edit"
    PROFILE = "profile"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """All the words that somebody is about to publish at once.

    Attributes:
        what: what they become.
        account_id: whose they are.
        parts: of a post its warning, text, choices of its poll, and the descriptions of its
            files; of a profile its names, note, fields, and the descriptions of its pictures.
        beside: how many of them, the last ones, are choices and descriptions of a post.
        links: the addresses in them.
        language: as their author says, or empty.
    """

    what: What
    account_id: int
    parts: tuple[str, ...]
    beside: int = 0
    links: tuple[str, ...] = ()
    language: str = ""

    @property
    def text(self) -> str:
        """All of it: the parts with an empty line between them."""
        return joined(self.parts)

    @property
    def written(self) -> str:
        """Of a post its warning and its text alone."""
        return joined(self.parts[: len(self.parts) - self.beside])


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What else is known of a post when it is written; of a profile nothing is."""

    language: str = ""
    spoiler: str = ""
    tags: tuple[str, ...] = ()
    mentions: int = 0
    media_ids: tuple[int, ...] = ()
    is_reply: bool = False
    visibility: str = ""
    sensitive: bool = False


class Look(msgspec.Struct, frozen=True):
    """What words look like by themselves; what is in it is the screen's own."""


class Verdict(msgspec.Struct, frozen=True):
    """What was found; more than this is the screen's own.

    Attributes:
        hold: nobody but its author sees it until somebody has looked at it.
    """

    hold: bool = False


class Screen(Protocol):
    """What judges words."""

    async def ready(self) -> None:
        """Take in what has changed of what judges, before `look` and outside any transaction."""
        ...

    @property
    def idle(self) -> bool:
        """Whether there is nothing to look for, as far as this process knows."""
        ...

    def look(self, said: Said) -> Look:
        """Look at words before any transaction; reads nothing."""
        ...

    async def judge(self, tx: Transaction, said: Said, about: About, look: Look) -> Verdict:
        """Judge words in the transaction that publishes them.

        Args:
            tx: the transaction.
            said: the words as they are written.
            about: what else is known.
            look: what was seen before, of these words or of others.
        """
        ...

    async def note(self, tx: Transaction, verdict: Verdict, post_id: int = 0) -> None:
        """Keep what was found, once the words are written.

        Args:
            tx: the transaction.
            verdict: of `judge`.
            post_id: where they stand; 0: in the profile of their author.
        """
        ...


UNSEEN: Final = Look()
"""Nothing was looked at before."""

PASSED: Final = Verdict()
"""Nothing was found."""


def joined(parts: tuple[str, ...]) -> str:
    """Parts as one text; those that are empty are left out."""
    return "\n\n".join(filter(None, parts))


class NoScreen:
    """Judges nothing."""

    idle = True

    async def ready(self) -> None:
        """Nothing changes."""

    def look(self, said: Said) -> Look:
        """Nothing is seen."""
        del said
        return UNSEEN

    async def judge(self, tx: Transaction, said: Said, about: About, look: Look) -> Verdict:
        """Nothing is found."""
        del tx, said, about, look
        return PASSED

    async def note(self, tx: Transaction, verdict: Verdict, post_id: int = 0) -> None:
        """Nothing is kept."""


NO_SCREEN: Final[Screen] = NoScreen()
