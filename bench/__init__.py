"""Repeatable measurements; `make bench`, or each part by itself."""
