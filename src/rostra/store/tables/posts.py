"""Posts (narrow: what lists need), their texts, and everything that hangs on a post."""

from sqlalchemy import Column, Index, Text
from sqlalchemy import text as sql

from rostra.store.tables.base import blob, clustered, key, number, part, table, text

_WITH_MEDIA = sql("media_count > 0")

posts = table(
    "posts",
    key(),
    number("account_id"),
    # 0 public, 1 unlisted, 2 followers, 3 direct, 4 waits for an approval, 5 refused, 6 held by
    # a decision, 7 removed by one
    number("visibility"),
    number("version", 1),  # rises with every change of what others see, counts left out
    number("in_reply_to_id"),
    number("in_reply_to_account_id"),
    number("thread_id"),  # the id of the first post of the thread (its own for a first post)
    number("depth"),  # how many replies lie above it
    number("reblog_of_id"),  # 0: a post of its own
    number("sensitive"),
    number("media_count"),
    number("poll"),  # 1: it asks something, see polls
    number("replies_count"),
    number("reblogs_count"),
    number("favourites_count"),
    number("quotes_count"),
    number("quote"),  # 1: it quotes another, see quotes
    number("quote_policy"),  # who may quote it: 0 anybody, 1 followers, 2 its author, 3 nobody
    number("interaction_policy"),  # who may answer, favourite, reblog it; 0: whoever sees it
    number("edited_at"),
    number("created_at"),
    number("limits"),  # what decisions have done to it, and what it was before: see posts.limits
    Index("ix_posts_account_id_id", "account_id", "id"),
    Index("ix_posts_thread_id_id", "thread_id", "id"),
    Index("ix_posts_in_reply_to_id_id", "in_reply_to_id", "id"),
    Index("ix_posts_reblog_of_id_account_id", "reblog_of_id", "account_id"),
    Index(
        "ix_posts_with_media",
        "visibility",
        "id",
        sqlite_where=_WITH_MEDIA,
        postgresql_where=_WITH_MEDIA,
    ),
    Index(
        "ix_posts_account_with_media",
        "account_id",
        "id",
        sqlite_where=_WITH_MEDIA,
        postgresql_where=_WITH_MEDIA,
    ),
)

# The public timelines: public posts that are neither reblogs nor replies to somebody else.
public_posts = clustered("public_posts", part("post_id"), number("account_id"), number("local", 1))

post_texts = table(
    "post_texts",
    key("post_id"),
    text("text"),  # as written
    text("html"),
    text("spoiler_text"),
    text("language"),
    number("app_id"),
)

# Posts that a member has brought in from an archive: what each was called there, as a hash.
post_origins = clustered(
    "post_origins",
    part("account_id"),
    Column("origin", Text, primary_key=True),
    number("post_id"),  # 0: it is gone
    number("gone"),  # 1: it was deleted here since
    Index("ix_post_origins_post_id", "post_id"),
)

# What a decision has written beside a post.
post_labels = table("post_labels", key("post_id"), text("label"))

# The surfaces (`web`, or the id of an app) on which a decision hides a post.
hidden_on = clustered("hidden_on", part("post_id"), Column("surface", Text, primary_key=True))

quotes = table(
    "quotes",
    key("post_id"),  # the post that quotes
    number("account_id"),
    number("quoted_id"),  # 0: deleted since
    number("quoted_account_id"),
    number("state"),  # 0 accepted, 1 revoked, 2 deleted
    Index("ix_quotes_quoted_id_post_id", "quoted_id", "post_id"),
)

post_mentions = clustered(
    "post_mentions",
    part("post_id"),
    part("account_id"),
    number("position"),
    Index("ix_post_mentions_account_id_post_id", "account_id", "post_id"),
)

tags = table(
    "tags",
    key(),
    text("name"),  # folded: what is looked up
    text("display_name"),  # as first written
    number("last_post_at"),
    Index("uq_tags_name", "name", unique=True),
)

post_tags = clustered(
    "post_tags",
    part("tag_id"),
    part("post_id"),
    number("account_id"),
    number("visibility"),  # of the post
    Index("ix_post_tags_post_id", "post_id"),
    Index(
        "ix_post_tags_account_id_tag_id_visibility_post_id",
        "account_id",
        "tag_id",
        "visibility",
        "post_id",
    ),
)

post_edits = table(
    "post_edits",
    key(),
    number("post_id"),
    text("html"),
    text("spoiler_text"),
    number("sensitive"),
    text("media", "[]"),  # JSON: ids and descriptions as they were
    text("poll"),  # JSON: what could be chosen then; empty: nothing
    number("created_at"),
    Index("ix_post_edits_post_id_id", "post_id", "id"),
)

favourites = clustered(
    "favourites",
    part("account_id"),
    part("post_id"),
    number("id"),
    number("pending"),  # 1: the author is asked; not counted and seen by nobody else until then
    Index("ix_favourites_post_id_id", "post_id", "id"),
    Index("ix_favourites_account_id_id", "account_id", "id"),
)

# What members want to do with a post whose author wants to be asked, and what became of it.
interaction_requests = table(
    "interaction_requests",
    key(),
    number("post_id"),
    number("owner_id"),  # the author of the post, who is asked
    number("account_id"),  # who asks
    number("kind"),  # 0 a favourite, 1 a reply, 2 a reblog
    number("subject_id"),  # the reply or the reblog that waits; 0: a favourite
    number("visibility"),  # that the reply or the reblog is to have
    number("state"),  # 0 open, 1 accepted, 2 rejected
    number("decided_at"),  # 0: open
    Index("ix_interaction_requests_owner_id_state_id", "owner_id", "state", "id"),
    Index("ix_interaction_requests_post_id_account_id", "post_id", "account_id"),
    Index("ix_interaction_requests_account_id_owner_id", "account_id", "owner_id"),
    Index("ix_interaction_requests_subject_id", "subject_id"),
    Index("ix_interaction_requests_decided_at", "decided_at"),
)

bookmarks = clustered(
    "bookmarks",
    part("account_id"),
    part("post_id"),
    number("id"),
    Index("ix_bookmarks_post_id", "post_id"),
    Index("ix_bookmarks_account_id_id", "account_id", "id"),
)

pins = clustered(
    "pins", part("account_id"), part("post_id"), number("id"), Index("ix_pins_post_id", "post_id")
)

thread_mutes = clustered("thread_mutes", part("account_id"), part("thread_id"))

idempotency_keys = table(
    "idempotency_keys",
    key(),
    number("account_id"),
    blob("key_hash"),
    number("post_id"),
    number("expires_at"),
    Index("uq_idempotency_keys_account_id_key_hash", "account_id", "key_hash", unique=True),
    Index("ix_idempotency_keys_expires_at", "expires_at"),
)

# Posts that are to be published later.
scheduled_posts = table(
    "scheduled_posts",
    key(),
    number("account_id"),
    number("due_at"),
    text("draft"),  # JSON
    text("failure"),  # why it could not be posted; empty: it waits
    Index("ix_scheduled_posts_account_id_id", "account_id", "id"),
    Index("ix_scheduled_posts_account_id_due_at", "account_id", "due_at"),
)

media = table(
    "media",
    key(),
    number("account_id"),
    number("post_id"),  # 0: not attached yet
    number("scheduled_id"),  # the scheduled post that will take it; 0: none
    number("position"),
    text("kind", "image"),  # image, gifv, video, audio
    number("state"),  # 0 ready, 1 waits to be converted, 2 could not be converted
    text("failure"),  # why, where it could not
    text("upload_key"),  # what was sent, until it is converted
    text("container"),  # how to read that
    text("description"),
    text("blob_key"),
    text("preview_key"),
    text("mime"),
    text("preview_mime"),
    number("width"),
    number("height"),
    number("preview_width"),
    number("preview_height"),
    number("size"),  # bytes of all variants
    number("focus_x"),  # thousandths, -1000 to 1000
    number("focus_y"),
    text("blurhash"),
    number("duration_ms"),
    text("frame_rate"),  # a fraction
    number("bitrate"),
    number("audio_rate"),  # samples a second; 0: no sound
    number("audio_channels"),
    number("created_at"),
    number("limits"),  # 1: withheld by a decision
    text("look"),  # PDQ in hexadecimal, of pictures that can be told by it
    text("digest"),  # SHA-256 of what was sent, in hexadecimal
    text("cover_look"),  # the same two of a picture that a member let stand for the file
    text("cover_digest"),
    Index("ix_media_post_id_position", "post_id", "position"),
    Index("ix_media_scheduled_id", "scheduled_id"),
    Index("ix_media_account_id_id", "account_id", "id"),
    # A letter names a file by its address.
    Index("ix_media_blob_key", "blob_key"),
    Index("ix_media_preview_key", "preview_key"),
)
