"""The pages of the lifeboat: how the network stands, and what anybody may read of it."""
