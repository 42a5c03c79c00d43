"""lists for screening."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "screening_list_entries",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("list_id", Int, server_default="0", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("author_id", Int, server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("ends_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_list_entries")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_screening_list_entries_list_id_id",
        "screening_list_entries",
        ["list_id", "id"],
        unique=False,
    )
    op.create_index(
        "uq_screening_list_entries_list_id_text",
        "screening_list_entries",
        ["list_id", "text"],
        unique=True,
    )
    op.create_table(
        "screening_lists",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", Int, server_default="0", nullable=False),
        sa.Column("harm", sa.Text(), server_default="", nullable=False),
        sa.Column("score", Int, server_default="0", nullable=False),
        sa.Column("enabled", Int, server_default="0", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_by", Int, server_default="0", nullable=False),
        sa.Column("created_at", Int, server_default="0", nullable=False),
        sa.Column("changed_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_lists")),
        sqlite_strict=True,
    )
    op.create_index("uq_screening_lists_name", "screening_lists", ["name"], unique=True)
