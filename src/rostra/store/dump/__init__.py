"""Every row of a database of either kind, out and in: in order, in batches, exactly."""
