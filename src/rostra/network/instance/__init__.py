"""The place itself: what operators set at run time, rules, terms, custom emoji, invites."""
