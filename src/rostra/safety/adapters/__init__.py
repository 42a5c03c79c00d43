"""Adapters: programs elsewhere that are asked about posts after they are published."""
