"""entries without their vowels."""

from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

# Scripts with vowels or voices that are marks: Syriac to Vedic, Kana, Saurashtra to Meetei Mayek.
_SCRIPTS = "\u0700-\u1cff\u3040-\u30ff\ua880-\uabff"
_REASON = "Kept without its vowel signs by an earlier version: write it anew. "
_END = """
UPDATE screening_list_entries SET ends_at = 1, reason = substr('{reason}' || reason, 1, 500)
WHERE list_id IN (SELECT id FROM screening_lists WHERE kind IN (0, 1)) AND text {test}
"""


def upgrade() -> None:
    """Apply.

    Phrases were kept without the marks in them, so nobody knows what was meant. They stay, are
    looked for no more, and say why.
    """
    sqlite = op.get_context().dialect.name == "sqlite"
    test = f"GLOB '*[{_SCRIPTS}]*'" if sqlite else f"~ '[{_SCRIPTS}]'"
    op.execute(_END.format(reason=_REASON, test=test))
