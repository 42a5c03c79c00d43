"""Rules that are tried on the past."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, Int, server_default="0", nullable=False)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "rule_tryouts",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        _number("rule_id"),
        _number("version"),
        _text("source"),
        _number("against"),
        _text("against_source"),
        *map(_number, ("since", "until", "state", "total", "done")),
        _text("result"),
        _text("failure"),
        *map(_number, ("actor_id", "ended_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_tryouts")),
        sqlite_strict=True,
    )
    op.create_index("ix_rule_tryouts_rule_id_id", "rule_tryouts", ["rule_id", "id"])
    op.create_index(
        "ix_rule_tryouts_state",
        "rule_tryouts",
        ["state"],
        sqlite_where=sa.text("state < 2"),
        postgresql_where=sa.text("state < 2"),
    )
