"""Followed and featured hashtags, and endorsed accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _pairs(name: str, second: str) -> None:
    """A clustered table of an account and something of which it has many, each with an id."""
    op.create_table(
        name,
        sa.Column("account_id", Int, autoincrement=False, nullable=False),
        sa.Column(second, Int, autoincrement=False, nullable=False),
        sa.Column("id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", second, name=op.f(f"pk_{name}")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{name}_account_id_id", name, ["account_id", "id"], unique=False)
    op.create_index(f"ix_{name}_{second}", name, [second], unique=False)


def upgrade() -> None:
    """Apply."""
    _pairs("tag_follows", "tag_id")
    _pairs("endorsements", "target_id")
    op.create_table(
        "featured_tags",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("account_id", Int, server_default="0", nullable=False),
        sa.Column("tag_id", Int, server_default="0", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_featured_tags")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_featured_tags_account_id_tag_id",
        "featured_tags",
        ["account_id", "tag_id"],
        unique=True,
    )
    op.create_index("ix_featured_tags_tag_id", "featured_tags", ["tag_id"], unique=False)
    op.add_column("users", sa.Column("followed_tags", Int, server_default="0", nullable=False))
    op.add_column("post_tags", sa.Column("visibility", Int, server_default="0", nullable=False))
    op.execute(
        "UPDATE post_tags SET visibility = posts.visibility FROM posts"
        " WHERE posts.id = post_tags.post_id AND posts.visibility > 0"
    )
    op.create_index(
        "ix_post_tags_account_id_tag_id_visibility_post_id",
        "post_tags",
        ["account_id", "tag_id", "visibility", "post_id"],
        unique=False,
    )
