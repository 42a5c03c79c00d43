"""what nothing uses."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_table("report_contacts")
    op.drop_table("outside_reports")
    op.drop_column("reports", "told_at")
    op.drop_column("decisions", "seal")
