"""What a letter says, as far as it can be told from the letter alone."""

from enum import IntEnum
from typing import Final

import msgspec

MAX_LETTER: Final = 10 * 1024 * 1024  # bytes; what stands behind is said to be unread
MAX_ADDRESSES: Final = 50_000  # things of ours that one letter names
MAX_PLACES: Final = 8  # of one address that are kept; further ones are counted
MAX_OTHERS: Final = 200  # addresses elsewhere that are kept
DAY_MS: Final = 24 * 3_600_000


class Kind(IntEnum):
    """What an address leads to; the numbers of subjects, and 0 for a page that is no subject."""

    PAGE = 0
    POST = 1
    ACCOUNT = 2
    MEDIA = 3


class SenderKind(IntEnum):
    """Who writes."""

    PRIVATE = 0
    HOST = 1
    REGISTRAR = 2
    STORE = 3
    AUTHORITY = 4
    FLAGGER = 5


class Form(IntEnum):
    """In which form the letter came."""

    TEXT = 0
    MAIL = 1
    FEEDBACK = 2  # RFC 5965
    XARF = 3


class Place(msgspec.Struct, frozen=True):
    """Where an address stands.

    Attributes:
        part: which part of the letter: `subject`, `text`, `html`, the name of an attachment.
        line: from 1.
        quoted: how many `>` stand before the line.
        how: `address`, `carried` (inside of an address elsewhere), `handle` or `bare`.
        written: the line as it was written, shortened.
    """

    part: str
    line: int
    quoted: int
    how: str
    written: str


class Address(msgspec.Struct, frozen=True):
    """Something of this place that a letter names.

    Attributes:
        id: of a post, an account or a medium; 0 where it is named otherwise.
        acct: `name`, or `name@domain` of somebody elsewhere; in lower case; may be empty.
        key: of a stored file.
        path: of a page that is no subject.
        places: the first few of `times`.
    """

    kind: Kind
    id: int
    acct: str
    key: str
    path: str
    places: tuple[Place, ...]
    times: int

    @property
    def name(self) -> str:
        """What it is, in one word: `post:1163…`, `account:alice`, `media:media/k7/…`."""
        if self.kind is Kind.PAGE:
            return f"page:{self.path}"
        return f"{self.kind.name.lower()}:{self.id or self.key or self.acct}"


class Elsewhere(msgspec.Struct, frozen=True):
    """An address that is not ours; `look_alike`: it is made to be taken for ours."""

    url: str
    host: str
    look_alike: bool
    place: Place


class Sender(msgspec.Struct, frozen=True):
    """Who says to write. Nobody has checked it: a letter can claim anything.

    Attributes:
        known_by: `domain` of a provider that is known, `words` of the letter, or empty.
    """

    kind: SenderKind
    name: str
    email: str
    reply_to: str
    known_by: str


class Deadline(msgspec.Struct, frozen=True):
    """Until when an answer is due.

    Attributes:
        at: UTC ms.
        named: whether the letter names it; if not it is a day from receipt.
        words: what was read so.
        note: what was assumed, such as a time zone; empty if nothing was.
        urgent: the letter asks for something at once.
    """

    at: int
    named: bool
    words: str
    note: str
    urgent: bool


class Reading(msgspec.Struct, frozen=True):
    """All that was found in one letter.

    Attributes:
        addresses: what is complained of.
        mentioned: posts and accounts of ours that stand in a message which is enclosed.
        pages: other pages of ours, and addresses too broken to tell.
        elsewhere: addresses that are not ours.
        references: what the sender wants to find in the answer; the first one is the main one.
        concerns: what it is about, the likeliest first; see `concerns.py`.
        bases: laws that are named.
        left_out: what was not read and why, a sentence each; empty if all was.
        faults: what was wrong with the form, a sentence each.
        digest: the same for the same letter, however it was wrapped.
    """

    form: Form
    message_id: str
    thread: tuple[str, ...]
    sender: Sender
    subject: str
    sent_at: int
    references: tuple[str, ...]
    deadline: Deadline
    language: str
    concerns: tuple[str, ...]
    bases: tuple[str, ...]
    addresses: tuple[Address, ...]
    mentioned: tuple[Address, ...]
    pages: tuple[Address, ...]
    elsewhere: tuple[Elsewhere, ...]
    left_out: tuple[str, ...]
    faults: tuple[str, ...]
    text: str
    digest: str


class Piece(msgspec.Struct, frozen=True):
    """A text of a letter; `enclosed`: of a message that the letter only shows."""

    part: str
    text: str
    enclosed: bool = False
    spoken: bool = True  # the sender's own words, for deadlines and the like
