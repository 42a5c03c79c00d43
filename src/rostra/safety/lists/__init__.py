"""Named lists of the team: phrases, words, patterns, domains; what is found of them in a text."""
