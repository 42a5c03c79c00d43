"""The one record of what was decided, what it restricts, and how it is taken back."""
