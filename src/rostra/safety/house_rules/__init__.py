"""Rules of the house in the hands of the team: their versions, and what members are told."""
