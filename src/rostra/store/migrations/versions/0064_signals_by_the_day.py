"""how signals do, by the day."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "screening_tallies",
        sa.Column("day", Int, autoincrement=False, nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("measure", Int, autoincrement=False, nullable=False),
        sa.Column("harm", sa.Text(), nullable=False),
        sa.Column("bucket", Int, autoincrement=False, nullable=False),
        sa.Column("count", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "day",
            "signal",
            "version",
            "measure",
            "harm",
            "bucket",
            name=op.f("pk_screening_tallies"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "screening_tally_heads",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("counted_id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_tally_heads")),
        sqlite_strict=True,
    )
