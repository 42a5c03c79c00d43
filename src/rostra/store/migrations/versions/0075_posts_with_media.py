"""posts with media."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with_media = sa.text("media_count > 0")
    for name, first in (
        ("ix_posts_with_media", "visibility"),
        ("ix_posts_account_with_media", "account_id"),
    ):
        op.create_index(
            name, "posts", [first, "id"], sqlite_where=with_media, postgresql_where=with_media
        )
