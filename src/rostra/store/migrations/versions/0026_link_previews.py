"""Previews of links, members whom sites name as authors, and how often a domain was called."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_TEXTS = (
    *("address", "url", "title", "description", "language", "author_name", "author_url"),
    *("provider_name", "provider_url", "frame_url", "image_key", "image_description", "blurhash"),
)
_NUMBERS = (
    *("owner_id", "state", "author_account_id", "width", "height", "published_at", "fetched_at"),
    "created_at",
)


def upgrade() -> None:
    """Nothing has been fetched, and nobody has allowed any site yet."""
    op.create_table(
        "cards",
        sa.Column("id", Int, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), server_default="link", nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in _TEXTS),
        *(sa.Column(name, Int, server_default="0", nullable=False) for name in _NUMBERS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sqlite_strict=True,
    )
    op.create_index("uq_cards_address_owner_id", "cards", ["address", "owner_id"], unique=True)
    op.create_index("ix_cards_author_account_id", "cards", ["author_account_id", "id"])
    op.create_table(
        "post_cards",
        sa.Column("post_id", Int, autoincrement=False, nullable=False),
        sa.Column("card_id", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_cards")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_post_cards_card_id", "post_cards", ["card_id"])
    op.create_table(
        "called_domains",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("minute", Int, server_default="0", nullable=False),
        sa.Column("calls", Int, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_called_domains")),
        sqlite_strict=True,
    )
    op.create_index("ix_called_domains_minute", "called_domains", ["minute"])
    op.add_column(
        "profiles",
        sa.Column("attribution_domains", sa.Text(), server_default="[]", nullable=False),
    )
