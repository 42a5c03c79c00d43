"""Suggested accounts that members do not want to see."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "suggestion_dismissals",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("target_id", Int, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "target_id", name=op.f("pk_suggestion_dismissals")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_suggestion_dismissals_target_id", "suggestion_dismissals", ["target_id"], unique=False
    )
