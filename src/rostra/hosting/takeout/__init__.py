"""A whole network as plain files: out of one database, into another."""
