"""Rules for old posts."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nobody has one."""
    op.create_table(
        "cleanup_rules",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("active", Int, server_default="0", nullable=False),
        sa.Column("min_age_days", Int, server_default="14", nullable=False),
        sa.Column("keep_direct", Int, server_default="1", nullable=False),
        sa.Column("keep_pinned", Int, server_default="1", nullable=False),
        sa.Column("keep_polls", Int, server_default="0", nullable=False),
        sa.Column("keep_media", Int, server_default="0", nullable=False),
        sa.Column("keep_favourited", Int, server_default="1", nullable=False),
        sa.Column("keep_bookmarked", Int, server_default="1", nullable=False),
        sa.Column("min_favourites", Int, server_default="0", nullable=False),
        sa.Column("min_reblogs", Int, server_default="0", nullable=False),
        sa.Column("looked_at_id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_cleanup_rules")),
        sqlite_strict=True,
    )
    op.create_index("ix_cleanup_rules_active", "cleanup_rules", ["active", "account_id"])
