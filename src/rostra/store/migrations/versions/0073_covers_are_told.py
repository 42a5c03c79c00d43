"""covers are told."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What covers of before look like is not known."""
    for name in ("cover_look", "cover_digest"):
        op.add_column("media", sa.Column(name, sa.Text(), server_default="", nullable=False))
