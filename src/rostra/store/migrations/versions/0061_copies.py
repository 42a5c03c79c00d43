"""copies."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, Int, server_default="0", nullable=False)


def _part(name: str) -> "sa.Column[int]":
    return sa.Column(name, Int, autoincrement=False, nullable=False)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "copy_texts",
        _part("id"),
        _number("category"),
        _number("count"),
        sa.Column("bins", sa.LargeBinary(), nullable=False),
        _number("last_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_texts")),
        sqlite_strict=True,
    )
    op.create_index("ix_copy_texts_last_at", "copy_texts", ["last_at"])
    op.create_table(
        "copy_keys",
        _part("key"),
        _part("text_id"),
        sa.PrimaryKeyConstraint("key", "text_id", name=op.f("pk_copy_keys")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_copy_keys_text_id", "copy_keys", ["text_id"])
    op.create_table(
        "copy_posts",
        _part("decision_id"),
        _part("post_id"),
        _number("text_id"),
        sa.PrimaryKeyConstraint("decision_id", "post_id", name=op.f("pk_copy_posts")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_copy_posts_text_id", "copy_posts", ["text_id"])
