"""Lists of accounts that a member keeps, and the timelines they make."""
