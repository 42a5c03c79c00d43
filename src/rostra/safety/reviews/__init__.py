"""Second looks: a blind sample of what was decided and of what passed, to see how often it fits."""
