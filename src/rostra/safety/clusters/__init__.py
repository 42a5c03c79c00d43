"""Cases whose text or picture is nearly the same, so that one decision covers them."""
