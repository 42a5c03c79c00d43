"""Lists, and follows that stay out of home because of them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "lists",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("replies_policy", Int, server_default="1", nullable=False),
        sa.Column("exclusive", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        sqlite_strict=True,
    )
    op.create_index("ix_lists_account_id_id", "lists", ["account_id", "id"], unique=False)
    op.create_table(
        "list_accounts",
        sa.Column("list_id", Int, autoincrement=False, nullable=False),
        sa.Column("target_id", Int, autoincrement=False, nullable=False),
        sa.Column("id", Int, server_default="0", nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("list_id", "target_id", name=op.f("pk_list_accounts")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_list_accounts_list_id_id", "list_accounts", ["list_id", "id"], unique=False)
    op.create_index("ix_list_accounts_target_id", "list_accounts", ["target_id"], unique=False)
    op.create_index(
        "ix_list_accounts_account_id_target_id",
        "list_accounts",
        ["account_id", "target_id"],
        unique=False,
    )
    op.add_column("follows", sa.Column("out_of_home", Int, server_default="0", nullable=False))
