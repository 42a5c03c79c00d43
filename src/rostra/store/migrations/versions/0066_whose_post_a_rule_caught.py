"""whose post a rule caught."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    of = sa.Column("account_id", Int, server_default="0", nullable=False)
    op.add_column("screening_rule_catches", of)
    op.create_index(
        "ix_screening_rule_catches_rule_id_account_id_id",
        "screening_rule_catches",
        ["rule_id", "account_id", "id"],
    )
