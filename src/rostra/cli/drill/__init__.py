"""`rostra drill`: the command, and how a restored network is tried."""
