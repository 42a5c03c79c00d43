"""What live rules ask for is done by decisions; what they hold is counted until it is settled."""
