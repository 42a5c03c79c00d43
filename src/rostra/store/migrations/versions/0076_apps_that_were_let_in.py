"""apps that were let in."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply. Those of tokens of members, and those that posts name, have been."""
    op.add_column("oauth_apps", sa.Column("used_at", Int, server_default="0", nullable=False))
    op.execute(
        "UPDATE oauth_apps SET used_at = created_at"
        " WHERE id IN (SELECT app_id FROM oauth_tokens WHERE account_id <> 0)"
        " OR id IN (SELECT DISTINCT app_id FROM post_texts)"
    )
    unused = sa.text("used_at = 0")
    op.create_index(
        "ix_oauth_apps_unused",
        "oauth_apps",
        ["created_at"],
        sqlite_where=unused,
        postgresql_where=unused,
    )
