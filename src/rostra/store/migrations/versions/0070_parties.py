"""parties."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "parties",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("second", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("rehearsed_at", Int, server_default="0", nullable=False),
        sa.Column("noted_at", Int, server_default="0", nullable=False),
        sa.Column("noted_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("kind", "party", name=op.f("pk_parties")),
        sqlite_strict=True,
    )
