"""Members' archives."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One at a time for each member."""
    op.create_table(
        "archives",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("state", Int, server_default="0", nullable=False),
        sa.Column("blob_key", sa.Text(), server_default="", nullable=False),
        sa.Column("size", Int, server_default="0", nullable=False),
        sa.Column("requested_at", Int, server_default="0", nullable=False),
        sa.Column("touched_at", Int, server_default="0", nullable=False),
        sa.Column("ready_at", Int, server_default="0", nullable=False),
        sa.Column("expires_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archives")),
        sqlite_strict=True,
    )
    op.create_index("uq_archives_account_id", "archives", ["account_id"], unique=True)
    op.create_index("ix_archives_expires_at", "archives", ["expires_at"], unique=False)
