"""What members are told of decisions about them, and by which ways it reaches them."""
