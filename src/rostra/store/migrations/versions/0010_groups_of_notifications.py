"""Groups of notifications."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index(
        "ix_notifications_account_id_group_key_id",
        "notifications",
        ["account_id", "group_key", "id"],
        unique=False,
    )
