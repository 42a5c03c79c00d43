"""Who came by an invitation is found by it."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index over what is there."""
    op.create_index("ix_users_invite_id", "users", ["invite_id"], unique=False)
