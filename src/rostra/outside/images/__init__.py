"""Pictures: uploads become variants that are re-encoded and free of metadata.

Nothing is imported here: a child would pay for what only its parent needs.
"""
