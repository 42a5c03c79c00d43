"""Stores at other parties: which there are, what they do, and whether they do what they say."""
