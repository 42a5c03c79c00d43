"""What was reported and is kept, as programs of the team read it."""

import msgspec


class EvidenceHold(msgspec.Struct, frozen=True, kw_only=True):
    """That something is kept, and until when.

    Attributes:
        fingerprint: SHA-256 of the words, options and files; the same content has the same.
        hold_until: when it goes, unless a case or an appeal about it is open then.
        ordered_until: until when it stays whatever is decided.
        gone_at: when what it kept was deleted.
    """

    id: str
    subject_type: str
    subject_id: str
    account_id: str
    category: str
    report_id: str
    fingerprint: str | None
    taken_at: str
    hold_until: str
    ordered_until: str | None
    gone_at: str | None


class EvidenceFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is kept; it is fetched by its place.

    Attributes:
        type: image, gifv, video, audio, avatar or header.
        sha256: of the file; null: not read yet, or it was not there.
        blob_key: by which the file was known.
    """

    place: int
    media_id: str | None
    type: str
    description: str
    blob_key: str
    sha256: str | None
    size: int | None


class EvidenceOther(msgspec.Struct, frozen=True, kw_only=True):
    """A post that the reported one answers or quotes, as whoever reported could see it."""

    id: str
    acct: str
    display_name: str
    text: str
    spoiler_text: str
    created_at: str


class EvidenceField(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a profile."""

    name: str
    value: str


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a hold keeps: a post or a profile as it was when it was reported.

    Attributes:
        text: as it was written; of a profile, its note.
        visibility: of a post: public, unlisted, private or direct.
        versions: when earlier versions were written.
        poll_options: what it asks.
        thread_id: the first post of its thread.
    """

    hold: EvidenceHold
    acct: str
    display_name: str
    text: str
    spoiler_text: str
    language: str
    visibility: str | None
    sensitive: bool
    created_at: str
    edited_at: str | None
    versions: tuple[str, ...]
    poll_options: tuple[str, ...]
    thread_id: str | None
    in_reply_to: EvidenceOther | None
    quoted: EvidenceOther | None
    fields: tuple[EvidenceField, ...]
    files: tuple[EvidenceFile, ...]


class EvidenceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the log.

    Attributes:
        kind: opened, extended, released or ended.
        actor_id: who of the team; null: its time had come.
        until: that it was extended to.
    """

    id: str
    evidence_id: str
    kind: str
    actor_id: str | None
    why: str
    until: str | None
    created_at: str
