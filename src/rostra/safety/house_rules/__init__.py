"""Rules of the house in the hands of the team: what members are told about them."""
