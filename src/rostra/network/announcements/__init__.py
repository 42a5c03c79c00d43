"""Announcements: what operators tell everybody here, read or not, with reactions."""
