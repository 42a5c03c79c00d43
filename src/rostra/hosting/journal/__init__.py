"""The journal: what must not come back by an old copy, kept at the places and replayed."""
