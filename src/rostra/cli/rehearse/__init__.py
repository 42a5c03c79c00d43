"""The rehearsal: a week such as Parler's, made up, against the moderation of this program."""
