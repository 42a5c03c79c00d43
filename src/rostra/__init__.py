"""Rostra: a social network server for people who run a community and must not lose it."""

__version__ = "0.1.0"
