"""What operators say of the publishers of links that trend."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nothing has been said of any publisher yet."""
    op.create_table(
        "trend_publishers",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("decision", Int, server_default="0", nullable=False),
        sa.Column("decided_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_trend_publishers")),
        sqlite_strict=True,
    )
    op.add_column("trends", sa.Column("of_publisher", Int, server_default="0", nullable=False))
