"""When members leave."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Everybody stays."""
    op.add_column("users", sa.Column("leaves_at", Int, server_default="0", nullable=False))
