"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


_SEARCH = {
    "sqlite": (
        """CREATE VIRTUAL TABLE post_search USING fts5(
            text, tokenize = "unicode61 remove_diacritics 2")""",
        """CREATE VIRTUAL TABLE account_search USING fts5(
            names, tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3')""",
        "INSERT INTO post_search (post_search, rank) VALUES ('secure-delete', 1)",
        "INSERT INTO account_search (account_search, rank) VALUES ('secure-delete', 1)",
    ),
    "postgresql": (
        "CREATE TABLE post_search (rowid BIGINT PRIMARY KEY, document TSVECTOR NOT NULL)",
        "CREATE INDEX ix_post_search_document ON post_search USING gin (document)",
        "CREATE TABLE account_search (rowid BIGINT PRIMARY KEY, document TSVECTOR NOT NULL)",
        # Hashtags by their beginnings, whatever the collation of the database is.
        "CREATE INDEX ix_tags_name_pattern ON tags (name text_pattern_ops)",
        "CREATE INDEX ix_account_search_document ON account_search USING gin (document)",
    ),
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "account_notes",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("target_id", Int, autoincrement=False, nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "target_id", name=op.f("pk_account_notes")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "accounts",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("username", sa.Text(), server_default="", nullable=False),
        sa.Column("username_key", sa.Text(), server_default="", nullable=False),
        sa.Column("domain", sa.Text(), server_default="", nullable=False),
        sa.Column("version", Int, server_default="1", nullable=False),
        sa.Column("state", Int, server_default="0", nullable=False),
        sa.Column("locked", Int, server_default="0", nullable=False),
        sa.Column("bot", Int, server_default="0", nullable=False),
        sa.Column("discoverable", Int, server_default="0", nullable=False),
        sa.Column("indexable", Int, server_default="0", nullable=False),
        sa.Column("hide_collections", Int, server_default="0", nullable=False),
        sa.Column("followers_count", Int, server_default="0", nullable=False),
        sa.Column("following_count", Int, server_default="0", nullable=False),
        sa.Column("statuses_count", Int, server_default="0", nullable=False),
        sa.Column("last_post_at", Int, server_default="0", nullable=False),
        sa.Column("merged_since", Int, server_default="0", nullable=False),
        sa.Column("created_at", Int, server_default="0", nullable=False),
        sa.Column("skeleton", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_accounts_discoverable_last_post_at",
        "accounts",
        ["discoverable", "last_post_at", "id"],
        unique=False,
    )
    op.create_index("ix_accounts_discoverable_id", "accounts", ["discoverable", "id"], unique=False)
    op.create_index("ix_accounts_merged_since", "accounts", ["merged_since"], unique=False)
    op.create_index("ix_accounts_skeleton", "accounts", ["skeleton"], unique=False)
    op.create_index(
        "uq_accounts_username_key_domain", "accounts", ["username_key", "domain"], unique=True
    )
    op.create_table(
        "blocks",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("target_id", Int, autoincrement=False, nullable=False),
        sa.Column("id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "target_id", name=op.f("pk_blocks")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_blocks_target_id", "blocks", ["target_id"], unique=False)
    op.create_table(
        "bookmarks",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("post_id", Int, autoincrement=False, nullable=False),
        sa.Column("id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "post_id", name=op.f("pk_bookmarks")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_bookmarks_account_id_id", "bookmarks", ["account_id", "id"], unique=False)
    op.create_index("ix_bookmarks_post_id", "bookmarks", ["post_id"], unique=False)
    op.create_table(
        "custom_emojis",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("shortcode", sa.Text(), server_default="", nullable=False),
        sa.Column("category", sa.Text(), server_default="", nullable=False),
        sa.Column("image_key", sa.Text(), server_default="", nullable=False),
        sa.Column("static_key", sa.Text(), server_default="", nullable=False),
        sa.Column("visible", Int, server_default="1", nullable=False),
        sa.Column("updated_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_emojis")),
        sqlite_strict=True,
    )
    op.create_index("uq_custom_emojis_shortcode", "custom_emojis", ["shortcode"], unique=True)
    op.create_table(
        "dead_jobs",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("payload", sa.Text(), server_default="", nullable=False),
        sa.Column("rank", Int, server_default="0", nullable=False),
        sa.Column("dedupe_key", sa.Text(), server_default="", nullable=False),
        sa.Column("group_key", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", Int, server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("died_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_jobs")),
        sqlite_strict=True,
    )
    op.create_index("ix_dead_jobs_died_at", "dead_jobs", ["died_at"], unique=False)
    op.create_table(
        "email_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("purpose", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_email_tokens")),
        sqlite_strict=True,
    )
    op.create_index("ix_email_tokens_account_id", "email_tokens", ["account_id"], unique=False)
    op.create_index("ix_email_tokens_expires_at", "email_tokens", ["expires_at"], unique=False)
    op.create_table(
        "favourites",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("post_id", Int, autoincrement=False, nullable=False),
        sa.Column("id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "post_id", name=op.f("pk_favourites")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_favourites_account_id_id", "favourites", ["account_id", "id"], unique=False)
    op.create_index("ix_favourites_post_id_id", "favourites", ["post_id", "id"], unique=False)
    op.create_table(
        "follow_requests",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("target_id", Int, autoincrement=False, nullable=False),
        sa.Column("id", Int, server_default="0", nullable=False),
        sa.Column("show_reblogs", Int, server_default="1", nullable=False),
        sa.Column("notify", Int, server_default="0", nullable=False),
        sa.Column("languages", sa.Text(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "target_id", name=op.f("pk_follow_requests")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_follow_requests_target_id_id", "follow_requests", ["target_id", "id"], unique=False
    )
    op.create_table(
        "follows",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("target_id", Int, autoincrement=False, nullable=False),
        sa.Column("id", Int, server_default="0", nullable=False),
        sa.Column("show_reblogs", Int, server_default="1", nullable=False),
        sa.Column("notify", Int, server_default="0", nullable=False),
        sa.Column("languages", sa.Text(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "target_id", name=op.f("pk_follows")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_follows_account_id_id", "follows", ["account_id", "id"], unique=False)
    op.create_index("ix_follows_target_id_id", "follows", ["target_id", "id"], unique=False)
    op.create_table(
        "home",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("post_id", Int, autoincrement=False, nullable=False),
        sa.Column("author_id", Int, server_default="0", nullable=False),
        sa.Column("reblog_of_id", Int, server_default="0", nullable=False),
        sa.Column("original_author_id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "post_id", name=op.f("pk_home")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_home_post_id", "home", ["post_id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("post_id", Int, server_default="0", nullable=False),
        sa.Column("expires_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_idempotency_keys_expires_at", "idempotency_keys", ["expires_at"], unique=False
    )
    op.create_index(
        "uq_idempotency_keys_account_id_key_hash",
        "idempotency_keys",
        ["account_id", "key_hash"],
        unique=True,
    )
    op.create_table(
        "instance_settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default="null", nullable=False),
        sa.Column("updated_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_instance_settings")),
        sqlite_strict=True,
    )
    op.create_table(
        "invites",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("created_by", Int, server_default="0", nullable=False),
        sa.Column("max_uses", Int, server_default="0", nullable=False),
        sa.Column("uses", Int, server_default="0", nullable=False),
        sa.Column("expires_at", Int, server_default="0", nullable=False),
        sa.Column("revoked_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
        sqlite_strict=True,
    )
    op.create_index("ix_invites_created_by", "invites", ["created_by"], unique=False)
    op.create_index("uq_invites_code", "invites", ["code"], unique=True)
    op.create_table(
        "jobs",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("payload", sa.Text(), server_default="", nullable=False),
        sa.Column("run_at", Int, server_default="0", nullable=False),
        sa.Column("rank", Int, server_default="0", nullable=False),
        sa.Column("dedupe_key", sa.Text(), server_default="", nullable=False),
        sa.Column("group_key", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", Int, server_default="0", nullable=False),
        sa.Column("losses", Int, server_default="0", nullable=False),
        sa.Column("lease", Int, server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_jobs_group_key_id",
        "jobs",
        ["group_key", "id"],
        unique=False,
        sqlite_where=sa.text("group_key <> ''"),
        postgresql_where=sa.text("group_key <> ''"),
    )
    op.create_index("ix_jobs_rank_run_at", "jobs", ["rank", "run_at"], unique=False)
    op.create_index("ix_jobs_run_at", "jobs", ["run_at"], unique=False)
    op.create_index(
        "uq_jobs_kind_dedupe_key",
        "jobs",
        ["kind", "dedupe_key"],
        unique=True,
        sqlite_where=sa.text("dedupe_key <> '' AND lease = 0"),
        postgresql_where=sa.text("dedupe_key <> '' AND lease = 0"),
    )
    op.create_table(
        "markers",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("timeline", sa.Text(), server_default="", nullable=False),
        sa.Column("last_read_id", Int, server_default="0", nullable=False),
        sa.Column("version", Int, server_default="0", nullable=False),
        sa.Column("updated_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_markers")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_markers_account_id_timeline", "markers", ["account_id", "timeline"], unique=True
    )
    op.create_table(
        "media",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("post_id", Int, server_default="0", nullable=False),
        sa.Column("position", Int, server_default="0", nullable=False),
        sa.Column("kind", sa.Text(), server_default="image", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("blob_key", sa.Text(), server_default="", nullable=False),
        sa.Column("preview_key", sa.Text(), server_default="", nullable=False),
        sa.Column("mime", sa.Text(), server_default="", nullable=False),
        sa.Column("preview_mime", sa.Text(), server_default="", nullable=False),
        sa.Column("width", Int, server_default="0", nullable=False),
        sa.Column("height", Int, server_default="0", nullable=False),
        sa.Column("preview_width", Int, server_default="0", nullable=False),
        sa.Column("preview_height", Int, server_default="0", nullable=False),
        sa.Column("size", Int, server_default="0", nullable=False),
        sa.Column("focus_x", Int, server_default="0", nullable=False),
        sa.Column("focus_y", Int, server_default="0", nullable=False),
        sa.Column("blurhash", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sqlite_strict=True,
    )
    op.create_index("ix_media_account_id_id", "media", ["account_id", "id"], unique=False)
    op.create_index("ix_media_post_id_position", "media", ["post_id", "position"], unique=False)
    op.create_table(
        "mutes",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("target_id", Int, autoincrement=False, nullable=False),
        sa.Column("id", Int, server_default="0", nullable=False),
        sa.Column("notifications", Int, server_default="1", nullable=False),
        sa.Column("expires_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "target_id", name=op.f("pk_mutes")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notifications",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("from_account_id", Int, server_default="0", nullable=False),
        sa.Column("post_id", Int, server_default="0", nullable=False),
        sa.Column("group_key", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_notifications_account_id_id", "notifications", ["account_id", "id"], unique=False
    )
    op.create_index(
        "ix_notifications_from_account_id", "notifications", ["from_account_id"], unique=False
    )
    op.create_index("ix_notifications_post_id", "notifications", ["post_id"], unique=False)
    op.create_table(
        "oauth_apps",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("client_id", sa.Text(), server_default="", nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("website", sa.Text(), server_default="", nullable=False),
        sa.Column("redirect_uris", sa.Text(), server_default="[]", nullable=False),
        sa.Column("scopes", sa.Text(), server_default="read", nullable=False),
        sa.Column("created_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_apps")),
        sqlite_strict=True,
    )
    op.create_index("uq_oauth_apps_client_id", "oauth_apps", ["client_id"], unique=True)
    op.create_table(
        "oauth_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("app_id", Int, server_default="0", nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("scopes", sa.Text(), server_default="", nullable=False),
        sa.Column("redirect_uri", sa.Text(), server_default="", nullable=False),
        sa.Column("challenge", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_oauth_codes")),
        sqlite_strict=True,
    )
    op.create_index("ix_oauth_codes_account_id", "oauth_codes", ["account_id"], unique=False)
    op.create_index("ix_oauth_codes_expires_at", "oauth_codes", ["expires_at"], unique=False)
    op.create_table(
        "oauth_tokens",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("app_id", Int, server_default="0", nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("scopes", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", Int, server_default="0", nullable=False),
        sa.Column("last_used_day", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_tokens")),
        sqlite_strict=True,
    )
    op.create_index("ix_oauth_tokens_account_id", "oauth_tokens", ["account_id"], unique=False)
    op.create_index("ix_oauth_tokens_app_id", "oauth_tokens", ["app_id"], unique=False)
    op.create_index("uq_oauth_tokens_token_hash", "oauth_tokens", ["token_hash"], unique=True)
    op.create_table(
        "pins",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("post_id", Int, autoincrement=False, nullable=False),
        sa.Column("id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "post_id", name=op.f("pk_pins")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_pins_post_id", "pins", ["post_id"], unique=False)
    op.create_table(
        "post_edits",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("post_id", Int, server_default="0", nullable=False),
        sa.Column("html", sa.Text(), server_default="", nullable=False),
        sa.Column("spoiler_text", sa.Text(), server_default="", nullable=False),
        sa.Column("sensitive", Int, server_default="0", nullable=False),
        sa.Column("media", sa.Text(), server_default="[]", nullable=False),
        sa.Column("created_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_edits")),
        sqlite_strict=True,
    )
    op.create_index("ix_post_edits_post_id_id", "post_edits", ["post_id", "id"], unique=False)
    op.create_table(
        "post_mentions",
        sa.Column("post_id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("position", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("post_id", "account_id", name=op.f("pk_post_mentions")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_post_mentions_account_id_post_id",
        "post_mentions",
        ["account_id", "post_id"],
        unique=False,
    )
    op.create_table(
        "post_tags",
        sa.Column("tag_id", Int, autoincrement=False, nullable=False),
        sa.Column("post_id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tag_id", "post_id", name=op.f("pk_post_tags")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_post_tags_post_id", "post_tags", ["post_id"], unique=False)
    op.create_table(
        "post_texts",
        sa.Column("post_id", Int, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("html", sa.Text(), server_default="", nullable=False),
        sa.Column("spoiler_text", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("app_id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_texts")),
        sqlite_strict=True,
    )
    op.create_table(
        "posts",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("visibility", Int, server_default="0", nullable=False),
        sa.Column("version", Int, server_default="1", nullable=False),
        sa.Column("in_reply_to_id", Int, server_default="0", nullable=False),
        sa.Column("in_reply_to_account_id", Int, server_default="0", nullable=False),
        sa.Column("thread_id", Int, server_default="0", nullable=False),
        sa.Column("depth", Int, server_default="0", nullable=False),
        sa.Column("reblog_of_id", Int, server_default="0", nullable=False),
        sa.Column("sensitive", Int, server_default="0", nullable=False),
        sa.Column("media_count", Int, server_default="0", nullable=False),
        sa.Column("replies_count", Int, server_default="0", nullable=False),
        sa.Column("reblogs_count", Int, server_default="0", nullable=False),
        sa.Column("favourites_count", Int, server_default="0", nullable=False),
        sa.Column("edited_at", Int, server_default="0", nullable=False),
        sa.Column("created_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sqlite_strict=True,
    )
    op.create_index("ix_posts_account_id_id", "posts", ["account_id", "id"], unique=False)
    op.create_index("ix_posts_in_reply_to_id_id", "posts", ["in_reply_to_id", "id"], unique=False)
    op.create_index(
        "ix_posts_reblog_of_id_account_id", "posts", ["reblog_of_id", "account_id"], unique=False
    )
    op.create_index("ix_posts_thread_id_id", "posts", ["thread_id", "id"], unique=False)
    op.create_table(
        "profiles",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("display_name", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("note_html", sa.Text(), server_default="", nullable=False),
        sa.Column("fields", sa.Text(), server_default="[]", nullable=False),
        sa.Column("avatar_key", sa.Text(), server_default="", nullable=False),
        sa.Column("avatar_static_key", sa.Text(), server_default="", nullable=False),
        sa.Column("avatar_description", sa.Text(), server_default="", nullable=False),
        sa.Column("header_key", sa.Text(), server_default="", nullable=False),
        sa.Column("header_static_key", sa.Text(), server_default="", nullable=False),
        sa.Column("header_description", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_profiles")),
        sqlite_strict=True,
    )
    op.create_table(
        "public_posts",
        sa.Column("post_id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("local", Int, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_public_posts")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sqlite_strict=True,
    )
    op.create_index("ix_recovery_codes_account_id", "recovery_codes", ["account_id"], unique=False)
    op.create_table(
        "reserved_names",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("skeleton", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserved_names")),
        sqlite_strict=True,
    )
    op.create_index("uq_reserved_names_skeleton", "reserved_names", ["skeleton"], unique=True)
    op.create_table(
        "rules",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("position", Int, server_default="0", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("hint", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
        sqlite_strict=True,
    )
    op.create_table(
        "schedules",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_schedules")),
        sqlite_strict=True,
    )
    op.create_table(
        "sessions",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("created_at", Int, server_default="0", nullable=False),
        sa.Column("last_seen_at", Int, server_default="0", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("user_agent", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sqlite_strict=True,
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"], unique=False)
    op.create_index("uq_sessions_token_hash", "sessions", ["token_hash"], unique=True)
    op.create_table(
        "tags",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("display_name", sa.Text(), server_default="", nullable=False),
        sa.Column("last_post_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sqlite_strict=True,
    )
    op.create_index("uq_tags_name", "tags", ["name"], unique=True)
    op.create_table(
        "terms",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("changelog", sa.Text(), server_default="", nullable=False),
        sa.Column("effective_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sqlite_strict=True,
    )
    op.create_table(
        "thread_mutes",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("thread_id", Int, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "thread_id", name=op.f("pk_thread_mutes")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "users",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("email_key", sa.Text(), server_default="", nullable=False),
        sa.Column("password_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("role", Int, server_default="0", nullable=False),
        sa.Column("confirmed_at", Int, server_default="0", nullable=False),
        sa.Column("approved_at", Int, server_default="0", nullable=False),
        sa.Column("disabled_at", Int, server_default="0", nullable=False),
        sa.Column("sign_up_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("invite_id", Int, server_default="0", nullable=False),
        sa.Column("terms_version", Int, server_default="0", nullable=False),
        sa.Column("locale", sa.Text(), server_default="en", nullable=False),
        sa.Column("default_visibility", sa.Text(), server_default="public", nullable=False),
        sa.Column("default_sensitive", Int, server_default="0", nullable=False),
        sa.Column("default_language", sa.Text(), server_default="", nullable=False),
        sa.Column("default_quote_policy", sa.Text(), server_default="public", nullable=False),
        sa.Column("preferences", sa.Text(), server_default="{}", nullable=False),
        sa.Column("last_seen_day", Int, server_default="0", nullable=False),
        sa.Column("home_built_at", Int, server_default="0", nullable=False),
        sa.Column("totp_secret", sa.Text(), server_default="", nullable=False),
        sa.Column("totp_last_step", Int, server_default="0", nullable=False),
        sa.Column("totp_pending", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_users")),
        sqlite_strict=True,
    )
    op.create_index("ix_users_last_seen_day", "users", ["last_seen_day"], unique=False)
    op.create_index("uq_users_email_key", "users", ["email_key"], unique=True)

    op.create_index("ix_account_notes_target_id", "account_notes", ["target_id"], unique=False)
    op.create_index(
        "ix_follows_notifying",
        "follows",
        ["target_id"],
        unique=False,
        sqlite_where=sa.text("notify = 1"),
        postgresql_where=sa.text("notify = 1"),
    )
    op.create_index("ix_mutes_target_id", "mutes", ["target_id"], unique=False)
    op.create_index("ix_mutes_expires_at", "mutes", ["expires_at"], unique=False)
    op.create_index(
        "uq_notifications_what",
        "notifications",
        ["account_id", "from_account_id", "kind", "post_id"],
        unique=True,
    )

    # Full-text indexes are each database's own.
    for statement in _SEARCH[op.get_context().dialect.name]:
        op.execute(statement)
