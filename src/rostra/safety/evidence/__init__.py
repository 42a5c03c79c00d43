"""What was reported, kept as it was seen: for an end, for those who may open it, with a log."""
