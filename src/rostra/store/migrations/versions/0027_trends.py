"""Trends, and the daily uses of hashtags."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# The last seven days of those hashtags that are used already. An id is milliseconds << 20, and
# the number below seven days of them.
_USES = """
    INSERT INTO trend_uses (kind, subject_id, day, account_id, uses)
    SELECT 0, used.tag_id, (used.post_id >> 20) / 86400000, used.account_id, count(*)
    FROM post_tags AS used JOIN accounts ON accounts.id = used.account_id
    WHERE used.visibility = 0 AND accounts.state = 0
        AND used.post_id >= (SELECT coalesce(max(post_id), 0) FROM post_tags) - 634178764800000
    GROUP BY 2, 3, 4
"""
_DAYS = """
    INSERT INTO trend_days (kind, subject_id, day, uses, accounts)
    SELECT kind, subject_id, day, sum(uses), count(*) FROM trend_uses
    GROUP BY kind, subject_id, day
"""


def _table(name: str, parts: tuple[str, ...], numbers: tuple[str, ...]) -> None:
    op.create_table(
        name,
        *(sa.Column(part, Int, autoincrement=False, nullable=False) for part in parts),
        *(sa.Column(number, Int, server_default="0", nullable=False) for number in numbers),
        sa.PrimaryKeyConstraint(*parts, name=op.f(f"pk_{name}")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    """Apply."""
    _table("trend_uses", ("kind", "subject_id", "day", "account_id"), ("uses", "hour"))
    op.create_index("ix_trend_uses_day_account_id", "trend_uses", ["day", "account_id"])
    _table("trend_days", ("kind", "subject_id", "day"), ("uses", "accounts"))
    op.create_index("ix_trend_days_day", "trend_days", ["day"])
    _table("trend_hours", ("kind", "subject_id", "hour"), ("accounts",))
    op.create_index("ix_trend_hours_kind_hour", "trend_hours", ["kind", "hour"])
    _table("trends", ("kind", "subject_id"), ("score", "accounts", "decision", "decided_at"))
    op.create_index("ix_trends_kind_score", "trends", ["kind", "score"])
    op.execute(_USES)
    op.execute(_DAYS)
