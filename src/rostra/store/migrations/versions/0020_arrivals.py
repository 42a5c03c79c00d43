"""Posts on their way into homes, and an index of whom a post reaches."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nothing is on its way."""
    op.create_table(
        "arrivals",
        sa.Column("post_id", Int, autoincrement=False, nullable=False),
        sa.Column("author_id", Int, server_default="0", nullable=False),
        sa.Column("reblog_of_id", Int, server_default="0", nullable=False),
        sa.Column("original_author_id", Int, server_default="0", nullable=False),
        sa.Column("answered_id", Int, server_default="0", nullable=False),
        sa.Column("visibility", Int, server_default="0", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_arrivals")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_follows_reach",
        "follows",
        ["target_id", "account_id", "out_of_home", "show_reblogs", "languages"],
    )
