"""Video and audio: what an attachment waits for, and what is known of what plays."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_NUMBERS = ("state", "duration_ms", "bitrate", "audio_rate", "audio_channels")
_TEXTS = ("failure", "upload_key", "container", "frame_rate")


def upgrade() -> None:
    """Apply."""
    for name in _NUMBERS:
        op.add_column("media", sa.Column(name, Int, server_default="0", nullable=False))
    for name in _TEXTS:
        op.add_column("media", sa.Column(name, sa.Text(), server_default="", nullable=False))
