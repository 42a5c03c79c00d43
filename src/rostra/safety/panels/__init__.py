"""Panels: invited members see a case without names, and vote alone."""
