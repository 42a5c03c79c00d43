"""What members bring in from elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The last import of each kind, its lines, and what they named."""
    op.create_table(
        "imports",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("kind", Int, server_default="0", nullable=False),
        sa.Column("state", Int, server_default="0", nullable=False),
        sa.Column("replaces", Int, server_default="0", nullable=False),
        sa.Column("file_name", sa.Text(), server_default="", nullable=False),
        sa.Column("seems", Int, server_default="0", nullable=False),
        sa.Column("total", Int, server_default="0", nullable=False),
        sa.Column("chunks", Int, server_default="0", nullable=False),
        sa.Column("phase", Int, server_default="0", nullable=False),
        sa.Column("place", Int, server_default="0", nullable=False),
        sa.Column("behind", Int, server_default="0", nullable=False),
        sa.Column("made", Int, server_default="0", nullable=False),
        sa.Column("same", Int, server_default="0", nullable=False),
        sa.Column("asked", Int, server_default="0", nullable=False),
        sa.Column("failed", Int, server_default="0", nullable=False),
        sa.Column("removed", Int, server_default="0", nullable=False),
        sa.Column("day_from", Int, server_default="0", nullable=False),
        sa.Column("in_day", Int, server_default="0", nullable=False),
        sa.Column("waits_until", Int, server_default="0", nullable=False),
        sa.Column("created_at", Int, server_default="0", nullable=False),
        sa.Column("ended_at", Int, server_default="0", nullable=False),
        sa.Column("expires_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sqlite_strict=True,
    )
    op.create_index("uq_imports_account_id_kind", "imports", ["account_id", "kind"], unique=True)
    op.create_index("ix_imports_expires_at", "imports", ["expires_at"], unique=False)
    op.create_table(
        "import_chunks",
        sa.Column("import_id", Int, autoincrement=False, nullable=False),
        sa.Column("place", Int, autoincrement=False, nullable=False),
        sa.Column("lines", sa.Text(), server_default="", nullable=False),
        sa.Column("failed", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_import_chunks")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_kept",
        sa.Column("import_id", Int, autoincrement=False, nullable=False),
        sa.Column("home_id", Int, autoincrement=False, nullable=False),
        sa.Column("thing_id", Int, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("import_id", "home_id", "thing_id", name=op.f("pk_import_kept")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
