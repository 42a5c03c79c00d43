"""The inbox: direct posts, gathered for each member by thread and by who takes part."""

from sqlalchemy import Index

from rostra.store.tables.base import clustered, key, number, part, table

conversations = table(
    "conversations",
    key(),
    number("account_id"),  # whose inbox it stands in
    number("thread_id"),
    number("circle"),  # a digest of who else takes part
    number("last_post_id"),
    number("unread"),
    Index(
        "uq_conversations_account_id_thread_id_circle",
        "account_id",
        "thread_id",
        "circle",
        unique=True,
    ),
    Index("ix_conversations_account_id_last_post_id", "account_id", "last_post_id"),
)

conversation_members = clustered(
    "conversation_members",
    part("conversation_id"),
    part("account_id"),
    Index("ix_conversation_members_account_id", "account_id"),
)

conversation_posts = clustered(
    "conversation_posts",
    part("conversation_id"),
    part("post_id"),
    number("account_id"),  # whose inbox the conversation stands in
    Index("ix_conversation_posts_post_id", "post_id"),
    Index("ix_conversation_posts_account_id_post_id", "account_id", "post_id"),
)
