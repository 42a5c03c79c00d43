"""Policies for notifications."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "notification_policies",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("for_not_following", Int, server_default="0", nullable=False),
        sa.Column("for_not_followers", Int, server_default="0", nullable=False),
        sa.Column("for_new_accounts", Int, server_default="0", nullable=False),
        sa.Column("for_private_mentions", Int, server_default="0", nullable=False),
        sa.Column("for_limited_accounts", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_notification_policies")),
        sqlite_strict=True,
    )
    op.create_table(
        "notification_permissions",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("from_account_id", Int, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "account_id", "from_account_id", name=op.f("pk_notification_permissions")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_notification_permissions_from_account_id",
        "notification_permissions",
        ["from_account_id"],
        unique=False,
    )
    op.add_column("notifications", sa.Column("set_aside", Int, server_default="0", nullable=False))
    op.create_index(
        "ix_notifications_set_aside",
        "notifications",
        ["account_id", "from_account_id", "id"],
        unique=False,
        sqlite_where=sa.text("set_aside = 1"),
        postgresql_where=sa.text("set_aside = 1"),
    )
