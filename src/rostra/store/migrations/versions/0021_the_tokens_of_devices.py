"""Devices are told the token that they subscribed with."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those that are there are told it once they subscribe again, which apps do at each start."""
    op.add_column(
        "push_subscriptions",
        sa.Column("sealed_token", sa.Text(), server_default="", nullable=False),
    )
