"""Announcements."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _part(name: str) -> sa.Column[int]:
    return sa.Column(name, Int, autoincrement=False, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, Int, server_default="0", nullable=False)


def upgrade() -> None:
    """There are none."""
    op.create_table(
        "announcements",
        _part("id"),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        _number("starts_at"),
        _number("ends_at"),
        _number("all_day"),
        _number("publish_at"),
        _number("over_at"),
        _number("edited_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sqlite_strict=True,
    )
    op.create_index("ix_announcements_publish_at", "announcements", ["publish_at"], unique=False)
    op.create_table(
        "announcement_reads",
        _part("announcement_id"),
        _part("account_id"),
        sa.PrimaryKeyConstraint(
            "announcement_id", "account_id", name=op.f("pk_announcement_reads")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_announcement_reads_account_id", "announcement_reads", ["account_id"], unique=False
    )
    op.create_table(
        "announcement_reactions",
        _part("announcement_id"),
        sa.Column("name", sa.Text(), nullable=False),
        _number("count"),
        _number("created_at"),
        sa.PrimaryKeyConstraint("announcement_id", "name", name=op.f("pk_announcement_reactions")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "announcement_reactors",
        _part("announcement_id"),
        _part("account_id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "announcement_id", "account_id", "name", name=op.f("pk_announcement_reactors")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_announcement_reactors_account_id", "announcement_reactors", ["account_id"], unique=False
    )
