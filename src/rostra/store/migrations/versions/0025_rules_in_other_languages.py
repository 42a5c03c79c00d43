"""Rules in other languages."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """There are none."""
    op.create_table(
        "rule_translations",
        sa.Column("rule_id", Int, autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("hint", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "language", name=op.f("pk_rule_translations")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
