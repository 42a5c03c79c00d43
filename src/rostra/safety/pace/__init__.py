"""How moderation keeps pace, and what it does when it does not."""
