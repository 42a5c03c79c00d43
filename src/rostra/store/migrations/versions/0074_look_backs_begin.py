"""look backs begin."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply. Those that have looked at something have begun."""
    op.add_column("hash_look_backs", sa.Column("begun_at", Int, server_default="0", nullable=False))
    op.execute("UPDATE hash_look_backs SET begun_at = started_at WHERE seen_count > 0")
