"""Notifications lie beside each other by whom they tell."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COLUMNS = "account_id, id, kind, from_account_id, post_id, group_key, set_aside"
_INDEXES = {
    "uq_notifications_what": ["account_id", "from_account_id", "kind", "post_id"],
    "ix_notifications_account_id_group_key_id": ["account_id", "group_key", "id"],
    "ix_notifications_post_id": ["post_id"],
    "ix_notifications_from_account_id": ["from_account_id"],
}


def upgrade() -> None:
    """The same rows, in another order."""
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint("pk_notifications", "notifications")
        op.create_primary_key("pk_notifications", "notifications", ["account_id", "id"])
        op.drop_index("ix_notifications_account_id_id")
        return
    op.rename_table("notifications", "old_notifications")
    for name in (*_INDEXES, "ix_notifications_account_id_id", "ix_notifications_set_aside"):
        op.drop_index(name)
    op.create_table(
        "notifications",
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("from_account_id", Int, server_default="0", nullable=False),
        sa.Column("post_id", Int, server_default="0", nullable=False),
        sa.Column("group_key", sa.Text(), server_default="", nullable=False),
        sa.Column("set_aside", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_notifications")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute(
        f"INSERT INTO notifications ({_COLUMNS}) "  # noqa: S608 (a constant)
        f"SELECT {_COLUMNS} FROM old_notifications ORDER BY account_id, id"
    )
    op.drop_table("old_notifications")
    for name, columns in _INDEXES.items():
        op.create_index(name, "notifications", columns, unique=name.startswith("uq_"))
    op.create_index(
        "ix_notifications_set_aside",
        "notifications",
        ["account_id", "from_account_id", "id"],
        sqlite_where=sa.text("set_aside = 1"),
    )
