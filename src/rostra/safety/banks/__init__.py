"""Banks of hashes: pictures and files that somebody knows are found again. Machines only tell."""
