"""webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _number(name: str, default: int = 0) -> "sa.Column[int]":
    return sa.Column(name, Int, server_default=str(default), nullable=False)


def _text(name: str, default: str = "") -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "webhooks",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        _text("url"),
        _text("events", "[]"),
        _number("with_content"),
        _number("enabled", 1),
        _text("ended_why"),
        _number("generation", 1),
        _number("rotated_at"),
        _number("skipped_count"),
        _number("created_by"),
        _number("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sqlite_strict=True,
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        _number("webhook_id"),
        _text("event"),
        _text("object", "{}"),
        _number("state"),
        _number("attempts"),
        _number("status"),
        _text("failure"),
        _number("created_at"),
        _number("tried_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sqlite_strict=True,
    )
    table = "webhook_deliveries"
    op.create_index(f"ix_{table}_webhook_id_id", table, ["webhook_id", "id"])
    op.create_index(f"ix_{table}_created_at", table, ["created_at"])
    waiting = sa.text("state = 0")
    op.create_index(
        f"ix_{table}_waiting",
        table,
        ["webhook_id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
