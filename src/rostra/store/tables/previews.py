"""Previews of links: one for each address, shown by every post that names it."""

from sqlalchemy import Column, Index, Text

from rostra.store.tables.base import clustered, key, number, part, table, text

cards = table(
    "cards",
    key(),
    text("address"),  # normalised: what is looked up
    number("owner_id"),  # the author of the followers-only posts that share it; 0: all others
    number("state"),  # 0 waits, 1 can be shown, 2 nothing to show
    text("url"),  # where it led in the end
    text("kind", "link"),  # link, photo, video, rich
    text("title"),
    text("description"),
    text("language"),
    text("author_name"),
    text("author_url"),
    number("author_account_id"),  # the member who wrote it, and says so; 0: nobody here
    text("provider_name"),
    text("provider_url"),
    text("frame_url"),  # what may be shown in a frame; empty: nothing
    number("width"),  # of the frame, or of the picture
    number("height"),
    text("image_key"),
    text("image_description"),
    text("blurhash"),
    number("published_at"),
    number("fetched_at"),
    number("created_at"),
    Index("uq_cards_address_owner_id", "address", "owner_id", unique=True),
    Index("ix_cards_author_account_id", "author_account_id", "id"),
)

# How often a domain was called within its latest minute.
called_domains = table(
    "called_domains",
    Column("domain", Text, primary_key=True),
    number("minute"),
    number("calls"),
    Index("ix_called_domains_minute", "minute"),
)

post_cards = clustered(
    "post_cards",
    part("post_id"),
    number("card_id"),
    Index("ix_post_cards_card_id_post_id", "card_id", "post_id"),
)
