"""Rules of the team: a small language, checked before use, tried on the past, then switched on."""
