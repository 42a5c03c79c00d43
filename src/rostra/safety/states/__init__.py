"""Which versions of what screening goes by are in force, so that each process may hold them."""
