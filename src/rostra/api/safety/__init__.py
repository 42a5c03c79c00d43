"""Moderation for programs: everything that the console does. Under `/api/rostra/v1/safety/`."""
