"""Apps, tokens, sessions and what confirms who somebody is. Only hashes of secrets are kept."""

from sqlalchemy import Column, Index, LargeBinary
from sqlalchemy import text as text_clause

from rostra.store.tables.base import blob, key, number, table, text

_UNUSED = text_clause("used_at = 0")

oauth_apps = table(
    "oauth_apps",
    key(),
    text("client_id"),
    blob("secret_hash"),
    text("name"),
    text("website"),
    text("redirect_uris", "[]"),  # JSON
    text("scopes", "read"),
    number("created_at"),
    number("used_at"),  # when a member first let it in; 0: none has
    Index("uq_oauth_apps_client_id", "client_id", unique=True),
    Index("ix_oauth_apps_unused", "created_at", sqlite_where=_UNUSED, postgresql_where=_UNUSED),
)

oauth_codes = table(
    "oauth_codes",
    Column("code_hash", LargeBinary, primary_key=True),
    number("app_id"),
    number("account_id"),
    text("scopes"),
    text("redirect_uri"),
    text("challenge"),
    number("expires_at"),
    Index("ix_oauth_codes_expires_at", "expires_at"),
    Index("ix_oauth_codes_account_id", "account_id"),
)

oauth_tokens = table(
    "oauth_tokens",
    key(),
    blob("token_hash"),
    number("app_id"),
    number("account_id"),  # 0: the app itself
    text("scopes"),
    number("created_at"),
    number("last_used_day"),
    Index("uq_oauth_tokens_token_hash", "token_hash", unique=True),
    Index("ix_oauth_tokens_account_id", "account_id"),
    Index("ix_oauth_tokens_app_id", "app_id"),
)

sessions = table(
    "sessions",
    key(),
    blob("token_hash"),
    number("account_id"),
    number("created_at"),
    number("last_seen_at"),
    text("address"),
    text("user_agent"),
    Index("uq_sessions_token_hash", "token_hash", unique=True),
    Index("ix_sessions_account_id", "account_id"),
)

recovery_codes = table(
    "recovery_codes",
    key(),
    number("account_id"),
    blob("code_hash"),
    Index("ix_recovery_codes_account_id", "account_id"),
)

# Confirm an address, reset a password, change an address: one secret each, used once.
email_tokens = table(
    "email_tokens",
    Column("token_hash", LargeBinary, primary_key=True),
    number("account_id"),
    text("purpose"),  # confirm | reset | change
    text("email"),
    number("expires_at"),
    Index("ix_email_tokens_account_id", "account_id"),
    Index("ix_email_tokens_expires_at", "expires_at"),
)

markers = table(
    "markers",
    key(),
    number("account_id"),
    text("timeline"),  # home | notifications
    number("last_read_id"),
    number("version"),
    number("updated_at"),
    Index("uq_markers_account_id_timeline", "account_id", "timeline", unique=True),
)

passkeys = table(
    "passkeys",
    key(),
    number("account_id"),
    blob("credential_id"),
    blob("public_key"),  # COSE
    number("sign_count"),
    text("name"),
    text("transports", "[]"),  # JSON, as the browser told
    number("backed_up"),  # 1: the maker of the device keeps a copy
    number("created_at"),
    number("last_used_at"),
    Index("uq_passkeys_credential_id", "credential_id", unique=True),
    Index("ix_passkeys_account_id_id", "account_id", "id"),
)

# What a passkey is asked to sign: once, within minutes, in the browser that asked.
passkey_challenges = table(
    "passkey_challenges",
    Column("challenge_hash", LargeBinary, primary_key=True),
    number("account_id"),  # 0: whoever it will be
    text("purpose"),  # register | enter | step
    blob("browser_hash"),
    number("expires_at"),
    Index("ix_passkey_challenges_account_id", "account_id"),
    Index("ix_passkey_challenges_expires_at", "expires_at"),
)
