"""What the two hosts of a move tell each other: letters at the places; nothing else connects them.

Each is written once, numbered, and signed with the key of the ark, which stands in no place: who
owns one can neither order a move nor answer for a host. What a letter is for is signed with it: the
move, the side that says it, its number.
"""

import secrets
from enum import StrEnum
from typing import Final

import msgspec

from rostra.hosting import signed as envelope

FOLDER: Final = "move/v1"
_EPOCH_DIGITS: Final = 10
_DIGITS: Final = 6
_FIRST: Final = f"/new-{1:0{_DIGITS}d}"


class Side(StrEnum):
    """Who says it."""

    NEW = "new"
    OLD = "old"


class _Said(msgspec.Struct, frozen=True, kw_only=True, tag_field="what"):
    """Anything that is said."""


class Request(_Said, frozen=True, kw_only=True, tag="request"):
    """New: I am going to take this network over.

    Attributes:
        epoch: of the claim in force, which is asked to be given up.
        nonce: of it: a letter of another time asks nobody.
        host: what the new host is called, for people.
        copy: the mark of the copy that it has.
    """

    epoch: int
    nonce: str
    host: str
    copy: str


class Stop(_Said, frozen=True, kw_only=True, tag="stop"):
    """New: I have everything but the last seconds. Stop writing, and send me those.

    Attributes:
        round: from 1 on; the old host may have opened again since the one before.
        pause_s: how long it waits, at most, before it opens again.
    """

    round: int
    pause_s: int


class Take(_Said, frozen=True, kw_only=True, tag="take"):
    """New: I have everything up to there. Give the fence up."""

    round: int
    mark: str


class Abort(_Said, frozen=True, kw_only=True, tag="abort"):
    """New: nothing comes of it. Go on as before."""


class Heard(_Said, frozen=True, kw_only=True, tag="heard"):
    """Old: I have heard, and go on writing until I am told to stop."""

    host: str


class Media(_Said, frozen=True, kw_only=True, tag="media"):
    """Old: these media have come and gone since the copy, or since I last said so.

    Attributes:
        listing: the pieces of the ark that tell which.
        settled: hardly any come while one lot is sent: writing can be stopped.
    """

    listing: tuple[str, ...]
    settled: bool


class Drained(_Said, frozen=True, kw_only=True, tag="drained"):
    """Old: I write no more, and everything is at the places.

    Attributes:
        round: of the `Stop` that this answers.
        run: of the log.
        mark: of its last record; empty: the run has none.
        listing: the pieces that tell of the last media and of the other files.
        stopped_at: when it stopped writing; UTC ms by its own clock.
        at: when this was said, by the same clock.
        left: jobs that did not come to their end in time, and are done anew.
    """

    round: int
    run: str
    mark: str
    listing: tuple[str, ...]
    stopped_at: int
    at: int
    left: int


class Reopened(_Said, frozen=True, kw_only=True, tag="reopened"):
    """Old: I write again; what I said of this round is void."""

    round: int
    why: str


class Given(_Said, frozen=True, kw_only=True, tag="given"):
    """Old: I have given the fence up, and say and write nothing any more."""

    round: int
    mark: str


class Ended(_Said, frozen=True, kw_only=True, tag="ended"):
    """Old: nothing comes of this move; I go on as before."""

    why: str


Said = Request | Stop | Take | Abort | Heard | Media | Drained | Reopened | Given | Ended
OF_SIDE: Final = {
    Side.NEW: (Request, Stop, Take, Abort),
    Side.OLD: (Heard, Media, Drained, Reopened, Given, Ended),
}


class _Letter(msgspec.Struct, frozen=True):
    move: str
    number: int
    said: Said


def new_move(epoch: int) -> str:
    """The name of a move away from the holder of an epoch; nobody can guess it."""
    return f"{epoch:0{_EPOCH_DIGITS}d}-{secrets.token_hex(8)}"


def first_of(epoch: int) -> str:
    """A key that all letters of moves away from the holder of this epoch are behind."""
    return f"{FOLDER}/{epoch:0{_EPOCH_DIGITS}d}-"


def move_begun(key: str) -> str | None:
    """The move whose first letter stands there; None: none does."""
    rest = key.removeprefix(f"{FOLDER}/")
    return rest.removesuffix(_FIRST) if rest != key and rest.endswith(_FIRST) else None


def letter_key(move: str, side: Side, number: int) -> str:
    """Where a letter stands."""
    return f"{FOLDER}/{move}/{side}-{number:0{_DIGITS}d}"


def written(move: str, side: Side, number: int, said: Said, private: bytes) -> bytes:
    """A letter as it stands at the places, signed with the key of the ark."""
    return envelope.signed(_Letter(move, number, said), private, _purpose(side))


def read(content: bytes, move: str, side: Side, number: int, public: str) -> Said | None:
    """What is said there; None: it is no letter of this place, or not signed by this key."""
    letter = envelope.read_by(content, _Letter, _purpose(side), public)
    if letter is None or (letter.move, letter.number) != (move, number):
        return None
    return letter.said if isinstance(letter.said, OF_SIDE[side]) else None


def _purpose(side: Side) -> bytes:
    return f"rostra move {side}\n".encode()
