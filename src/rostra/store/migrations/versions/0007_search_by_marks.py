"""Search: tokens are cut and folded by us alone, and carry marks. Everything is indexed anew."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SEARCH = {
    "sqlite": (
        "DROP TABLE post_search",
        "DROP TABLE account_search",
        # Every character beyond ASCII is part of a token, whatever a release knows of Unicode.
        "CREATE VIRTUAL TABLE post_search USING fts5(text, tokenize = 'ascii')",
        """CREATE VIRTUAL TABLE account_search USING fts5(
            names, tokenize = 'ascii', prefix = '1 2 3')""",
        "INSERT INTO post_search (post_search, rank) VALUES ('secure-delete', 1)",
        "INSERT INTO account_search (account_search, rank) VALUES ('secure-delete', 1)",
    ),
    "postgresql": (
        "TRUNCATE post_search, account_search",
        # What waits to be sorted in is read by every search: let it not grow.
        "ALTER INDEX ix_post_search_document SET (gin_pending_list_limit = 256)",
    ),
}
# The job that fills the index: one alone, whatever its number.
_REBUILD = """INSERT INTO jobs (id, kind, payload)
    SELECT 2, 'search.rebuild', '{}' WHERE EXISTS (SELECT 1 FROM accounts)"""


def upgrade() -> None:
    """Apply."""
    for statement in _SEARCH[op.get_context().dialect.name]:
        op.execute(statement)
    op.execute(_REBUILD)
