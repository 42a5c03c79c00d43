"""posts by link."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_index("ix_post_cards_card_id", table_name="post_cards")
    op.create_index("ix_post_cards_card_id_post_id", "post_cards", ["card_id", "post_id"])
