"""slowed accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    numbers = ("posts", "per_ms", "ends_at", "began_at", "posted")
    op.create_table(
        "slowed_accounts",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        *(sa.Column(name, Int, server_default="0", nullable=False) for name in numbers),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_slowed_accounts")),
        sqlite_strict=True,
    )
