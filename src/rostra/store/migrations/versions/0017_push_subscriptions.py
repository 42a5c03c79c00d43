"""Push subscriptions."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "push_keys",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_keys")),
        sqlite_strict=True,
    )
    op.create_table(
        "push_subscriptions",
        sa.Column("token_id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("endpoint", sa.Text(), server_default="", nullable=False),
        sa.Column("point", sa.LargeBinary(), nullable=False),
        sa.Column("auth", sa.LargeBinary(), nullable=False),
        sa.Column("standard", Int, server_default="0", nullable=False),
        sa.Column("alerts", sa.Text(), server_default="[]", nullable=False),
        sa.Column("policy", sa.Text(), server_default="all", nullable=False),
        sa.Column("created_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_push_subscriptions")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_push_subscriptions_account_id", "push_subscriptions", ["account_id"], unique=False
    )
