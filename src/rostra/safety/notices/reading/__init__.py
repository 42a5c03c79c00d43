"""Reads a letter without knowing anything but the names of this place. Pure: nothing is fetched."""
