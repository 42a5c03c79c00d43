"""One migration history for both databases, each step written with Alembic's operations."""
