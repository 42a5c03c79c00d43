"""banks of hashes."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _number(name: str, default: int = 0) -> "sa.Column[int]":
    return sa.Column(name, Int, server_default=str(default), nullable=False)


def _text(name: str, default: str = "") -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _id(name: str = "id") -> "sa.Column[int]":
    return sa.Column(name, Int, autoincrement=False, nullable=False)


def upgrade() -> None:
    """Apply."""
    op.add_column("media", _text("digest"))
    _banks()
    _matches()
    op.create_table(
        "hash_look_backs",
        _id(),
        _number("bank_id"),
        _number("from_item"),
        _number("after"),
        _number("until"),
        _number("seen_count"),
        _number("total_count"),
        _number("found_count"),
        _number("state"),
        _number("started_by"),
        _number("started_at"),
        _number("ended_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hash_look_backs")),
        sqlite_strict=True,
    )
    op.create_index("ix_hash_look_backs_bank_id_id", "hash_look_backs", ["bank_id", "id"])


def _banks() -> None:
    op.create_table(
        "hash_banks",
        _id(),
        _text("name"),
        _number("category"),
        _text("wish", "look"),
        _text("note"),
        _number("enabled", 1),
        _number("share", 1000),
        _number("version"),
        _number("items_count"),
        _number("created_by"),
        _number("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hash_banks")),
        sqlite_strict=True,
    )
    op.create_index("uq_hash_banks_name", "hash_banks", ["name"], unique=True)
    op.create_table(
        "hash_bank_items",
        _id(),
        _number("bank_id"),
        _number("kind"),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        _text("note"),
        _text("reason"),
        _number("state"),
        _number("disabled_until"),
        _number("vetted_by"),
        _number("matches_count"),
        _number("matched_at"),
        _number("added_by"),
        _number("added_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hash_bank_items")),
        sqlite_strict=True,
    )
    table, not_on = "hash_bank_items", sa.text("state <> 0")
    op.create_index(
        f"uq_{table}_bank_id_kind_hash", table, ["bank_id", "kind", "hash"], unique=True
    )
    op.create_index(f"ix_{table}_bank_id_id", table, ["bank_id", "id"])
    op.create_index(
        f"ix_{table}_not_on", table, ["state"], sqlite_where=not_on, postgresql_where=not_on
    )


def _matches() -> None:
    table = "hash_matches"
    op.create_table(
        table,
        _id("item_id"),
        _id("media_id"),
        _number("bank_id"),
        _number("kind"),
        _number("account_id"),
        _number("post_id"),
        _number("distance"),
        _number("at"),
        sa.PrimaryKeyConstraint("item_id", "media_id", name=op.f("pk_hash_matches")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{table}_media_id", table, ["media_id"])
    op.create_index(f"ix_{table}_item_id_at", table, ["item_id", "at"])
    op.create_index(f"ix_{table}_bank_id_at", table, ["bank_id", "at"])
