"""Signals: what judges a text, a picture, a link or an account, and what it is given."""
