"""Letters from outside: what came, what it names, what was answered."""

from sqlalchemy import Index
from sqlalchemy import text as sql

from rostra.store.tables.base import blob, clustered, key, number, part, table, text

_OPEN = sql("state = 0")

notices = table(
    "notices",
    key(),
    number("state"),  # 0 open, 1 answered, 2 closed
    number("form"),  # how it came: pasted, a mail, a feedback report, XARF
    number("sender_kind"),  # a `SenderKind` of the reading: what the letter claims
    text("sender_name"),
    text("sender_email"),
    text("answer_to"),
    text("known_by"),  # `domain` of a known provider, `words` of the letter, or empty
    text("subject"),
    text("reference"),  # what the answer must carry
    text("also_named", "[]"),  # JSON: further references
    text("message_id"),
    text("language"),
    number("category"),
    text("concerns", "[]"),  # JSON
    text("bases", "[]"),  # JSON: laws that it names
    number("sent_at"),
    number("received_at"),
    number("deadline_at"),
    number("deadline_named"),
    text("deadline_words"),
    text("deadline_note"),
    number("urgent"),
    number("warned"),  # the last `Stage` that the desk was told of
    number("times", 1),  # how often it has come
    number("addresses_count"),
    number("unlinked_count"),  # addresses that a job still has to look up
    text("left_out", "[]"),  # JSON: what was not read
    text("faults", "[]"),  # JSON: what was wrong with its form
    text("same_key"),  # of the message id and who wrote it, or of the content
    text("digest"),
    number("answered_at"),
    number("closed_at"),
    text("closed_why"),
    Index("uq_notices_same_key", "same_key", unique=True),
    Index("ix_notices_digest", "digest"),
    Index("ix_notices_state_deadline_at_id", "state", "deadline_at", "id"),
    Index(
        "ix_notices_warned_deadline_at",
        "warned",
        "deadline_at",
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
)

notice_addresses = clustered(
    "notice_addresses",
    part("notice_id"),
    part("place"),  # in the order of the letter, from 0
    number("subject_kind"),  # 0: not ours
    number("subject_id"),  # 0: not known here
    number("account_id"),  # whose it is
    number("state"),  # an `AddressState`
    text("named"),  # as the reading names it
    text("url"),
    number("times", 1),  # how often the letter names it
    text("places", "[]"),  # JSON
    number("look_alike"),  # made to be taken for ours
    number("enclosed"),  # it stands only in a message that the letter shows
    number("report_id"),
    number("case_id"),
    number("gone_at"),  # since when it is gone, if that was seen
    Index("ix_notice_addresses_subject_id_subject_kind", "subject_id", "subject_kind"),
    Index("ix_notice_addresses_account_id", "account_id"),
    Index("ix_notice_addresses_case_id", "case_id"),
)

# What was received and sent, as it was.
notice_messages = table(
    "notice_messages",
    key(),
    number("notice_id"),
    number("direction"),  # 0 came, 1 goes out
    number("state"),  # 0 kept, 1 waits to be sent, 2 sent, 3 refused by the mail server
    number("actor_id"),  # who wrote it, or handed it in; 0: nobody of the team
    text("message_id"),
    text("mail_from"),
    text("mail_to"),
    text("subject"),
    text("body"),
    text("language"),
    blob("raw"),  # every byte
    text("failure"),
    number("created_at"),
    number("sent_at"),
    Index("ix_notice_messages_notice_id_id", "notice_id", "id"),
)
