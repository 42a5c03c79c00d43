"""second looks."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBERS = """post_id account_id sort decision_id category decided_by score sampled_at view viewed_as
    viewed_by viewed_at"""


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, Int, server_default="0", nullable=False)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reviews",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        *map(_number, NUMBERS.split()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sqlite_strict=True,
    )
    still_open = sa.text("view = 0")
    op.create_index("uq_reviews_post_id", "reviews", ["post_id"], unique=True)
    op.create_index(
        "ix_reviews_open", "reviews", ["id"], sqlite_where=still_open, postgresql_where=still_open
    )
    op.create_index("ix_reviews_sampled_at", "reviews", ["sampled_at"])
