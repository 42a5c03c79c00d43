"""Accounts (the public face, narrow), profiles (its long texts) and users (who signs in)."""

from sqlalchemy import Index

from rostra.store.tables.base import clustered, key, number, part, table, text

accounts = table(
    "accounts",
    key(),
    text("username"),
    text("username_key"),  # lower case
    text("domain"),  # empty: local
    number("version", 1),  # rises with every change of what others see, counts left out
    number("state"),  # 0 active, 1 pending, 2 suspended, 3 disabled, 4 leaving
    number("locked"),
    number("bot"),
    number("discoverable"),
    number("indexable"),
    number("hide_collections"),
    number("followers_count"),
    number("following_count"),
    number("statuses_count"),
    number("last_post_at"),
    # 0: posts are written into homes; else UTC ms from which homes merge them.
    number("merged_since"),
    number("created_at"),
    text("skeleton"),  # look-alike key of a local name
    number("limits"),  # what decisions have done to it, and what it was before: accounts.limits
    number("deletes_at"),  # when a suspended account is deleted (UTC ms); 0: never
    Index("uq_accounts_username_key_domain", "username_key", "domain", unique=True),
    Index("ix_accounts_skeleton", "skeleton"),
    Index("ix_accounts_merged_since", "merged_since"),
    Index("ix_accounts_discoverable_last_post_at", "discoverable", "last_post_at", "id"),
    Index("ix_accounts_discoverable_id", "discoverable", "id"),
)

profiles = table(
    "profiles",
    key("account_id"),
    text("display_name"),
    text("note"),  # as written
    text("note_html"),
    text("fields", "[]"),  # JSON: [{name, value, html, verified_at}]
    text("avatar_key"),  # blob key; empty: none
    text("avatar_static_key"),
    text("avatar_description"),
    text("header_key"),
    text("header_static_key"),
    text("header_description"),
    text("attribution_domains", "[]"),  # JSON: the sites that may name them as an author
    # A letter names a picture by its address.
    Index("ix_profiles_avatar_key", "avatar_key"),
    Index("ix_profiles_header_key", "header_key"),
)

# Parts of profiles that a decision has blanked, as they were: what is put back one day.
withheld_profiles = table(
    "withheld_profiles",
    key("account_id"),
    text("kept", "{}"),  # JSON: the columns of `profiles` by name
)

# How often somebody may post whom a decision has slowed down, and what they have posted of that.
slowed_accounts = table(
    "slowed_accounts",
    key("account_id"),
    number("posts"),
    number("per_ms"),  # so many posts within that time
    number("ends_at"),  # UTC ms; 0: it holds until it is taken back
    number("began_at"),  # when the present span of `per_ms` began (UTC ms)
    number("posted"),  # within it
)

users = table(
    "users",
    key("account_id"),
    text("email"),
    text("email_key"),
    text("password_hash"),
    number("role"),  # 0 member, 1 moderator, 2 admin, 3 owner
    number("duties"),  # bits of what somebody is trusted with beside that
    number("confirmed_at"),
    number("approved_at"),
    number("disabled_at"),
    number("leaves_at"),  # when the account is deleted; 0: its member stays
    text("sign_up_reason"),
    number("invite_id"),
    number("terms_version"),
    text("locale", "en"),
    text("default_visibility", "public"),
    number("default_sensitive"),
    text("default_language"),
    text("default_quote_policy", "public"),
    text("default_interaction_policies"),  # JSON: four packed ones by visibility; empty: none
    text("preferences", "{}"),  # JSON
    number("last_seen_day"),  # UTC day number
    number("followed_tags"),  # how many hashtags they follow
    number("home_built_at"),  # UTC ms; -1: away so long that their home must be built anew
    text("totp_secret"),  # empty: no second factor
    number("totp_last_step"),  # the last time step that was used: a code works once
    text("totp_pending"),
    number("created_at"),
    number("filters_version"),  # another number after every change of their filters; 0: none
    Index("uq_users_email_key", "email_key", unique=True),
    Index("ix_users_last_seen_day", "last_seen_day"),
    Index("ix_users_invite_id", "invite_id"),
)

# Look-alikes and names of deleted accounts that nobody may take.
reserved_names = table(
    "reserved_names",
    key(),
    text("skeleton"),
    text("reason"),
    Index("uq_reserved_names_skeleton", "skeleton", unique=True),
)

account_notes = clustered(
    "account_notes",
    part("account_id"),
    part("target_id"),
    text("comment"),
    Index("ix_account_notes_target_id", "target_id"),
)
