"""Terms that are accepted anew, or not."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Versions so far bind members."""
    op.add_column("terms", sa.Column("consent", Int, server_default="1", nullable=False))
