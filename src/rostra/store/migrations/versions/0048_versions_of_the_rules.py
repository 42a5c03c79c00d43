"""versions of the rules."""

import json
import time

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_RULES = "SELECT id, text, hint FROM rules ORDER BY position, id"


def upgrade() -> None:
    """Apply. The rules that there are become the first version."""
    versions = op.create_table(
        "rule_versions",
        sa.Column("number", Int, autoincrement=False, nullable=False),
        sa.Column("rules", sa.Text(), server_default="[]", nullable=False),
        sa.Column("created_at", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rule_versions")),
        sqlite_strict=True,
    )
    op.add_column("decisions", sa.Column("clause_version", Int, server_default="0", nullable=False))
    if op.get_context().as_sql:
        return
    found = op.get_bind().execute(sa.text(_RULES)).fetchall()
    if found:
        rules = [{"id": row[0], "text": row[1], "hint": row[2]} for row in found]
        row = {"number": 1, "rules": json.dumps(rules), "created_at": int(time.time() * 1000)}
        op.bulk_insert(versions, [row])
