"""Made-up places: written into a database in bulk, for the demo and for the benches."""
