"""The filters."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "filter_keywords",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("filter_id", Int, server_default="0", nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("keyword", sa.Text(), server_default="", nullable=False),
        sa.Column("whole_word", Int, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filter_keywords")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_filter_keywords_account_id_id", "filter_keywords", ["account_id", "id"], unique=False
    )
    op.create_index(
        "ix_filter_keywords_filter_id_id", "filter_keywords", ["filter_id", "id"], unique=False
    )
    op.create_table(
        "filter_posts",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("filter_id", Int, server_default="0", nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("post_id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filter_posts")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_filter_posts_account_id_id", "filter_posts", ["account_id", "id"], unique=False
    )
    op.create_index("ix_filter_posts_post_id", "filter_posts", ["post_id"], unique=False)
    op.create_index(
        "uq_filter_posts_filter_id_post_id", "filter_posts", ["filter_id", "post_id"], unique=True
    )
    op.create_table(
        "filters",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("contexts", Int, server_default="0", nullable=False),
        sa.Column("action", Int, server_default="0", nullable=False),
        sa.Column("expires_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filters")),
        sqlite_strict=True,
    )
    op.create_index("ix_filters_account_id_id", "filters", ["account_id", "id"], unique=False)
    op.add_column("users", sa.Column("filters_version", Int, server_default="0", nullable=False))
