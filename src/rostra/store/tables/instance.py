"""What the operator decides at run time: settings, rules, terms, emoji, invites."""

from sqlalchemy import Column, Index, Text

from rostra.store.tables.base import clustered, key, number, part, table, text

instance_settings = table(
    "instance_settings",
    Column("name", Text, primary_key=True),
    text("value", "null"),  # JSON
    number("updated_at"),
)

rules = table("rules", key(), number("position"), text("text"), text("hint"))

rule_translations = clustered(
    "rule_translations",
    part("rule_id"),
    Column("language", Text, primary_key=True),
    text("text"),
    text("hint"),
)

# A version is an id; the newest one whose effective_at has come is in force.
terms = table(
    "terms",
    key(),
    text("text"),
    text("changelog"),
    number("effective_at"),
    number("consent", 1),  # 0: only its wording is new, and nobody is asked again
)

custom_emojis = table(
    "custom_emojis",
    key(),
    text("shortcode"),
    text("category"),
    text("image_key"),
    text("static_key"),
    number("visible", 1),
    number("updated_at"),
    Index("uq_custom_emojis_shortcode", "shortcode", unique=True),
)

invites = table(
    "invites",
    key(),
    text("code"),
    number("created_by"),
    number("max_uses"),  # 0: no limit
    number("uses"),
    number("expires_at"),  # 0: never
    number("revoked_at"),
    Index("uq_invites_code", "code", unique=True),
    Index("ix_invites_created_by", "created_by"),
)
