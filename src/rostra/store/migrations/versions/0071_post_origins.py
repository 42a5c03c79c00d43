"""post origins."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "post_origins",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("post_id", Int, server_default="0", nullable=False),
        sa.Column("gone", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "origin", name=op.f("pk_post_origins")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_post_origins_post_id", "post_origins", ["post_id"])
