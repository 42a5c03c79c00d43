"""Stored files, whoever they belong to: withheld, shown again, and deleted wherever they lie."""
