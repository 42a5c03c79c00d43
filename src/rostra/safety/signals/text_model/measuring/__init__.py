"""How good a trained file is: on texts with labels, by group, on contrasts, and how fast."""
