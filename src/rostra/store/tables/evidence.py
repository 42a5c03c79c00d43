"""What was reported, as it was seen: holds, what they keep, and who opened it.

A hold says that something is kept and until when. Its content stands apart, in tables whose rows
are deleted when the hold ends.
"""

from sqlalchemy import Index
from sqlalchemy import text as sql

from rostra.store.tables.base import clustered, key, number, part, table, text

_HELD = sql("gone_at = 0")

evidence = table(
    "evidence",
    key(),
    number("subject_kind"),
    number("subject_id"),
    number("account_id"),  # whose it is
    number("category"),  # the worst that was said of it, or decided
    number("report_id"),  # the first that named it so
    text("fingerprint"),  # SHA-256 of what others saw; empty once it is gone
    number("taken_at"),
    number("hold_until"),  # when it goes, unless a case or an appeal about it is open
    number("ordered_until"),  # by hand: no decision lets it go before
    number("gone_at"),  # 0: it is kept
    Index(
        "uq_evidence_what",
        "subject_id",
        "subject_kind",
        "fingerprint",
        unique=True,
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    ),
    Index("ix_evidence_subject_id_subject_kind", "subject_id", "subject_kind"),
    Index("ix_evidence_account_id_id", "account_id", "id"),
    Index("ix_evidence_hold_until", "hold_until", sqlite_where=_HELD, postgresql_where=_HELD),
)

evidence_texts = table("evidence_texts", key("evidence_id"), text("content"))  # JSON: a `Snapshot`

evidence_files = clustered(
    "evidence_files",
    part("evidence_id"),
    part("place"),
    number("media_id"),  # 0: a picture of a profile
    text("kind"),  # image, gifv, video, audio, avatar, header
    text("description"),
    text("blob_key"),
    text("preview_key"),
    number("width"),  # of the preview, in pixels
    number("height"),
    text("sha256"),  # of the file; empty until it was read
    number("size"),  # bytes of it
)

# Append-only: who opened what and why, and how holds grew and ended.
evidence_log = table(
    "evidence_log",
    key(),
    number("evidence_id"),
    number("kind"),  # an `Act`
    number("actor_id"),  # 0: nobody; its time had come
    text("why"),
    number("until"),
    number("created_at"),
    Index("ix_evidence_log_evidence_id_id", "evidence_id", "id"),
)
