"""Posts: who may see them, and every verb that changes them."""
