"""The ledger: a chain of hashes over decisions, so that nobody changes one unseen."""
