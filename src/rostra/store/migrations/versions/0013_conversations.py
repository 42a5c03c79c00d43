"""Conversations; those of direct posts that are there already begin with the next answer."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _part(name: str) -> sa.Column[int]:
    return sa.Column(name, Int, autoincrement=False, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, Int, server_default="0", nullable=False)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "conversations",
        _part("id"),
        *(
            _number(name)
            for name in ("account_id", "thread_id", "circle", "last_post_id", "unread")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_conversations_account_id_thread_id_circle",
        "conversations",
        ["account_id", "thread_id", "circle"],
        unique=True,
    )
    op.create_index(
        "ix_conversations_account_id_last_post_id", "conversations", ["account_id", "last_post_id"]
    )
    op.create_table(
        "conversation_members",
        _part("conversation_id"),
        _part("account_id"),
        sa.PrimaryKeyConstraint(
            "conversation_id", "account_id", name=op.f("pk_conversation_members")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_conversation_members_account_id", "conversation_members", ["account_id"])
    op.create_table(
        "conversation_posts",
        _part("conversation_id"),
        _part("post_id"),
        _number("account_id"),
        sa.PrimaryKeyConstraint("conversation_id", "post_id", name=op.f("pk_conversation_posts")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_conversation_posts_post_id", "conversation_posts", ["post_id"])
    op.create_index(
        "ix_conversation_posts_account_id_post_id", "conversation_posts", ["account_id", "post_id"]
    )
