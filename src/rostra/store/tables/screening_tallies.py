"""How signals do, counted by the day: scores, time, whether people agreed."""

from sqlalchemy import Column, Text

from rostra.store.tables.base import clustered, key, number, part, table

# Counts alone: nothing tells which words they are of, and they stay when the words go.
screening_tallies = clustered(
    "screening_tallies",
    part("day"),  # UTC ms at which it begins
    Column("signal", Text, primary_key=True),  # empty: all of them together
    Column("version", Text, primary_key=True),
    part("measure"),  # a `Measure`
    Column("harm", Text, primary_key=True),
    part("bucket"),
    number("count"),
)

# One row for judgements (1), one for decisions (2): how far they are counted.
screening_tally_heads = table("screening_tally_heads", key(), number("counted_id"))
