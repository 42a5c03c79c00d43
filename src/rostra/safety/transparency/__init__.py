"""Transparency: statements of reasons for the EU's database, reports in figures, evidence."""
