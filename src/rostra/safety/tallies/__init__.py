"""How signals do, counted by the day: what they find, how long that takes, who agrees."""
