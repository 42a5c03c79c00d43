"""Holds, what they keep, and the log of who opened it."""

import hashlib
from enum import IntEnum
from typing import Final

import msgspec

from rostra.kernel.clock import DAY, MINUTE
from rostra.safety.subjects import Subject, SubjectKind

OPEN_FOR_MS: Final = 30 * MINUTE
"""How long whoever has opened something may look at it, before a reason is asked for again."""

AFTER_NONE_MS: Final = 14 * DAY
"""How long something is still kept when nothing was wrong with it."""

MAX_DAYS: Final = 3650
"""The longest that something can be kept by hand, from now on."""

MAX_WHY: Final = 500
_encode = msgspec.json.Encoder().encode


class Act(IntEnum):
    """What the log tells of; the numbers stand in rows."""

    OPENED = 1
    EXTENDED = 2
    RELEASED = 3  # before its time
    ENDED = 4  # its time had come

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Hold(msgspec.Struct, frozen=True):
    """That something is kept, and until when. Times are UTC ms."""

    id: int
    subject_kind: int
    subject_id: int
    account_id: int
    category: int
    report_id: int
    fingerprint: str
    taken_at: int
    hold_until: int
    ordered_until: int
    gone_at: int

    @property
    def subject(self) -> Subject:
        """What it is of."""
        return Subject(SubjectKind(self.subject_kind), self.subject_id)


class File(msgspec.Struct, frozen=True):
    """A picture, video or recording that is kept with it."""

    evidence_id: int
    place: int  # from 1 on
    media_id: int  # 0: of a profile
    kind: str  # image, gifv, video, audio, avatar, header
    description: str
    blob_key: str
    preview_key: str
    width: int
    height: int
    sha256: str = ""  # empty: not read yet, or not there
    size: int = 0


class Other(msgspec.Struct, frozen=True):
    """A post that the reported one answers or quotes, as whoever reported could see it."""

    id: int
    acct: str
    display_name: str
    text: str
    spoiler_text: str
    created_at: int


class Line(msgspec.Struct, frozen=True):
    """A line of a profile."""

    name: str
    value: str


class Snapshot(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A post or a profile as it was. Times are UTC ms.

    Attributes:
        text: as it was written; of a profile, its note.
        visibility: number of `network.posts.model.Visibility`.
        thread_id: the first post of the thread it stands in.
        versions: when the versions before it were written, the newest 50.
        options: what its poll asks.
        lines: of a profile.
    """

    acct: str
    display_name: str = ""
    text: str = ""
    spoiler_text: str = ""
    language: str = ""
    visibility: int = 0
    sensitive: bool = False
    created_at: int = 0
    edited_at: int = 0
    versions: tuple[int, ...] = ()
    options: tuple[str, ...] = ()
    thread_id: int = 0
    answers: Other | None = None
    quotes: Other | None = None
    lines: tuple[Line, ...] = ()


class Seen(msgspec.Struct, frozen=True):
    """What is to be kept of one subject."""

    account_id: int
    snapshot: Snapshot
    files: tuple[File, ...]
    profile: bool

    def fingerprint(self) -> str:
        """SHA-256 of all that makes it another version: words, options, files; no counts or names.

        Of a profile the shown name counts.
        """
        shot = self.snapshot
        files = [(file.media_id, file.description, file.blob_key) for file in self.files]
        named = shot.display_name if self.profile else ""
        lines = [(line.name, line.value) for line in shot.lines]
        parts = (named, shot.text, shot.spoiler_text, shot.sensitive, shot.options, lines, files)
        return hashlib.sha256(_encode(parts)).hexdigest()


class Kept(msgspec.Struct, frozen=True):
    """A hold with what it keeps."""

    hold: Hold
    snapshot: Snapshot
    files: tuple[File, ...]


class Entry(msgspec.Struct, frozen=True):
    """A line of the log."""

    id: int
    evidence_id: int
    kind: int  # an `Act`
    actor_id: int  # 0: nobody
    why: str
    until: int  # that it was extended to; 0: another act
    created_at: int
