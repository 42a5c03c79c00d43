"""adapters."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, Int, server_default="0", nullable=False)


def _part(name: str) -> "sa.Column[int]":
    return sa.Column(name, Int, autoincrement=False, nullable=False)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "adapter_waiting",
        sa.Column("adapter", sa.Text(), nullable=False),
        _part("post_id"),
        _number("stamp"),
        _number("since"),
        _number("tries"),
        sa.PrimaryKeyConstraint("adapter", "post_id", name=op.f("pk_adapter_waiting")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_adapter_waiting_adapter_tries_post_id",
        "adapter_waiting",
        ["adapter", "tries", "post_id"],
    )
    op.create_index("ix_adapter_waiting_post_id", "adapter_waiting", ["post_id"])
    op.create_table(
        "adapter_circuits",
        sa.Column("adapter", sa.Text(), nullable=False),
        _number("failures"),
        _number("rests"),
        _number("retry_at"),
        sa.Column("failure", sa.Text(), server_default="", nullable=False),
        _number("failed_at"),
        _number("answered_at"),
        sa.PrimaryKeyConstraint("adapter", name=op.f("pk_adapter_circuits")),
        sqlite_strict=True,
    )
    op.create_table(
        "adapter_days",
        sa.Column("adapter", sa.Text(), nullable=False),
        _part("day"),
        *map(
            _number,
            ("answered", "late", "failed", "given_up", "skipped", "took_ms", "slowest_ms"),
        ),
        sa.PrimaryKeyConstraint("adapter", "day", name=op.f("pk_adapter_days")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
